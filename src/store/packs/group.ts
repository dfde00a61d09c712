import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { PART, type PartName, SALT_BYTES } from '../../audit/commitment.ts'
import { writeUint64 } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import { DICTIONARY } from './dictionary.ts'
import { BLOCK_RECORDS } from './block-files.ts'
import { KEY_ID_BYTES, NONCE_BYTES, type SealedGroup } from './format.ts'

/** One part of one record, with the salt that dies with it. */
export interface PackedPart {
  /** Of its record in the block, from 0. */
  readonly place: number
  readonly part: PartName
  readonly salt: Uint8Array
  readonly content: Uint8Array
}

/** What a group is bound to, besides its key: nobody can put it elsewhere. */
export interface GroupPlace {
  readonly origin: Origin
  readonly firstSeq: number
}

export interface GroupKey {
  readonly id: Uint8Array
  readonly key: KeyObject
}

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16
const PART_HEAD_BYTES = 2 + SALT_BYTES + 4
/** First byte of the data: how it was compressed. A better dictionary gets a number of its own. */
const FORM = { zstd: 0, dictionary1: 1 } as const
/** From here on a group is its own dictionary (audit.md, 10.2). */
const DICTIONARY_BELOW_RECORDS = 20
const LEVEL_3 = { [constants.ZSTD_c_compressionLevel]: 3 }
/** What Node takes at least, and no more than pays. */
const CHUNK_BYTES = { min: 64, max: 256 * 1024 } as const
/** A part is at most as long as a segment, and a group holds at most 256 records. */
const PLAIN_BYTES_MAX = 1024 * 1024 * 1024

/** Compresses, then encrypts if there is a key. */
export function sealGroup(parts: readonly PackedPart[], at: GroupPlace, key: GroupKey | undefined): SealedGroup {
  const packed = compress(parts)
  if (key === undefined)
    return { keyId: new Uint8Array(KEY_ID_BYTES), nonce: new Uint8Array(NONCE_BYTES), data: packed }
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key.key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextOf(at, key.id))
  const data = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()])
  return { keyId: key.id, nonce, data }
}

/** Undefined: another key, another place, or altered. */
export function openGroup(
  group: SealedGroup,
  at: GroupPlace,
  key: KeyObject | undefined,
): readonly PackedPart[] | undefined {
  const packed = key === undefined ? group.data : decrypt(group, at, key)
  return packed && decompress(packed)
}

export function isEncrypted({ keyId }: SealedGroup): boolean {
  return keyId.some((byte) => byte !== 0)
}

function decrypt({ data, keyId, nonce }: SealedGroup, at: GroupPlace, key: KeyObject): Uint8Array | undefined {
  if (data.length < TAG_BYTES) return undefined
  const end = data.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOf(at, keyId))
  decipher.setAuthTag(data.subarray(end))
  const plain = decipher.update(data.subarray(0, end))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** `"sallyport/group/v1\0" ‖ origin ‖ first seq ‖ key id` (audit.md, 10.2). */
function contextOf({ origin, firstSeq }: GroupPlace, keyId: Uint8Array): Uint8Array {
  const seq = new Uint8Array(8)
  writeUint64(new DataView(seq.buffer), 0, firstSeq)
  return Buffer.concat([Buffer.from(`sallyport/group/v1\0${origin}`, 'latin1'), seq, keyId])
}

function compress(parts: readonly PackedPart[]): Uint8Array {
  const plain = encodeParts(parts)
  const few = new Set(parts.map(({ place }) => place)).size < DICTIONARY_BELOW_RECORDS
  // Told the size, it makes tables of that size, and a segment has thousands of small groups.
  const chunkSize = Math.min(Math.max(CHUNK_BYTES.min, plain.length), CHUNK_BYTES.max)
  const sized = { params: LEVEL_3, pledgedSrcSize: plain.length, chunkSize }
  const bytes = zstdCompressSync(plain, few ? { ...sized, dictionary: DICTIONARY } : sized)
  return Buffer.concat([Buffer.of(few ? FORM.dictionary1 : FORM.zstd), bytes])
}

function decompress(packed: Uint8Array): readonly PackedPart[] | undefined {
  const options = { maxOutputLength: PLAIN_BYTES_MAX }
  try {
    if (packed[0] === FORM.zstd) return decodeParts(zstdDecompressSync(packed.subarray(1), options))
    if (packed[0] !== FORM.dictionary1) return undefined
    return decodeParts(zstdDecompressSync(packed.subarray(1), { ...options, dictionary: DICTIONARY }))
  } catch {
    return undefined
  }
}

/** Per part: `u8 place ‖ u8 part ‖ salt[32] ‖ u32 length ‖ bytes`. */
function encodeParts(parts: readonly PackedPart[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, { content }) => sum + PART_HEAD_BYTES + content.length, 0))
  let at = 0
  for (const { content, part, place, salt } of parts) {
    bytes.writeUInt8(place, at)
    bytes.writeUInt8(PART[part], at + 1)
    bytes.set(salt, at + 2)
    bytes.writeUInt32BE(content.length, at + 2 + SALT_BYTES)
    bytes.set(content, at + PART_HEAD_BYTES)
    at += PART_HEAD_BYTES + content.length
  }
  return bytes
}

const NAMES: readonly PartName[] = ['envelope', 'request', 'response']

function decodeParts(bytes: Buffer): readonly PackedPart[] | undefined {
  const parts: PackedPart[] = []
  let at = 0
  while (at + PART_HEAD_BYTES <= bytes.length) {
    const end = at + PART_HEAD_BYTES + bytes.readUInt32BE(at + 2 + SALT_BYTES)
    const part = NAMES.find((name) => PART[name] === bytes[at + 1])
    const place = bytes.readUInt8(at)
    if (part === undefined || place >= BLOCK_RECORDS || end > bytes.length) return undefined
    parts.push({
      place,
      part,
      salt: bytes.subarray(at + 2, at + 2 + SALT_BYTES),
      content: bytes.subarray(at + PART_HEAD_BYTES, end),
    })
    at = end
  }
  return at === bytes.length ? parts : undefined
}
