// What lies in a bundle. Part of verify.mjs: in a bundle both are one file.
import { Buffer } from 'node:buffer'
import { inflateRawSync } from 'node:zlib'

/** Entries, each behind its length in 16 bits. */
export function split(bundle) {
  const found = []
  for (let at = 0; at + 2 <= bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at)
    found.push(bundle.subarray(at + 2, end))
    at = end
  }
  return found
}

/** The files of a zip, by its central directory; stored or deflated. Undefined where it is none. */
export function unzip(zip) {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end === -1) return undefined
  const found = new Map()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, nameLength, extra, comment, local] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ]
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString('utf8')
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(start, start + packed)
    if (found.has(name)) return undefined
    found.set(name, method === 0 ? data : inflateRawSync(data))
    at += 46 + nameLength + extra + comment
  }
  return found
}
