import type { Micros } from '../../base/clock.ts'
import { type SessionId, sessionId } from '../../base/ids.ts'
import type { EntryFields } from '../../audit/entry.ts'
import type { PackKeys } from '../packs/keys.ts'

export interface ReadOptions {
  /** The data folder. */
  readonly folder: string
  /** Goes on with what is written later, until the signal; oldest first only. */
  readonly follow?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly order?: 'oldest' | 'newest' | undefined
  /** Nothing before it is shown. Times are those of the entries, which a clock that was set back can put out of order. */
  readonly from?: { readonly seq: number } | { readonly time: Micros } | undefined
  /** Only records of this session. */
  readonly session?: SessionId | undefined
  /** Opens what is encrypted; without it the content of such records is `locked`. */
  readonly keys?: PackKeys | undefined
}

export type Wanted = (entry: EntryFields) => boolean

export interface Bounds {
  readonly leastSeq: number
  readonly since: Micros | undefined
  readonly wanted: Wanted
}

export function boundsOf({ from, session }: ReadOptions): Bounds {
  const since = from !== undefined && 'time' in from ? from.time : undefined
  const leastSeq = from !== undefined && 'seq' in from ? from.seq : 0
  const wanted = (entry: EntryFields): boolean =>
    entry.time >= (since ?? 0) &&
    (session === undefined || (entry.session !== undefined && sessionId(entry.session) === session))
  return { leastSeq, since, wanted }
}
