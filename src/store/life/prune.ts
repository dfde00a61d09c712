import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HASH_BYTES } from '../../audit/hash.ts'
import { partialTiles, tilePath } from '../../audit/tile.ts'
import { assert } from '../../base/assert.ts'
import { encodeUtf8 } from '../../base/bytes.ts'
import { diskIo } from '../segments/io.ts'
import { tilePrefixReader } from '../segments/tile-files.ts'
import { minimumIndex } from '../packs/sealed.ts'
import { BLOCK_RECORDS, bundlePath, leafTilePath, makeFolders } from '../packs/block-files.ts'
import { writeWhole } from '../packs/write-whole.ts'

/**
 * Raises the minimum index, then deletes entry bundles and level-0 tiles that end at or below it (C2SP tlog-tiles; audit.md,
 * 11.6). `keep`: sizes of heads that must stay comparable; the level-0 tile that each falls into stays. Upper tiles stay for
 * ever. A crash in between leaves files below the index, which the next run deletes.
 */
export function pruneTiles(streamFolder: string, index: number, keep: readonly number[] = []): void {
  const start = minimumIndex(streamFolder)
  if (index > start) keepUpperTiles(streamFolder, index)
  if (index > start) writeWhole(join(streamFolder, 'minimum-index'), encodeUtf8(`${index}\n`))
  const kept = new Set(keep.map((size) => Math.floor(size / BLOCK_RECORDS)))
  for (let block = index / BLOCK_RECORDS - 1; block >= 0; block--) {
    const bundle = bundlePath(streamFolder, block)
    const tile = leafTilePath(streamFolder, block)
    const there = existsSync(bundle) || (existsSync(tile) && !kept.has(block))
    // Everything before the old index went the last time, unless that was cut off just here.
    if (!there && (block + 1) * BLOCK_RECORDS <= start - BLOCK_RECORDS) return
    if (existsSync(bundle)) diskIo.remove(bundle)
    if (!kept.has(block) && existsSync(tile)) diskIo.remove(tile)
  }
}

/**
 * What is above the tiles that go can be made from nothing else once they are gone, and whoever wrote it may have been too early,
 * or may not have synced it.
 */
function keepUpperTiles(streamFolder: string, index: number): void {
  const read = tilePrefixReader(diskIo, streamFolder)
  for (const at of partialTiles(index)) {
    if (at.level === 'entries' || at.level === 0) continue
    const bytes = read(at)
    assert(bytes !== undefined, `tile ${tilePath(at)} can be made from those below it`)
    const path = join(streamFolder, tilePath(at))
    makeFolders(dirname(path))
    writeWhole(path, bytes.subarray(0, at.width * HASH_BYTES))
  }
}
