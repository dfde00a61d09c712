import type { PartName } from '../audit/commitment.ts'
import { encodeEntry } from '../audit/entry.ts'
import { partsExpected, partsNotKept, type StoredRecord } from '../audit/stored.ts'
import { isTombstoneKind } from '../audit/tombstone.ts'
import { GatewayError } from '../base/assert.ts'
import { recorded, type RecordedRecord, textAt } from '../recording/read.ts'

/** A part that is shown, with what opens its commitment. */
export interface Disclosed {
  readonly seq: number
  readonly part: PartName
  readonly salt: Uint8Array
  readonly bytes: Uint8Array
}

export interface Gathered {
  readonly origin: string
  readonly first: number
  readonly last: number
  /** All of the range, in order. */
  readonly entries: readonly Uint8Array[]
  readonly leaves: readonly Uint8Array[]
  readonly disclosed: readonly Disclosed[]
  /** Records that were selected. */
  readonly selected: readonly number[]
  /** Parts of selected records that are not there, and why. */
  readonly gone: readonly { readonly seq: number; readonly part: PartName; readonly why: string }[]
  /** Tombstones anywhere in the log up to the head. */
  readonly tombstones: readonly RecordedRecord[]
  /** Versions of the policy that decided in the range. */
  readonly policies: readonly string[]
}

/** A bundle is made in memory. */
const BYTES_MAX = 512 * 1024 * 1024

/** Reads a log once: every entry of the range, and the content of what is wanted. Undefined where nothing is in the range. */
export async function gather(
  records: AsyncIterable<StoredRecord>,
  of: {
    readonly size: number
    readonly fromUs: number
    readonly toUs: number
    wanted(record: RecordedRecord): boolean
  },
): Promise<Gathered | undefined> {
  const found = new Gathering()
  for await (const stored of records) {
    if (stored.seq >= of.size) break
    const record = recorded(stored)
    const wanted = of.wanted(record)
    if (isTombstoneKind(stored.entry.kind)) found.tombstones.push(record)
    if (stored.entry.time < of.fromUs || stored.entry.time >= of.toUs) continue
    found.add(record, wanted)
  }
  return found.result()
}

class Gathering {
  readonly tombstones: RecordedRecord[] = []
  readonly #records: StoredRecord[] = []
  readonly #disclosed: Disclosed[] = []
  readonly #selected: number[] = []
  readonly #gone: { seq: number; part: PartName; why: string }[] = []
  readonly #policies = new Set<string>()
  #bytes = 0

  add(record: RecordedRecord, wanted: boolean): void {
    const { stored } = record
    const last = this.#records.at(-1)
    if (last !== undefined && stored.seq !== last.seq + 1) throw notContiguous(last.seq, stored.seq)
    // Content is let go at once where it is not disclosed.
    this.#records.push(wanted ? stored : { ...stored, parts: {} })
    const policy = textAt(record.envelope, 'decision', 'policy')
    if (policy !== undefined) this.#policies.add(policy)
    if (!wanted) return
    this.#selected.push(stored.seq)
    for (const part of partsExpected(stored.entry)) this.#disclose(stored, part)
    for (const part of partsNotKept(stored.entry)) this.#gone.push({ seq: stored.seq, part, why: 'not_kept' })
  }

  result(): Gathered | undefined {
    const [first, last] = [this.#records[0], this.#records.at(-1)]
    if (first === undefined || last === undefined) return undefined
    return {
      origin: first.origin,
      first: first.seq,
      last: last.seq,
      entries: this.#records.map(({ entry }) => encodeEntry(entry)),
      leaves: this.#records.map(({ leaf }) => leaf),
      disclosed: this.#disclosed,
      selected: this.#selected,
      gone: this.#gone,
      tombstones: this.tombstones,
      policies: [...this.#policies],
    }
  }

  #disclose(stored: StoredRecord, part: PartName): void {
    const { seq } = stored
    const found = stored.parts[part]
    if (found === undefined && stored.gone === 'locked') throw locked(seq)
    if (found?.salt === undefined) this.#gone.push({ seq, part, why: stored.gone ?? 'missing' })
    else if (found.opens) this.#disclosed.push({ seq, part, salt: found.salt, bytes: found.bytes })
    else throw altered(seq, part)
    this.#bytes += found?.bytes.length ?? 0
    if (this.#bytes > BYTES_MAX)
      throw new GatewayError(
        'config_invalid',
        'This is more than 512 MiB of content. Take a shorter time, or fewer records.',
      )
  }
}

function locked(seq: number): GatewayError {
  const what = `The content of record ${seq} is encrypted. Name the configuration, which says where the key is: -c sallyport.yaml.`
  return new GatewayError('config_invalid', what)
}

function altered(seq: number, part: PartName): GatewayError {
  const what = `The ${part} of record ${seq} is not what was recorded. "sallyport audit verify" says more.`
  return new GatewayError('log_unavailable', what)
}

function notContiguous(before: number, seq: number): GatewayError {
  const what = `The times of records ${before} and ${seq} do not follow each other: a clock was set. Take a time around them.`
  return new GatewayError('config_invalid', what)
}
