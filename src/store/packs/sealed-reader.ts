import type { Micros } from '../../base/clock.ts'
import type { EntryFields } from '../../audit/entry.ts'
import type { StoredRecord } from '../../audit/stored.ts'
import { minimumIndex, newestTimeOf, SealedBlocks, type SealedOptions } from './sealed.ts'
import { BLOCK_RECORDS } from './block-files.ts'
import { Tombstones } from './tombstones.ts'

type Wanted = (entry: EntryFields) => boolean

/** Sealed records of a stream in either order, each with the reason where something of it is gone. */
export class SealedReader implements Disposable {
  readonly #blocks: SealedBlocks
  readonly #tombstones: Tombstones
  readonly #least: number
  readonly #folder: string

  constructor(options: SealedOptions) {
    this.#blocks = new SealedBlocks(options)
    this.#tombstones = new Tombstones(options.folder)
    this.#folder = options.folder
    this.#least = minimumIndex(options.folder)
  }

  /** Records of [start, end), oldest first; what was pruned is left out. */
  *oldestFirst(start: number, end: number, wanted: Wanted): Generator<StoredRecord, void, undefined> {
    const from = Math.max(start, this.#least)
    for (let block = blockOf(from); block * BLOCK_RECORDS < end; block++)
      for (const record of this.#read(block, { wanted })) if (record.seq >= from && record.seq < end) yield record
  }

  *newestFirst(start: number, end: number, wanted: Wanted): Generator<StoredRecord, void, undefined> {
    const from = Math.max(start, this.#least)
    for (let block = blockOf(end - 1); block >= blockOf(from); block--)
      for (const record of this.#read(block, { wanted, newestFirst: true }))
        if (record.seq >= from && record.seq < end) yield record
  }

  /** First seq of the first block below `end` that is not wholly older than `time`. */
  seqAt(time: Micros, end: number): number {
    let low = blockOf(this.#least)
    let high = Math.max(low, Math.ceil(end / BLOCK_RECORDS))
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((newestTimeOf(this.#folder, middle) ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low * BLOCK_RECORDS
  }

  [Symbol.dispose](): void {
    this.#blocks[Symbol.dispose]()
  }

  #read(block: number, how: { readonly wanted: Wanted; readonly newestFirst?: boolean }): Iterable<StoredRecord> {
    return this.#blocks.read(block, how, (record, absent) =>
      this.#tombstones.covers({ seq: record.seq, retentionClass: record.entry.retentionClass }, absent)
        ? 'erased'
        : 'missing',
    )
  }
}

function blockOf(seq: number): number {
  return Math.floor(seq / BLOCK_RECORDS)
}
