// Sealed records: entries and leaf hashes in tlog-tiles form, content in packs. This file: where tiles and entry bundles of a
// stream lie, and how they are read and made durable (C2SP tlog-tiles; audit.md, 2.2 and 4.7).
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { equal } from '../../base/bytes.ts'
import { HASH_BYTES } from '../../audit/hash.ts'
import { decodeBundle, encodeBundle, tilePath } from '../../audit/tile.ts'
import { leafHash } from '../../audit/tree.ts'
import { isNotThere, syncFolder } from '../segments/io.ts'
import { writeBeside } from './write-whole.ts'

/** Records of a block: one entry bundle, one level-0 tile, one unit of compression (audit.md, 4.7). */
export const BLOCK_RECORDS = 256

/** Path of a full tile below the stream's folder. */
function fullTile(level: number | 'entries', index: number): string {
  return tilePath({ level, index, width: BLOCK_RECORDS })
}

export function bundlePath(streamFolder: string, block: number): string {
  return join(streamFolder, fullTile('entries', block))
}

export function leafTilePath(streamFolder: string, block: number): string {
  return join(streamFolder, fullTile(0, block))
}

export function hasBundle(streamFolder: string, block: number): boolean {
  return existsSync(bundlePath(streamFolder, block))
}

/** The entries of a full block; undefined where the bundle is not there or is not one. */
export function readBundle(streamFolder: string, block: number): readonly Uint8Array[] | undefined {
  const bytes = readIfThere(bundlePath(streamFolder, block))
  return bytes === undefined ? undefined : fullBundle(bytes)
}

/** Leaf hashes of a full block, one after the other; undefined where the tile is not there or has another length. */
export function readLeafTile(streamFolder: string, block: number): Uint8Array | undefined {
  const bytes = readIfThere(leafTilePath(streamFolder, block))
  return bytes?.length === BLOCK_RECORDS * HASH_BYTES ? bytes : undefined
}

function fullBundle(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const entries = decodeBundle(bytes)
  return entries?.length === BLOCK_RECORDS ? entries : undefined
}

/**
 * Makes bundle and level-0 tile of a full block durable, whoever wrote them first: until now they could be derived from the
 * segments, and from here on the segments may go. Not before the folders that it adds to `folders` are synced.
 */
export function keepBlock(
  { block, folder }: { readonly folder: string; readonly block: number },
  entries: readonly Uint8Array[],
  folders: Set<string>,
): void {
  const hashes = new Uint8Array(BLOCK_RECORDS * HASH_BYTES)
  for (const [i, entry] of entries.entries()) hashes.set(leafHash(entry), i * HASH_BYTES)
  keepFile(bundlePath(folder, block), encodeBundle(entries), folders)
  keepFile(leafTilePath(folder, block), hashes, folders)
}

function keepFile(path: string, bytes: Uint8Array, folders: Set<string>): void {
  folders.add(dirname(path))
  const there = readIfThere(path)
  if (there === undefined || !equal(there, bytes)) {
    makeFolders(dirname(path))
    return writeBeside(path, bytes)
  }
  const fd = openSync(path, 'r')
  try {
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Each new folder's name is durable in the folder above it. */
export function makeFolders(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) syncFolder(dirname(folder))
}

/** Undefined where there is none: beside us it may be removed at any time. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (failure) {
    if (isNotThere(failure)) return undefined
    throw failure
  }
}
