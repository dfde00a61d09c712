import { type EntityName } from '../masking/entities.ts'
import { entitiesOf, ENTITY_WORDS, factsOf } from '../masking/replace/entity-groups.ts'
import { compilePath } from '../masking/structure/paths.ts'
import type { Sources, SourceRule } from './collect.ts'
import { suggest, type Mistake } from './mistake.ts'
import type { MaskEntry } from './policy-file.ts'
import type { ConnectionFacts } from './rule.ts'

interface Checked {
  readonly sources: Sources
  readonly connections: readonly ConnectionFacts[]
}

/** Mistakes of what is to be hidden: names of no kind of data, paths of nothing, and ways of hiding that would not hide. */
export function checkMasks({ sources, connections }: Checked): Mistake[] {
  const own = new Set(connections.flatMap(({ ownKinds }) => ownKinds ?? []))
  return sources.rules.flatMap((rule) =>
    (rule.entry.mask ?? []).flatMap((entry, i) => checkEntry(entry, { rule, i, own })),
  )
}

interface At {
  readonly rule: SourceRule
  readonly i: number
  readonly own: ReadonlySet<string>
}

function checkEntry(entry: MaskEntry, at: At): Mistake[] {
  const { document, path } = at.rule
  const here = [...path, 'mask', at.i]
  if (entry.entities === undefined && entry.fields === undefined)
    return [document.at(here, 'this says not what is hidden', 'entities: [email] or fields: ["*.password_hash"]')]
  const fields = (entry.fields ?? []).flatMap((field, k) => {
    const compiled = compilePath(field)
    return 'mistake' in compiled ? [document.at([...here, 'fields', k], compiled.mistake)] : []
  })
  return [...(entry.entities ?? []).flatMap((name, k) => checkKind(name, entry, { ...at, k })), ...fields]
}

function checkKind(name: string, entry: MaskEntry, { rule, i, k, own }: At & { readonly k: number }): Mistake[] {
  const { document, path } = rule
  const here = [...path, 'mask', i, 'entities', k]
  if (own.has(name)) return []
  const kinds = entitiesOf(name)
  if (kinds === undefined)
    return [document.at(here, `there is no kind of data "${name}"`, suggest(name, [...ENTITY_WORDS, ...own]))]
  const weak = kinds.find((kind) => isWeak(kind, entry))
  if (weak !== undefined) return [document.at([...path, 'mask', i, 'with'], ...whyNoHash(weak))]
  const open = kinds.find((kind) => factsOf(kind).isSecret)
  if (open !== undefined && entry.with === 'allow' && isOfResults(entry))
    return [document.at([...path, 'mask', i, 'with'], `${name} are never shown: nothing allows them in results`)]
  return []
}

function whyNoHash(kind: EntityName): [message: string, hint: string] {
  return factsOf(kind).isSecret
    ? [`hash is not for ${kind}: of secrets nothing is kept by which one could be told or guessed`, 'use redact']
    : [`hash would not hide ${kind}: all its values can be tried`, 'use surrogate, partial or redact']
}

function isWeak(kind: EntityName, entry: MaskEntry): boolean {
  const { lowEntropy, isSecret } = factsOf(kind)
  return entry.with === 'hash' && (lowEntropy || isSecret)
}

/** Where nothing is said, it is about what comes back. */
function isOfResults({ in: sides = ['results'] }: MaskEntry): boolean {
  return sides.includes('results')
}
