import type { StoredRecord } from '../../audit/stored.ts'

/** Memory for the newest records, which are asked for most, and lie where looking one up means reading all before it. */
const BYTES_MAX = 64 * 1024 * 1024
/** Larger ones are read again: one that was read lies in a window of the file that is larger still. */
const LARGE_BYTES = 256 * 1024
/** Beside its content, a record is an entry, hashes and a few objects. */
const RECORD_BYTES = 1024

/** The newest records of the log, as they were read. */
export class RecentRecords {
  readonly #records = new Map<number, { readonly record: StoredRecord; readonly bytes: number }>()
  #bytes = 0

  add(record: StoredRecord): void {
    const bytes = RECORD_BYTES + Object.values(record.parts).reduce((sum, part) => sum + part.bytes.length, 0)
    if (bytes > LARGE_BYTES) return
    this.#records.set(record.seq, { record: alone(record), bytes })
    this.#bytes += bytes
    // A map is in the order of what was put in.
    for (const [seq, oldest] of this.#records) {
      if (this.#bytes <= BYTES_MAX) return
      this.#records.delete(seq)
      this.#bytes -= oldest.bytes
    }
  }

  get(seq: number): StoredRecord | undefined {
    return this.#records.get(seq)?.record
  }

  /** What was erased is not remembered either. */
  forget(): void {
    this.#records.clear()
    this.#bytes = 0
  }
}

/** A copy, or a small record would keep all that was read along with it. */
function alone(record: StoredRecord): StoredRecord {
  const { entry, parts } = record
  const own = Object.entries(parts).map(([name, part]) => [name, { ...part, ...ownBytes(part) }])
  return { ...record, entry: { ...entry, ...ownBytes(entry) }, parts: Object.fromEntries(own) }
}

function ownBytes(of: object): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) => (value instanceof Uint8Array ? [[name, value.slice()]] : [])),
  )
}
