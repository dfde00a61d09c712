import { join } from 'node:path'
import { assert } from '../../base/assert.ts'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry, type EntryFields, ID_BYTES } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import { openPart, partsExpected } from '../../audit/stored.ts'
import { type Ended, firstEnded } from '../segments/ended.ts'
import { diskIo } from '../segments/io.ts'
import { listSegments } from '../segments/segment-chain.ts'
import type { RawRecord } from '../segments/walk.ts'
import { encodePack, type PackBlock } from './format.ts'
import { type GroupKey, type PackedPart, sealGroup } from './group.ts'
import type { KeyRing } from './keys.ts'
import { dayName, dayOf, packFolder, packName, Payload } from './payload.ts'
import { BLOCK_RECORDS, keepBlock, makeFolders } from './tile-files.ts'
import { writeWhole } from './write-whole.ts'

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

/** The members of a block as they are packed. */
interface Block {
  readonly firstSeq: number
  readonly day: number
  readonly records: readonly { readonly raw: RawRecord; readonly entry: EntryFields }[]
}

/**
 * Seals the oldest segment that has ended: its content goes into packs, its entries into bundles, then the file goes (audit.md,
 * 10.1). False where there is none. A crash leaves the segment, or the packs, or both, and both say the same: a reader believes
 * the segment as long as it is there, and sealing it again writes the same packs.
 */
export function sealNext(options: SealOptions): boolean {
  const { before = () => undefined, folder, keys, origin } = options
  const segments = listSegments({ folder: join(folder, 'wal'), origin }, keys)
  const ended = firstEnded(diskIo, segments, BLOCK_RECORDS)
  if (ended === undefined) return false
  const blocks = blocksOf(ended)
  before('bundles')
  for (const { firstSeq, records } of blocks)
    keepBlock(
      folder,
      firstSeq / BLOCK_RECORDS,
      records.map(({ raw }) => raw.entry),
    )
  before('packs')
  writePacks(blocks, options)
  before('read back')
  readBack(blocks, options)
  before('remove')
  diskIo.remove(ended.segment.path)
  return true
}

/** The block in which the segment begins was sealed with the one before it. */
function blocksOf({ following, records, segment }: Ended): Block[] {
  const all = [...records, ...following]
  const skip = (BLOCK_RECORDS - (segment.header.firstSeq % BLOCK_RECORDS)) % BLOCK_RECORDS
  const blocks: Block[] = []
  for (let at = skip; at + BLOCK_RECORDS <= all.length; at += BLOCK_RECORDS) {
    const members = all.slice(at, at + BLOCK_RECORDS).map((raw) => ({ raw, entry: entryOf(raw) }))
    const day = dayOf(members.reduce((newest, { entry }) => Math.max(newest, entry.time), 0))
    blocks.push({ firstSeq: segment.header.firstSeq + at, day, records: members })
  }
  return blocks
}

function entryOf(raw: RawRecord): EntryFields {
  const entry = decodeEntry(raw.entry)
  assert(entry !== undefined && entry.seq === raw.seq, 'the writer writes entries of version 1, each at its place')
  return entry
}

/** One pack for each class and day. */
function writePacks(blocks: readonly Block[], { folder, keys, origin, termsOf }: SealOptions): void {
  const packs = new Map<string, { retentionClass: number; day: number; blocks: PackBlock[] }>()
  for (const block of blocks)
    for (const retentionClass of new Set(block.records.map(({ entry }) => entry.retentionClass))) {
      const name = `${retentionClass}/${block.day}`
      const pack = packs.get(name) ?? { retentionClass, day: block.day, blocks: [] }
      packs.set(name, pack)
      pack.blocks.push(packBlock(block, { retentionClass, origin, keys, terms: termsOf(retentionClass) }))
    }
  for (const { retentionClass, day, blocks: packed } of packs.values()) {
    const [first] = packed
    assert(first !== undefined, 'a pack has a block')
    const into = packFolder(folder, retentionClass, day)
    makeFolders(into)
    const head = { origin, retentionClass, day, encrypted: termsOf(retentionClass).encrypt }
    writeWhole(join(into, packName(first.firstSeq)), encodePack(head, packed))
  }
}

function packBlock(
  { day, firstSeq, records }: Block,
  of: { retentionClass: number; origin: Origin; keys: KeyRing; terms: SealTerms },
): PackBlock {
  const groups = new Map<string, { session: Uint8Array; parts: PackedPart[] }>()
  const own = records.filter(({ entry }) => entry.retentionClass === of.retentionClass)
  for (const { entry, raw } of own) {
    const session = of.terms.encrypt && of.terms.keys === 'session' ? (entry.session ?? NO_SESSION) : NO_SESSION
    const name = String.fromCharCode(...session)
    const group = groups.get(name) ?? { session, parts: [] }
    groups.set(name, group)
    group.parts.push(...partsOf(raw, raw.seq - firstSeq))
  }
  const members = [...groups.values()]
  const { origin, retentionClass, terms } = of
  const month = dayName(day).slice(0, 'YYYY-MM'.length)
  const keys: readonly (GroupKey | undefined)[] = terms.encrypt
    ? of.keys.keysFor(members.map(({ session }) => ({ retentionClass, month, session })))
    : []
  return {
    firstSeq,
    records: own.length,
    groups: members.map(({ parts }, i) => sealGroup(parts, { origin, firstSeq }, keys[i])),
  }
}

const NO_SESSION = new Uint8Array(ID_BYTES)

const PARTS: readonly PartName[] = ['envelope', 'request', 'response']

function partsOf({ parts }: RawRecord, place: number): PackedPart[] {
  return PARTS.flatMap((part) => {
    const found = parts[part]
    return found === undefined ? [] : [{ place, part, ...found }]
  })
}

/** Opens every commitment from what is on the disk now. Throws a bug, and the segment stays, where one does not open. */
function readBack(blocks: readonly Block[], { folder, keys, origin }: SealOptions): void {
  using payload = new Payload({ folder, origin }, keys)
  for (const { day, firstSeq, records } of blocks) {
    const found = new Map(
      [...new Set(records.map(({ entry }) => entry.retentionClass))].map((retentionClass) => [
        retentionClass,
        payload.block(retentionClass, day, firstSeq),
      ]),
    )
    for (const { entry, raw } of records)
      for (const name of partsExpected(entry)) {
        // What was damaged before it was sealed stays as it was found: sealing must not hide it, nor stop at it.
        if (raw.parts[name] === undefined || !openPart(entry, name, raw.parts[name]).opens) continue
        const packed = found.get(entry.retentionClass)?.parts.get(raw.seq - firstSeq)?.[name]
        assert(
          packed !== undefined && openPart(entry, name, packed).opens,
          `what was sealed of record ${raw.seq} can be read back`,
        )
      }
  }
}
