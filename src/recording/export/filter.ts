import { sessionId } from '../../base/ids.ts'
import type { Micros } from '../../base/clock.ts'
import { numberAt, type RecordedRecord, textAt } from '../read.ts'

/** What of a log is wanted; everything where nothing is said. All of it must hold. */
export interface RecordFilter {
  /** From this moment on. */
  readonly from?: Micros | undefined
  /** Before this moment. */
  readonly to?: Micros | undefined
  readonly connection?: string | undefined
  /** Subject or e-mail. */
  readonly who?: string | undefined
  /** The id, or its beginning. */
  readonly session?: string | undefined
  /** An outcome goes with the decision about its intent. */
  readonly decision?: string | undefined
  readonly kind?: string | undefined
}

/** A test of one record after another, oldest first: what an outcome is about was said by the record that it names. */
export function recordFilter(filter: RecordFilter): (record: RecordedRecord) => boolean {
  const decided = new DecidedSo(filter.decision)
  return (record) => {
    const { entry } = record.stored
    const within = entry.time >= (filter.from ?? 0) && entry.time < (filter.to ?? Infinity)
    return decided.holds(record) && within && isOf(record, filter)
  }
}

function isOf({ envelope, stored: { entry } }: RecordedRecord, filter: RecordFilter): boolean {
  const { connection, kind, session, who } = filter
  if (kind !== undefined && entry.kind !== kind) return false
  if (connection !== undefined && textAt(envelope, 'conn', 'name') !== connection) return false
  if (who !== undefined && ![textAt(envelope, 'actor', 'sub'), textAt(envelope, 'actor', 'email')].includes(who))
    return false
  return session === undefined || (entry.session !== undefined && sessionId(entry.session).startsWith(session))
}

class DecidedSo {
  readonly #effect: string | undefined
  /** Intents whose outcome has not come. */
  readonly #open = new Set<number>()

  constructor(effect: string | undefined) {
    this.#effect = effect
  }

  holds({ envelope, stored }: RecordedRecord): boolean {
    if (this.#effect === undefined) return true
    const of = numberAt(envelope, 'of')
    const { kind } = stored.entry
    if (kind === 'outcome' && of !== undefined) return this.#open.delete(of)
    if (of !== undefined && this.#open.has(of)) return true
    const holds = textAt(envelope, 'decision', 'effect') === this.#effect
    if (holds && kind === 'intent') this.#open.add(stored.seq)
    return holds
  }
}
