import { join } from 'node:path'
import type { PartName } from '../../audit/commitment.ts'
import { inRanges, type SeqRange } from '../../audit/tombstone.ts'
import { diskIo } from '../segments/io.ts'
import type { PackBlock, SealedGroup } from './format.ts'
import { type GroupPlace, isEncrypted, openGroup, type PackedPart, sealGroup } from './group.ts'
import type { PackKeys } from './keys.ts'
import { PackFile } from './pack-file.ts'
import { PackWriter } from './pack-writer.ts'
import { packFolder, packName, packsOf } from './payload.ts'
import { BLOCK_RECORDS } from './block-files.ts'

interface PackPlace {
  readonly streamFolder: string
  readonly retentionClass: number
  readonly day: number
}

interface GoneParts {
  readonly ranges: readonly SeqRange[]
  readonly parts: readonly PartName[]
}

/** Content of whole blocks goes: packs without a block are removed, others written anew. Done twice it does nothing. */
export function dropBlocks(place: PackPlace, ranges: readonly SeqRange[]): void {
  for (const path of pathsOf(place)) {
    using file = PackFile.open(path)
    const kept = file.index.blocks.filter(({ firstSeq }) => !inRanges(ranges, firstSeq))
    if (kept.length === file.index.blocks.length) continue
    if (kept.length === 0) {
      diskIo.remove(path)
      continue
    }
    using writer = new PackWriter(path, file.index)
    for (const { firstSeq } of kept) copy(file.read(firstSeq), writer)
    writer.finish()
  }
}

/** These parts of these records go, and their salts with them; the rest of their blocks is sealed anew. Done twice it does nothing. */
export function dropParts(place: PackPlace, gone: GoneParts, keys: PackKeys): void {
  for (const path of pathsOf(place)) {
    using file = PackFile.open(path)
    const { blocks, origin } = file.index
    if (!blocks.some(({ firstSeq }) => touches(gone.ranges, firstSeq))) continue
    using writer = new PackWriter(path, file.index)
    let changed = false
    for (const { firstSeq } of blocks) {
      const block = file.read(firstSeq)
      if (block === undefined || !touches(gone.ranges, firstSeq)) {
        copy(block, writer)
        continue
      }
      const at = { origin, firstSeq }
      const groups = function* (): Generator<SealedGroup, void, undefined> {
        for (const group of groupsOf(block)) {
          const kept = without(gone, { group, at, keys })
          changed ||= kept !== group
          if (kept !== undefined) yield kept
        }
      }
      writer.add(block, groups())
    }
    if (!changed) continue
    // The old name stays, so that blocks are found as before, also where the first of them is gone.
    if (writer.blocks === 0) diskIo.remove(path)
    else writer.finish()
  }
}

function copy(block: PackBlock | undefined, writer: PackWriter): void {
  if (block !== undefined) writer.add(block, groupsOf(block))
}

function* groupsOf(block: PackBlock): Generator<SealedGroup, void, undefined> {
  for (let i = 0; i < block.groups; i++) yield block.group(i)
}

/** What is left of a group: itself, one that is sealed anew, or nothing. */
function without(
  gone: GoneParts,
  { at, group, keys }: { group: SealedGroup; at: GroupPlace; keys: PackKeys },
): SealedGroup | undefined {
  const key = isEncrypted(group) ? keys.keyOf(group.keyId) : undefined
  // A key that is gone leaves nothing to delete.
  if (isEncrypted(group) && key === undefined) return group
  const parts = openGroup(group, at, key)
  const kept = parts?.filter((part) => !isGone(part, at, gone))
  if (parts === undefined || kept === undefined || kept.length === parts.length) return group
  return kept.length === 0 ? undefined : sealGroup(kept, at, key && { id: group.keyId, key })
}

function isGone({ part, place }: PackedPart, { firstSeq }: GroupPlace, { parts, ranges }: GoneParts): boolean {
  return parts.includes(part) && inRanges(ranges, firstSeq + place)
}

function touches(ranges: readonly SeqRange[], firstSeq: number): boolean {
  return ranges.some(([first, last]) => first < firstSeq + BLOCK_RECORDS && last >= firstSeq)
}

function pathsOf({ day, retentionClass, streamFolder }: PackPlace): string[] {
  const folder = packFolder(streamFolder, retentionClass, day)
  return packsOf(streamFolder, retentionClass, day).map((first) => join(folder, packName(first)))
}
