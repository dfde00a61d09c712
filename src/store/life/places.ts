import { join } from 'node:path'
import type { SeqRange } from '../../audit/tombstone.ts'
import { PackFile } from '../packs/pack-file.ts'
import { dayOf, dayOfName, listIfThere, packFolder, packName, packsOf } from '../packs/payload.ts'
import { newestTimeOf } from '../packs/sealed.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import { takeInventory } from '../segments/inventory.ts'
import { diskIo } from '../segments/io.ts'
import { SEGMENT_BYTES } from '../segments/options.ts'
import type { Life } from './life.ts'

export interface PackPlace {
  readonly retentionClass: number
  readonly day: number
}

/** Class and day of every pack that there is, in order of the day. */
export function packPlaces(streamFolder: string): PackPlace[] {
  const payload = join(streamFolder, 'payload')
  return listIfThere(payload)
    .filter((name) => /^\d{1,5}$/.test(name))
    .flatMap((name) =>
      listIfThere(join(payload, name)).flatMap((dayFolder) => {
        const day = dayOfName(dayFolder)
        return day === undefined ? [] : [{ retentionClass: Number(name), day }]
      }),
    )
    .filter(({ retentionClass, day }) => packsOf(streamFolder, retentionClass, day).length > 0)
    .toSorted((a, b) => a.day - b.day || a.retentionClass - b.retentionClass)
}

/** Where packs may hold something of these records. */
export function placesOf(streamFolder: string, ranges: readonly SeqRange[]): PackPlace[] {
  const days = new Set<number>()
  for (const block of blocksIn(ranges)) days.add(dayOf(newestTimeOf(streamFolder, block) ?? 0))
  return packPlaces(streamFolder).filter(({ day }) => days.has(day))
}

function blocksIn(ranges: readonly SeqRange[]): Set<number> {
  const blocks = new Set<number>()
  for (const [first, last] of ranges)
    for (let block = Math.floor(first / BLOCK_RECORDS); block * BLOCK_RECORDS <= last; block++) blocks.add(block)
  return blocks
}

/** First seqs of the blocks that the packs of a class and day hold. */
export function blocksAt(streamFolder: string, { day, retentionClass }: PackPlace): number[] {
  const folder = packFolder(streamFolder, retentionClass, day)
  return packsOf(streamFolder, retentionClass, day).flatMap((first) => {
    using file = PackFile.open(join(folder, packName(first)))
    return file.index.blocks.map(({ firstSeq }) => firstSeq)
  })
}

/** Records below it are in packs and in no segment any more: only those can be deleted. */
export function sealedEnd({ folder, origin }: Pick<Life, 'folder' | 'origin'>): number {
  const { segments } = takeInventory(diskIo, join(folder, 'wal'), { origin, segmentBytes: SEGMENT_BYTES })
  return segments[0]?.header.firstSeq ?? 0
}
