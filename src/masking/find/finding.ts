import type { EntityId } from '../entities.ts'
import type { View } from './view.ts'

/** How something was found. What was found by `key` or after it is searched for in the rest of the message too. */
export type FoundBy =
  | 'shape'
  | 'checksum'
  | 'prefix'
  | 'near'
  | 'structure'
  | 'key'
  /** A short number below an object under its key: hidden, and not looked for elsewhere. */
  | 'below'
  | 'column'
  | 'sibling'
  | 'path'
  | 'pattern'
  | 'propagated'
  | 'restored'
  | 'detector'

const BY_NAME: ReadonlySet<FoundBy> = new Set(['key', 'below', 'sibling', 'column', 'near'])

/** Found by the name that something has, not by what it is. */
export function isByName(by: FoundBy): boolean {
  return BY_NAME.has(by)
}

/** A value in a view, from `start` up to, not including, `end` (bytes). */
export interface Finding {
  readonly entity: EntityId
  readonly start: number
  readonly end: number
  /** 0 to 1, of the value alone: a word near it is not counted yet. */
  readonly score: number
  readonly by: FoundBy
  /** Names the rule for whoever asks why: `card.luhn`, `github-pat`, `key.password`. No part of the value. */
  readonly rule: string
  /** The key, column or word that decided, where one did. */
  readonly word?: string
  /** The value, where it is not what the bytes say: it was encoded. */
  readonly value?: string | undefined
  /** Values that stand in it, where it was decoded to look for them: what is hidden is the whole. */
  readonly holds?: readonly string[]
  /** What a near miss was lacking: `checksum`, `length`, `entropy`. It counts only with a word of its kind near it. */
  readonly lacks?: string
  /** A word near it that speaks against it, where that lowered its score. */
  readonly denied?: string
  /** The text that shows what it is where that is more than the value (`scheme://user:password@host`, `NAME = value`): may be told, is not replaced. */
  readonly within?: { readonly start: number; readonly end: number }
}

/** Takes what detectors find. */
export interface Sink {
  /**
   * Whether a finding of this kind with this score could count: the kind is wanted, and the score is enough by itself or
   * would be with a word of the kind near it, and the message has such a word. Ask before validating: most cannot.
   */
  may(entity: EntityId, score: number): boolean
  add(finding: Finding): void
  /** Whether masking itself has put what stands there: a finding of it would count nowhere. Ask where a look costs more. */
  isOurs?(start: number, end: number): boolean
  /** Counts bytes that were examined beyond the scan itself; a message that costs too many is refused. */
  spend(bytes: number): void
}

/** Where a word of a detector stands in a view, in whatever case. */
export interface Hit {
  readonly view: View
  readonly start: number
  readonly end: number
  /** Which of the detector's words it is. */
  readonly word: number
}

/** Looks closer where one of its words stands. */
export interface WordDetector {
  /** Lower case, two bytes or more each. The scan ignores the case of ASCII letters; whoever needs it checks it. */
  readonly words: readonly string[]
  /** Never throws, and reads a bounded number of bytes around the hit. */
  readonly verify: (hit: Hit, sink: Sink) => void
}

/** Digits, separators (space . ( ) / - +) and capitals in a row, with four digits or more and seven bytes or more. It is used again for the next one. */
export interface Run {
  readonly view: View
  readonly start: number
  readonly end: number
  readonly digits: number
  readonly capitals: number
}

export type RunDetector = (run: Run, sink: Sink) => void
