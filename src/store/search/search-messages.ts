import type { MasterKey } from '../../credentials/master-key.ts'
import { isObject } from '../../base/json.ts'
import type { Viewer } from '../../search/authorise.ts'
import type { Moment } from '../../search/query.ts'
import type { Wanted } from '../../search/result.ts'

/** A question as it crosses to the thread; the rights are joined to it there. */
export interface SearchQuestion {
  readonly text: string
  readonly moment: Moment
  readonly viewer: Viewer
  readonly limit: number
  readonly before: number | undefined
  readonly want: Wanted
  readonly budgetMs: number
  readonly countMs: number
}

export type SearchReply =
  /** JSON of an answer: its bytes go to whoever asked. */
  | { readonly kind: 'answer'; readonly query: string; readonly hits: number; readonly json: string }
  | { readonly kind: 'mistakes'; readonly json: string }

export type ThreadOrder =
  | { readonly kind: 'ask'; readonly id: number; readonly question: SearchQuestion }
  | { readonly kind: 'close' }

export type ThreadReport =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: SearchReply }
  | { readonly kind: 'failed'; readonly id: number }
  | { readonly kind: 'lag'; readonly indexedUpto: number; readonly pending: number; readonly behindMs: number }
  /** What was read of the index makes no sense; it is built anew. */
  | { readonly kind: 'rebuilt'; readonly why: string }

/** Where the thread begins. */
export interface SearchThreadData {
  readonly dataFolder: string
  /** Opens sealed records. */
  readonly master: MasterKey
  /** Without, what records say is not indexed. */
  readonly words?: boolean | undefined
}

export function isThreadReport(value: unknown): value is ThreadReport {
  return isObject(value) && typeof value['kind'] === 'string'
}
