import { join } from 'node:path'
import { assert } from '../../base/assert.ts'
import { decodeEntry, type EntryFields } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import { openPart, partsExpected } from '../../audit/stored.ts'
import { type Ended, firstEnded, type PlacedRecord, recordsOf } from '../segments/ended.ts'
import { diskIo, syncFolder } from '../segments/io.ts'
import { listSegments } from '../segments/segment-chain.ts'
import type { KeyRing } from './keys.ts'
import { dayOf, Payload } from './payload.ts'
import { type Block, damagedName, PackBlocks } from './pack-blocks.ts'
import { BLOCK_RECORDS, keepBlock, readBundle } from './block-files.ts'

export interface SealOptions {
  /** Of the stream: above `wal/`. */
  readonly folder: string
  readonly origin: Origin
  readonly keys: KeyRing
  readonly termsOf: (retentionClass: number) => SealTerms
  /** For tests: called before each step; what it throws is a crash there. */
  readonly before?: ((step: SealStep) => void) | undefined
}

/** What a retention class says about sealing. */
export interface SealTerms {
  readonly encrypt: boolean
  /** `session`: a key for each session, so that one can be shredded. `class`: one for all, which compresses better. */
  readonly keys: 'session' | 'class'
}

export type SealStep = 'bundles' | 'packs' | 'read back' | 'remove'

/**
 * Seals the oldest segment that has ended: its content goes into packs, its entries into bundles, then the file goes (audit.md,
 * 10.1). False where there is none. A crash leaves the segment, or the packs, or both, and both say the same: a reader believes
 * the segment as long as it is there, and sealing it again writes the same packs. No more is in memory than entries of a block,
 * and a group of its content: a block may hold gigabytes. Throws LogDamage where the segment cannot be read to its end.
 */
export function sealNext(options: SealOptions): boolean {
  const { before = () => undefined, folder, keys, origin } = options
  const ended = firstEnded(listSegments({ folder: join(folder, 'wal'), origin }, keys), BLOCK_RECORDS)
  if (ended === undefined) return false
  using packs = new PackBlocks(options)
  before('bundles')
  const folders = new Set<string>()
  let until = ended.from
  for (const block of blocksOf(ended)) {
    keepBlock(
      { folder, block: block.firstSeq / BLOCK_RECORDS },
      block.records.map(({ place }) => place.entry),
      folders,
    )
    packs.add(block)
    until = block.firstSeq + BLOCK_RECORDS
  }
  if (until < ended.until) return false
  for (const one of folders) syncFolder(one)
  before('packs')
  packs.finish()
  before('read back')
  readBack(ended, packs, options)
  before('remove')
  diskIo.remove(ended.segment.path)
  return true
}

function* blocksOf(ended: Ended): Generator<Block> {
  let members: Block['records'][number][] = []
  for (const place of recordsOf(ended)) {
    members.push({ place, entry: entryOf(place) })
    if (members.length < BLOCK_RECORDS) continue
    const day = dayOf(members.reduce((newest, { entry }) => Math.max(newest, entry.time), 0))
    yield { firstSeq: place.seq + 1 - BLOCK_RECORDS, day, records: members }
    members = []
  }
}

function entryOf(place: PlacedRecord): EntryFields {
  const entry = decodeEntry(place.entry)
  assert(entry !== undefined && entry.seq === place.seq, 'the writer writes entries of version 1, each at its place')
  return entry
}

/**
 * Opens every commitment from what is on the disk now. Throws a bug, and the segment stays, where one does not open. What was
 * damaged before it was sealed stays as it was found: sealing must not hide it, nor stop at it.
 */
function readBack(ended: Ended, packs: PackBlocks, { folder, keys, origin }: SealOptions): void {
  const { from, until } = ended
  // Looked for where something does not open only: to open everything twice is a good part of what sealing costs.
  let damaged: ReadonlySet<string> | undefined
  using payload = new Payload({ folder, origin }, keys)
  for (let firstSeq = from; firstSeq < until; firstSeq += BLOCK_RECORDS) {
    const entries = (readBundle(folder, firstSeq / BLOCK_RECORDS) ?? []).map((bytes) => decodeEntry(bytes))
    const day = dayOf(entries.reduce((newest, entry) => Math.max(newest, entry?.time ?? 0), 0))
    assert(entries.length === BLOCK_RECORDS, 'the bundle of a block can be read back')
    for (const retentionClass of new Set(entries.map((entry) => entry?.retentionClass))) {
      assert(retentionClass !== undefined, 'an entry of a bundle can be decoded')
      const content = payload.block(retentionClass, day, firstSeq)
      for (const entry of entries.filter((one) => one?.retentionClass === retentionClass)) {
        if (entry === undefined) continue
        const parts = content.parts(entry.seq - firstSeq)
        for (const name of partsExpected(entry))
          assert(
            (parts[name] !== undefined && openPart(entry, name, parts[name]).opens) ||
              (damaged ??= packs.damagedIn(recordsOf(ended))).has(damagedName(entry.seq, name)),
            `what was sealed of record ${entry.seq} can be read back`,
          )
      }
    }
  }
}
