import { join } from 'node:path'
import { equal } from '../../base/bytes.ts'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry, type EntryFields } from '../../audit/entry.ts'
import { HASH_BYTES } from '../../audit/hash.ts'
import type { Origin } from '../../audit/origin.ts'
import { type Gone, openPart, partsExpected, type StoredPart, type StoredRecord } from '../../audit/stored.ts'
import { leafHash } from '../../audit/tree.ts'
import type { RecordFound } from '../../audit/verify.ts'
import type { PackedPart } from './group.ts'
import type { PackKeys } from './keys.ts'
import type { PackDamage } from './pack-file.ts'
import { dayOf, Payload, type PayloadBlock } from './payload.ts'
import { BLOCK_RECORDS, bundlePath, readBundle, readIfThere, readLeafTile } from './block-files.ts'

export interface SealedOptions {
  /** Of the stream: above `wal/`. */
  readonly folder: string
  readonly origin: Origin
  readonly keys?: PackKeys | undefined
}

/** A record of a sealed block, its entry not decoded yet. */
interface SealedRecord {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly entry: EntryFields | undefined
}

/** Below it entries were pruned; a multiple of 256 (audit.md, 11.6). */
export function minimumIndex(streamFolder: string): number {
  const text = readIfThere(join(streamFolder, 'minimum-index'))
  return text === undefined ? 0 : Number(new TextDecoder().decode(text).trim())
}

/** Newest time of a block, which says to which day it belongs; undefined where its bundle cannot be read. */
export function newestTimeOf(streamFolder: string, block: number): number | undefined {
  const entries = entriesOf(streamFolder, block)
  return entries && newest(entries)
}

function entriesOf(streamFolder: string, block: number): readonly SealedRecord[] | undefined {
  return readBundle(streamFolder, block)?.map((bytes, i) => {
    const entry = decodeEntry(bytes)
    const seq = block * BLOCK_RECORDS + i
    return { seq, bytes, entry: entry?.seq === seq ? entry : undefined }
  })
}

/** Records of sealed blocks, from bundles and packs. */
export class SealedBlocks implements Disposable {
  readonly #options: SealedOptions
  readonly #payload: Payload

  constructor(options: SealedOptions) {
    this.#options = options
    this.#payload = new Payload(options, options.keys)
  }

  /** Undefined where the bundle is not there, or is not one. */
  entries(block: number): readonly SealedRecord[] | undefined {
    return entriesOf(this.#options.folder, block)
  }

  /** As a reader shows them, one after the other. A record that cannot be decoded is left out; `audit verify` says so. */
  *read(
    block: number,
    {
      newestFirst = false,
      wanted,
    }: { readonly wanted: (entry: EntryFields) => boolean; readonly newestFirst?: boolean },
    whyGone: WhyGone,
  ): Generator<StoredRecord, void, undefined> {
    const records = this.entries(block) ?? []
    const tile = readLeafTile(this.#options.folder, block)
    const contents = this.#contents(records)
    for (const { bytes, entry, seq } of newestFirst ? records.toReversed() : records) {
      if (entry === undefined || !wanted(entry)) continue
      const content = contents(entry.retentionClass)
      const at = seq % BLOCK_RECORDS
      const leaf = leafHash(bytes)
      const inTree = tile !== undefined && equal(tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES), leaf)
      const parts = partsOf(entry, content.parts(at))
      const record: StoredRecord = { origin: this.#options.origin, seq, entry, leaf, parts, inTree }
      const absent = partsExpected(entry).filter((name) => parts[name] === undefined)
      yield absent.length === 0 ? record : { ...record, gone: content.locked ? 'locked' : whyGone(record, absent) }
    }
  }

  /** As a verifier wants them: with the place of each, and whether a key is missing to look into it. */
  *find(block: number): Generator<SealedFound, void, undefined> {
    const records = this.entries(block) ?? []
    const contents = this.#contents(records)
    const bundle = bundlePath(this.#options.folder, block)
    let offset = 0
    for (const { bytes, entry, seq } of records) {
      const content = entry && contents(entry.retentionClass)
      const at = offset
      offset += 2 + bytes.length
      yield {
        seq,
        entry: bytes,
        parts: content?.parts(seq % BLOCK_RECORDS) ?? {},
        file: bundle,
        offset: at,
        locked: content?.locked ?? false,
        damage: content?.damage,
      }
    }
  }

  [Symbol.dispose](): void {
    this.#payload[Symbol.dispose]()
  }

  /** Content by class, each looked up once and only when it is asked for. */
  #contents(records: readonly SealedRecord[]): (retentionClass: number) => PayloadBlock {
    const firstSeq = records[0]?.seq ?? 0
    const day = dayOf(newest(records) ?? 0)
    const known = new Map<number, PayloadBlock>()
    return (retentionClass) => {
      const content = known.get(retentionClass) ?? this.#payload.block(retentionClass, day, firstSeq)
      known.set(retentionClass, content)
      return content
    }
  }
}

function partsOf(
  entry: EntryFields,
  packed: Readonly<Partial<Record<PartName, PackedPart>>>,
): Partial<Record<PartName, StoredPart>> {
  const parts: Partial<Record<PartName, StoredPart>> = {}
  for (const name of partsExpected(entry)) {
    const part = packed[name]
    if (part !== undefined) parts[name] = openPart(entry, name, part)
  }
  return parts
}

export interface SealedFound extends RecordFound {
  readonly damage: PackDamage | undefined
}

/** Why parts of a record are not there, once it is known that no key is missing. */
export type WhyGone = (record: StoredRecord, absent: readonly PartName[]) => Gone

function newest(records: readonly SealedRecord[]): number | undefined {
  let time: number | undefined
  for (const { entry } of records) if (entry !== undefined) time = Math.max(time ?? 0, entry.time)
  return time
}
