import type { JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { EntryFields } from './entry.ts'
import type { Finding, RecordFound } from './verify.ts'

const MICROS = 1_000_000
/** So many heartbeats may be late before a silence is one (audit.md, 7.5). */
const HEARTBEATS = 3
/** Threads of one process write in turns; a clock that goes back further was set back. */
const BACK_MICROS = MICROS

/** Silences and clocks (audit.md, 9.2, steps 8 and 10). Pure. */
export class PulseChecker {
  readonly #find: (finding: Finding) => void
  readonly #warn: (finding: Finding) => void
  #everySeconds: number | undefined
  #before: EntryFields | undefined
  /** The newest size that the log itself says was signed. */
  signed = 0

  constructor(find: (finding: Finding) => void, warn: (finding: Finding) => void) {
    this.#find = find
    this.#warn = warn
  }

  /** Each record in order; `said` is the envelope of the log's own. */
  check(found: RecordFound, entry: EntryFields, said: JsonObject | undefined): void {
    const before = this.#before
    this.#before = entry
    this.#read(entry, said)
    if (before === undefined) return
    const { file, offset, seq } = found
    const silent = (entry.time - before.time) / MICROS
    // While no gateway ran, nobody could say anything.
    const ran = entry.kind !== 'log.resume' && before.kind !== 'log.close'
    if (ran && this.#everySeconds !== undefined && silent > HEARTBEATS * this.#everySeconds)
      this.#find({
        code: 'stream_silent',
        seq,
        file,
        offset,
        what: `nothing was recorded for ${Math.round(silent)} s before this record, though the log says something every ${this.#everySeconds} s`,
        do: 'Find out why: the machine slept or hung, or the gateway was kept from writing.',
      })
    if (entry.time < before.time - BACK_MICROS)
      this.#warn({
        code: 'clock',
        seq,
        file,
        offset,
        what: `the clock was set back by ${Math.round(-silent)} s before this record`,
        do: 'Compare with other clocks; the order of the records is right in any case.',
      })
  }

  #read({ kind }: EntryFields, said: JsonObject | undefined): void {
    if (kind !== 'log.heartbeat') return
    const log = said?.['log']
    if (!isObject(log)) return
    const { every_s, signed } = log
    if (typeof every_s === 'number') this.#everySeconds = every_s
    if (typeof signed === 'number') this.signed = Math.max(this.signed, signed)
  }
}
