import type { EntityName } from './entities.ts'
import { isEntityName } from './replace/entity-groups.ts'
import { fromPresidio } from './replace/presidio-names.ts'

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
      for (const line of text.slice(start, end).split(/[\r\n]+/)) {
        const value = line.trim()
        if (value !== '' && !told.has(value)) told.set(value, { entity: toldEntity(entity) ?? 'person_name', value })
      }
  return [...told.values()]
}
