// What people ask the log. A text becomes a tree here, the viewer's rights are joined to the tree, and only then may anything
// compile it. All of this is pure: the same tree is compiled for the index and tested against the records behind it.
import type { RE2JS } from 're2js'
import type { Micros } from '../base/clock.ts'
import type { FieldName } from './fields.ts'

/** From `start` up to `end` in the text of the query, in UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Query =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Query[]; readonly span: Span }
  | { readonly kind: 'not'; readonly item: Query; readonly span: Span }
  | { readonly kind: 'words'; readonly find: Words; readonly span: Span }
  | Regex
  | { readonly kind: 'field'; readonly field: FieldName; readonly test: Test; readonly span: Span }

/** A regular expression of RE2 over the text; letter case does not count. */
export interface Regex {
  readonly kind: 'regex'
  readonly pattern: string
  readonly compiled: RE2JS
  readonly span: Span
}

/** Whether anything of it can only be told by what records say. */
export function asksForWords(query: Query): boolean {
  switch (query.kind) {
    case 'words':
    case 'regex':
      return true
    case 'and':
    case 'or':
      return query.items.some(asksForWords)
    case 'not':
      return asksForWords(query.item)
    case 'all':
    case 'field':
      return false
  }
}

/** Words that stand one after the other in the text; with `prefix` the last one may go on. */
export interface Words {
  readonly words: readonly string[]
  readonly prefix: boolean
}

/** What a field must be. */
export type Test =
  /** `folded` and `glob`: case and diacritics do not count; in a glob `*` stands for any text. */
  | { readonly is: 'value'; readonly value: string; readonly by: 'exact' | 'folded' | 'glob' }
  /** Whole numbers in the unit of the index. Both bounds belong to it; undefined is open. */
  | { readonly is: 'number'; readonly low?: number | undefined; readonly high?: number | undefined }
  /** From `from` on, up to before `to`; `text` is how it was written, which may mean another time tomorrow. */
  | { readonly is: 'time'; readonly from?: Micros | undefined; readonly to?: Micros | undefined; readonly text: string }

export interface QueryMistake {
  readonly span: Span
  /** What is wrong. */
  readonly message: string
  /** What to write instead. */
  readonly suggestion?: string | undefined
}

export type Parsed =
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly QueryMistake[] }

/** What `-1h`, `today` and a date without a zone are measured by. */
export interface Moment {
  readonly now: Micros
  /** An IANA name, such as Europe/Berlin. */
  readonly zone: string
}
