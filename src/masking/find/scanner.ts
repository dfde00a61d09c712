import { encodeUtf8 } from '../../base/bytes.ts'
import { ENTITY_NAMES, type EntityId, findEntity } from '../entities.ts'
import { buildDfa, type WordEnds } from '../scan/dfa.ts'
import { ScanMachine } from '../scan/machine.ts'
import type { WordDetector } from './finding.ts'
import { OUR_WORDS } from './ours.ts'

/** What a word of the automaton is for. */
export interface WordUse {
  /** Detectors that look closer where it stands, each with the place of the word in its list. */
  readonly detectors: readonly { readonly verify: WordDetector['verify']; readonly word: number }[]
  /** Kinds of values that it is a word of. */
  readonly contextOf: readonly EntityId[]
  /** It speaks against numbers near it. */
  readonly denies: boolean
  /** Something may be hidden by an encoding here. */
  readonly decodes: boolean
  /** A path rule ends with it. */
  readonly path: boolean
  /** It names a member whose value may be no text. */
  readonly binary: boolean
  /** It is a piece of what masking itself writes. */
  readonly ours: boolean
  readonly length: number
}

/** What the words that end in one place say without a closer look. */
export type WordMark = Pick<WordUse, 'contextOf' | 'decodes' | 'path'>

export const IS_MARKED = 1
export const IS_LOOKED_AT = 2
export const IS_OURS = 4
export const IS_BINARY = 8

/** Words of every kind in one automaton. */
export interface Scanner {
  readonly dfa: WordEnds
  readonly machine: ScanMachine
  /** By the index of the word in the automaton. */
  readonly uses: readonly WordUse[]
  /** By a state of the automaton less its first hit: what its words mark; undefined where they mark nothing. */
  readonly marksOf: readonly (WordMark | undefined)[]
  /** The same way: the words that detectors look closer at. */
  readonly verifyingOf: readonly (readonly number[] | undefined)[]
  /** The same way: IS_MARKED and the like, as far as its words are; 0 for most states. */
  readonly notes: Uint8Array
  /** The same way: the length of the longest word that ends there. */
  readonly lengthsOf: readonly number[]
  /** Kinds of values, those of users included. */
  readonly entities: readonly string[]
  /** By the id of a kind: whether what is looked through has a word of the kind. Scratch: `scanView` is its only writer. */
  readonly seen: Uint8Array
}

export interface ScannerParts {
  readonly detectors: readonly WordDetector[]
  readonly context: Readonly<Record<string, readonly string[]>>
  readonly deny: readonly string[]
  readonly decodeTriggers: readonly string[]
  readonly pathWords: readonly string[]
  readonly binaryWords: readonly string[]
  /** Names of users' own kinds; their ids follow those of ENTITY_NAMES. */
  readonly ownEntities: readonly string[]
}

/** Throws GatewayError where there are more words than the automaton may have. */
export function buildScanner(parts: ScannerParts): Scanner {
  const entities = [...ENTITY_NAMES, ...parts.ownEntities]
  const words = new Map<string, Draft>()
  const draft = (word: string): Draft => {
    // The automaton knows other letters than those of ASCII as they are written: their capitals are words of their own.
    const lower = word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    const known = words.get(lower)
    if (known !== undefined) return known
    const made: Draft = {
      detectors: [],
      contextOf: [],
      denies: false,
      decodes: false,
      path: false,
      binary: false,
      ours: false,
    }
    words.set(lower, made)
    return made
  }
  for (const { words: list, verify } of parts.detectors)
    list.forEach((word, index) => draft(word).detectors.push({ verify, word: index }))
  for (const [name, list] of Object.entries(parts.context)) {
    const entity = findEntity(name) ?? entities.indexOf(name)
    for (const word of list) if (entity >= 0) draft(word).contextOf.push(entity)
  }
  for (const word of parts.deny) draft(word).denies = true
  for (const word of parts.decodeTriggers) draft(word).decodes = true
  for (const word of parts.pathWords) draft(word).path = true
  for (const word of parts.binaryWords) draft(word).binary = true
  for (const word of OUR_WORDS) draft(word).ours = true
  const uses = [...words].map(([word, use]) => ({ ...use, length: encodeUtf8(word).length }))
  const built = buildDfa([...words.keys()])
  const { firstHit, hits, overlap } = built
  // The table is in the machine, and once is enough.
  const dfa = { firstHit, hits, overlap }
  return {
    dfa,
    machine: new ScanMachine(built),
    uses,
    entities,
    seen: new Uint8Array(entities.length),
    ...notedIn(dfa.hits, uses),
    lengthsOf: dfa.hits.map((ending) => Math.max(0, ...ending.map((word) => uses[word]?.length ?? 0))),
  }
}

function notedIn(hits: WordEnds['hits'], uses: readonly WordUse[]): Pick<Scanner, 'marksOf' | 'verifyingOf' | 'notes'> {
  const marks = hits.map((ending) => markOf(ending, uses))
  const verifying = hits.map((ending) => verifyingOf(ending, uses))
  const isOurs = (ending: readonly number[]): boolean => ending.some((word) => uses[word]?.ours === true)
  const isBinary = (ending: readonly number[]): boolean => ending.some((word) => uses[word]?.binary === true)
  const noteOf = (ending: readonly number[], i: number): number =>
    (marks[i] === undefined ? 0 : IS_MARKED) |
    (verifying[i] === undefined ? 0 : IS_LOOKED_AT) |
    (isOurs(ending) ? IS_OURS : 0) |
    (isBinary(ending) ? IS_BINARY : 0)
  return { marksOf: marks, verifyingOf: verifying, notes: Uint8Array.from(hits, noteOf) }
}

function markOf(ending: readonly number[], uses: readonly WordUse[]): WordMark | undefined {
  const here = ending.flatMap((word) => uses[word] ?? [])
  const contextOf = [...new Set(here.flatMap((use) => use.contextOf))]
  const decodes = here.some((use) => use.decodes)
  const path = here.some((use) => use.path)
  return contextOf.length > 0 || decodes || path ? { contextOf, decodes, path } : undefined
}

function verifyingOf(ending: readonly number[], uses: readonly WordUse[]): readonly number[] | undefined {
  const verifying = ending.filter((word) => (uses[word]?.detectors.length ?? 0) > 0)
  return verifying.length > 0 ? verifying : undefined
}

interface Draft {
  readonly detectors: { verify: WordDetector['verify']; word: number }[]
  readonly contextOf: EntityId[]
  denies: boolean
  decodes: boolean
  path: boolean
  binary: boolean
  ours: boolean
}
