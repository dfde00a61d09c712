// Everything that a run leaves on disk, compressed parts unpacked.
import { Buffer } from 'node:buffer'
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { contentsOf } from '../files.ts'

export interface LeftBehind {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Each file of a folder and of those in it, and beside it what is compressed inside of it. */
export function leftIn(folder: string): LeftBehind[] {
  return [...contentsOf(folder)].flatMap(([name, bytes]) => [
    { name, bytes },
    ...unpacked(bytes).map((inner) => ({ name: `${name}, unpacked`, bytes: inner })),
  ])
}

const PACKED: readonly (readonly [mark: Buffer, unpack: (bytes: Buffer) => Buffer])[] = [
  [Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zstdDecompressSync],
  [Buffer.from([0x78, 0x9c]), inflateSync],
]

export function unpacked(bytes: Buffer): Uint8Array[] {
  return PACKED.flatMap(([mark, unpack]) => {
    const found: Uint8Array[] = []
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      try {
        found.push(unpack(bytes.subarray(at)))
      } catch {
        // Three bytes that look like the beginning of something, by chance.
      }
    }
    return found
  })
}
