import type { EntityName } from './entities.ts'
import { isEntityName } from './replace/entity-groups.ts'
import { fromPresidio } from './replace/presidio-names.ts'
import { isFoundFurther } from './views/propagate.ts'

/** What an outside detector found in a text: from `start` up to `end`, in UTF-16 code units. */
export interface TextFinding {
  /** In the names of Presidio. */
  readonly entity: string
  readonly start: number
  readonly end: number
}

/** A value that somebody else found, and its kind. */
export interface Told {
  readonly entity: EntityName
  readonly value: string
  /** The lines that it was told of, where it is too short or too common to be hidden elsewhere too. */
  readonly lines?: readonly string[]
}

/** Names of services for what we call a postal address or a name, besides those that Presidio has. */
const OTHERS: ReadonlyMap<string, EntityName> = new Map<string, EntityName>([
  ['ADDRESS', 'postal_address'],
  ['STREET_ADDRESS', 'postal_address'],
  ['GPE', 'postal_address'],
  ['LOC', 'postal_address'],
  ['FAC', 'postal_address'],
  ['PER', 'person_name'],
  ['NAME', 'person_name'],
])

/** Our kind for the name that a service has for it; undefined where nobody knows it. */
export function toldEntity(name: string): EntityName | undefined {
  // `PERSON` is one kind to the service, and to policy a group of ours.
  const upper = name.toUpperCase()
  const lower = name.toLowerCase()
  return OTHERS.get(upper) ?? fromPresidio(upper) ?? (isEntityName(lower) ? lower : undefined)
}

/**
 * The values of findings, `findings[i]` being those of `texts[i]`, each once. A line is a text of its own, so a finding over
 * several is a value in each. What is of no kind of ours was asked for all the same, and is hidden as a name.
 */
export function toldOf(texts: readonly string[], findings: readonly (readonly TextFinding[])[]): readonly Told[] {
  const told = new Map<string, Told>()
  for (const [i, text] of texts.entries())
    for (const { entity, start, end } of findings[i] ?? [])
      for (const part of partsOf(text, start, end)) {
        const known = told.get(part.value) ?? { entity: toldEntity(entity) ?? 'person_name', value: part.value }
        told.set(part.value, isFoundFurther(part.value) ? known : withLine(known, part.line))
      }
  return [...told.values()]
}

/** What of a finding stands in each line, without blanks around it, and the line. */
function partsOf(text: string, start: number, end: number): { value: string; line: string }[] {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const lines = text.slice(from, next < 0 ? text.length : next).split(/[\r\n]/)
  let at = from
  return lines.flatMap((line) => {
    const value = line.slice(Math.max(0, start - at), Math.max(0, end - at)).trim()
    at += line.length + 1
    return value === '' ? [] : [{ value, line }]
  })
}

function withLine(told: Told, line: string): Told {
  const { lines = [] } = told
  return lines.includes(line) ? told : { ...told, lines: [...lines, line] }
}
