import type { EntryFields } from '../../audit/entry.ts'
import type { Finding, RecordFound } from '../../audit/verify.ts'
import { DAY_MS } from '../../base/units.ts'
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'

/** Member of `retention.run` that names the logs before this one which are gone as a whole; each run names all of them again. */
export const LOGS_GONE = 'logs_gone'

const DAY_MICROS = DAY_MS * 1000

/** What the log in use says of logs that it follows: which of them went, because the time of all their content was over. Pure. */
export class GoneLogs {
  readonly #payloadDays = new Map<number, number>()
  /** By origin: the record that says so first, and when content of every class promised then was over. */
  readonly #gone = new Map<string, { readonly found: RecordFound; readonly newestMicros: number }>()

  /** Each record of the log about itself, in order. */
  note(entry: EntryFields, said: JsonObject, found: RecordFound): void {
    const { class: defined, log } = said
    if (entry.kind === 'log.class' && isObject(defined)) this.#define(defined)
    if (entry.kind !== 'retention.run' || !isObject(log) || !Array.isArray(log[LOGS_GONE])) return
    for (const origin of log[LOGS_GONE].filter((one) => typeof one === 'string'))
      if (!this.#gone.has(origin))
        this.#gone.set(origin, {
          found,
          newestMicros: entry.time - Math.max(...this.#payloadDays.values()) * DAY_MICROS,
        })
  }

  has(origin: string): boolean {
    return this.#gone.has(origin)
  }

  /** It went too early: the log of logs has a head of it that is younger. */
  tooEarly(origin: string, newestHeadMicros: number): Finding | undefined {
    const gone = this.#gone.get(origin)
    if (gone === undefined || newestHeadMicros <= gone.newestMicros) return undefined
    const { file, offset, seq } = gone.found
    return {
      code: 'tombstone_invalid',
      seq,
      file,
      offset,
      what: `the log ${origin} was removed before the time of its content was over`,
      do: 'Bring it back from a backup, and find out who removed it.',
    }
  }

  #define({ n, payload_days: days }: Readonly<Record<string, JsonValue | undefined>>): void {
    if (typeof n === 'number' && typeof days === 'number') this.#payloadDays.set(n, days)
  }
}
