import { join } from 'node:path'
import type { PartName } from '../../audit/commitment.ts'
import { inRanges, type SeqRange } from '../../audit/tombstone.ts'
import { diskIo } from '../segments/io.ts'
import { encodePack, type PackBlock } from './format.ts'
import { isEncrypted, openGroup, type PackedPart, sealGroup } from './group.ts'
import type { PackKeys } from './keys.ts'
import { PackFile } from './pack-file.ts'
import { packFolder, packName, packsOf } from './payload.ts'
import { BLOCK_RECORDS } from './tile-files.ts'
import { writeWhole } from './write-whole.ts'

interface PackPlace {
  readonly streamFolder: string
  readonly retentionClass: number
  readonly day: number
}

/** Content of whole blocks goes: packs without a block are removed, others written anew. Done twice it does nothing. */
export function dropBlocks(place: PackPlace, ranges: readonly SeqRange[]): void {
  for (const path of pathsOf(place)) change(path, (block) => (inRanges(ranges, block.firstSeq) ? undefined : block))
}

/** These parts of these records go, and their salts with them; the rest of their blocks is sealed anew. Done twice it does nothing. */
export function dropParts(
  place: PackPlace,
  gone: { readonly ranges: readonly SeqRange[]; readonly parts: readonly PartName[] },
  keys: PackKeys,
): void {
  for (const path of pathsOf(place))
    change(path, (block, { origin }) => {
      if (!touches(gone.ranges, block.firstSeq)) return block
      const at = { origin, firstSeq: block.firstSeq }
      const groups = block.groups.flatMap((group) => {
        const key = isEncrypted(group) ? keys.keyOf(group.keyId) : undefined
        // A key that is gone leaves nothing to delete.
        if (isEncrypted(group) && key === undefined) return [group]
        const parts = openGroup(group, at, key)
        if (parts === undefined) return [group]
        const kept = parts.filter((part) => !isGone(part, block, gone))
        if (kept.length === parts.length) return [group]
        return kept.length === 0 ? [] : [sealGroup(kept, at, key && { id: group.keyId, key })]
      })
      return groups.length === 0 ? undefined : { ...block, groups }
    })
}

function isGone(
  { part, place }: PackedPart,
  { firstSeq }: PackBlock,
  gone: { readonly ranges: readonly SeqRange[]; readonly parts: readonly PartName[] },
): boolean {
  return gone.parts.includes(part) && inRanges(gone.ranges, firstSeq + place)
}

function touches(ranges: readonly SeqRange[], firstSeq: number): boolean {
  return ranges.some(([first, last]) => first < firstSeq + BLOCK_RECORDS && last >= firstSeq)
}

function pathsOf({ day, retentionClass, streamFolder }: PackPlace): string[] {
  const folder = packFolder(streamFolder, retentionClass, day)
  return packsOf(streamFolder, retentionClass, day).map((first) => join(folder, packName(first)))
}

/**
 * Copy, sync, rename: a crash leaves the old pack or the new one. The old name stays, so that blocks are found as before, also
 * where the first of them is gone.
 */
function change(path: string, keep: (block: PackBlock, head: PackFile['index']) => PackBlock | undefined): void {
  let kept: PackBlock[]
  let changed = false
  let head: PackFile['index']
  {
    using file = PackFile.open(path)
    head = file.index
    kept = file.index.blocks.flatMap(({ firstSeq }) => {
      const block = file.read(firstSeq)
      const now = block && keep(block, file.index)
      changed ||= now !== block
      return now === undefined ? [] : [now]
    })
  }
  if (!changed) return
  if (kept.length === 0) diskIo.remove(path)
  else writeWhole(path, encodePack(head, kept))
}
