import { hash } from 'node:crypto'
import type { ConnectionMasking } from './connection-masking.ts'
import { ENTITY_NAMES, type EntityId, type EntityName, findEntity } from './entities.ts'
import type { Thresholds } from './find/collector.ts'
import type { OwnLooked } from './patterns/own-detector.ts'
import { type Action, strictest } from './replace/actions.ts'
import { entitiesOf, factsOf } from './replace/entity-groups.ts'
import { DEFAULT_PROFILE, OUTBOUND_PROFILE } from './replace/profile.ts'
import { compilePath, lastLiteral, type PathPattern } from './structure/paths.ts'

/** What is hidden in one direction, and how: made once, and used for every message that it is about. */
export interface RuleSet {
  /** Names this very set in records. */
  readonly hash: string
  readonly thresholds: Thresholds
  /** By the id of a kind. */
  readonly actions: readonly Action[]
  readonly paths: readonly PathRule[]
  /** Words without which no message has one of the fields. */
  readonly pathWords: readonly string[]
  /** A field has no such word, so every message is read. */
  readonly readsAll: boolean
  /**
   * Whether the name of a key makes its value one of the kind. In what a client sends it does not by itself: tools take
   * passwords and tokens under just these names, and in definitions keys are names of arguments.
   */
  readonly byKey: (entity: EntityId) => boolean
}

export interface PathRule {
  readonly pattern: PathPattern
  readonly text: string
  readonly action: Action
}

/** One entry of a rule: kinds or fields, and what becomes of them. */
export interface Terms {
  readonly entities?: readonly string[] | undefined
  readonly fields?: readonly string[] | undefined
  readonly with: Action
}

/** Nothing but the profile. */
export const NO_TERMS: readonly Terms[] = []

/** What a kind needs to count where nobody named it, and where somebody did. */
const SCORE_OF_PROFILE = 0.6
const SCORE_OF_NAMED = 0.4

export interface RuleSetParts {
  readonly profile: ConnectionMasking['profile']
  /**
   * `results`: what a client gets. `arguments`: what a server gets. `record`: what a client said, as it is kept.
   * `definitions`: what a server says of its tools, which is pinned and must stay as it is: secrets in it are counted.
   */
  readonly side: 'results' | 'arguments' | 'record' | 'definitions'
  readonly terms: readonly Terms[]
  /** Kinds of the configuration, in the order of their ids, with their own action; undefined where one is not looked for here. */
  readonly own: readonly OwnLooked[]
}

export function makeRuleSet(parts: RuleSetParts): RuleSet {
  const drafts = [
    ...ENTITY_NAMES.map((name) => draftOf(name, parts)),
    ...parts.own.map((own, i) => ownDraft(own, i, parts.side)),
  ]
  const paths: PathRule[] = []
  const named = new Map<EntityId, Action>()
  for (const term of parts.terms) {
    for (const text of term.fields ?? []) {
      // What is to be shown is named exactly; what is to be hidden, rather too widely.
      const pattern = compilePath(text, { isExact: term.with === 'allow' })
      if (!('mistake' in pattern)) paths.push({ pattern, text, action: term.with })
    }
    for (const name of term.entities ?? []) nameEntity(name, term.with, { drafts, named, own: parts.own })
  }
  for (const [id, action] of named) {
    const draft = drafts[id]
    if (draft !== undefined) draft.action = storable(id, action, parts.side)
  }
  return {
    hash: hash('sha256', JSON.stringify([parts.side, drafts, paths.map(({ text, action }) => [text, action])])).slice(
      0,
      16,
    ),
    thresholds: Float64Array.from(drafts, ({ least }) => least ?? Infinity),
    actions: drafts.map(({ action }) => action),
    paths,
    pathWords: paths.flatMap(({ pattern }) => lastLiteral(pattern) ?? []),
    readsAll: paths.some(({ pattern }) => lastLiteral(pattern) === undefined),
    byKey: byKeyOf(parts.side, new Set([...named.keys(), ...ownInArguments(parts.own)])),
  }
}

interface Draft {
  /** Undefined: not looked for. */
  least: number | undefined
  action: Action
}

function draftOf(name: EntityName, { profile, side }: RuleSetParts): Draft {
  const id = findEntity(name) ?? -1
  // What a client said is kept for years: whatever the profile hides in results is not kept in clear text either.
  const table = side === 'arguments' ? OUTBOUND_PROFILE : DEFAULT_PROFILE
  const action = profile === 'off' ? 'allow' : table[name]
  if (side === 'definitions')
    return factsOf(name).isSecret ? { least: SCORE_OF_PROFILE, action: 'allow' } : { least: undefined, action: 'allow' }
  return action === 'allow'
    ? { least: undefined, action }
    : { least: SCORE_OF_PROFILE, action: storable(id, action, side) }
}

/** As personal data that is built in: hidden in what comes back and in what is kept; it goes out unless somebody says otherwise. */
function ownDraft(own: OwnLooked, index: number, side: RuleSetParts['side']): Draft {
  if (own.with === undefined || !isHiddenIn(side, own)) return { least: undefined, action: 'allow' }
  return { least: own.score, action: storable(ENTITY_NAMES.length + index, own.with, side) }
}

function isHiddenIn(side: RuleSetParts['side'], { with: action, in: ways }: OwnLooked): boolean {
  if (side === 'record') return true
  if (side === 'definitions') return false
  return ways === undefined ? side === 'results' || action === 'block' : ways.includes(side)
}

/** Kinds of which somebody said that they are hidden in arguments too. */
function ownInArguments(own: readonly OwnLooked[]): EntityId[] {
  return own.flatMap((one, i) => (one.in?.includes('arguments') === true ? [ENTITY_NAMES.length + i] : []))
}

interface Naming {
  readonly drafts: readonly Draft[]
  readonly named: Map<EntityId, Action>
  readonly own: RuleSetParts['own']
}

/** Several rules that name a kind hide it in the strictest of their ways; all of them come before the profile. */
function nameEntity(name: string, action: Action, { drafts, named, own }: Naming): void {
  const kinds = entitiesOf(name)
  const ownAt = own.findIndex((one) => one.name === name && one.with !== undefined)
  const ids =
    kinds === undefined
      ? ownAt < 0
        ? []
        : [ENTITY_NAMES.length + ownAt]
      : kinds.flatMap((kind) => findEntity(kind) ?? [])
  for (const id of ids) {
    const before = named.get(id)
    named.set(id, before === undefined ? action : strictest(before, action))
    const draft = drafts[id]
    // Whoever describes a kind says what it needs: a word of `near` is needed whether a rule names the kind or not.
    const least = kinds === undefined ? (own[ownAt]?.score ?? 1) : leastOf(ids)
    if (draft !== undefined) draft.least = Math.min(draft.least ?? 1, least)
  }
}

/** A kind that is named by itself counts in its bare form too; a whole group does not ask for that. */
function leastOf(ids: readonly EntityId[]): number {
  return ids.length === 1 ? SCORE_OF_NAMED : SCORE_OF_PROFILE
}

function byKeyOf(side: RuleSetParts['side'], named: ReadonlySet<EntityId>): (entity: EntityId) => boolean {
  switch (side) {
    case 'results':
    case 'record':
      return () => true
    case 'arguments':
      return (entity) => named.has(entity)
    case 'definitions':
      return () => false
  }
}

/**
 * Passwords, keys and the like are never kept, not even encrypted. And what a client said gets no surrogate: nobody may learn
 * by asking whether a guess is a value that it was shown in disguise.
 */
function storable(id: EntityId, action: Action, side: RuleSetParts['side']): Action {
  const name = ENTITY_NAMES[id]
  if (action === 'block' && side === 'record') return 'redact'
  if (action !== 'surrogate' && action !== 'partial') return action
  if (name !== undefined && factsOf(name).neverStored) return 'redact'
  if (side === 'results' || action === 'partial') return action
  return name === undefined || factsOf(name).lowEntropy ? 'redact' : 'hash'
}
