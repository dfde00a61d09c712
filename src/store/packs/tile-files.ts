// Sealed records: entries and leaf hashes in tlog-tiles form, content in packs. This file: where tiles and entry bundles of a
// stream lie, and how they are read and made durable (C2SP tlog-tiles; audit.md, 2.2 and 4.7).
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { equal } from '../../base/bytes.ts'
import { HASH_BYTES } from '../../audit/hash.ts'
import { leafHash } from '../../audit/tree.ts'
import { syncFolder } from '../segments/io.ts'
import { writeWhole } from './write-whole.ts'

/** Records of a block: one entry bundle, one level-0 tile, one unit of compression (audit.md, 4.7). */
export const BLOCK_RECORDS = 256

/** Path of a full tile below the stream's folder: groups of three digits, all but the last after an `x`. */
export function tilePath(level: number | 'entries', n: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0')
  const groups = digits.match(/\d{3}/g) ?? []
  return join('tile', String(level), ...groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)))
}

export function hasBundle(streamFolder: string, block: number): boolean {
  return existsSync(join(streamFolder, tilePath('entries', block)))
}

/** The entries of a full block; undefined where the bundle is not there or is not one. */
export function readBundle(streamFolder: string, block: number): readonly Uint8Array[] | undefined {
  const bytes = readIfThere(join(streamFolder, tilePath('entries', block)))
  return bytes === undefined ? undefined : decodeBundle(bytes)
}

/** Leaf hashes of a full block, one after the other; undefined where the tile is not there or has another length. */
export function readLeafTile(streamFolder: string, block: number): Uint8Array | undefined {
  const bytes = readIfThere(join(streamFolder, tilePath(0, block)))
  return bytes?.length === BLOCK_RECORDS * HASH_BYTES ? bytes : undefined
}

/** `u16 length ‖ entry`, 256 times. */
function decodeBundle(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
    entries.push(bytes.subarray(at + 2, end))
    at = end
    if (end > bytes.length) return undefined
  }
  return entries.length === BLOCK_RECORDS ? entries : undefined
}

function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const entry of entries) {
    bytes[at] = entry.length >>> 8
    bytes[at + 1] = entry.length
    bytes.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bytes
}

/**
 * Makes bundle and level-0 tile of a full block durable, whoever wrote them first: until now they could be derived from the
 * segments, and from here on the segments may go.
 */
export function keepBlock(streamFolder: string, block: number, entries: readonly Uint8Array[]): void {
  const hashes = new Uint8Array(BLOCK_RECORDS * HASH_BYTES)
  for (const [i, entry] of entries.entries()) hashes.set(leafHash(entry), i * HASH_BYTES)
  keepFile(join(streamFolder, tilePath('entries', block)), encodeBundle(entries))
  keepFile(join(streamFolder, tilePath(0, block)), hashes)
}

function keepFile(path: string, bytes: Uint8Array): void {
  const there = readIfThere(path)
  if (there === undefined || !equal(there, bytes)) {
    makeFolders(dirname(path))
    return writeWhole(path, bytes)
  }
  const fd = openSync(path, 'r')
  try {
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
  syncFolder(dirname(path))
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
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined
    throw failure
  }
}
