import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { concat, encodeUtf8, equal, fromHex, toBase64 } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { readUint64, writeUint64 } from './entry.ts'
import type { Note, NoteSignature } from './note.ts'
import { SIGNATURE_TYPE, type SignatureType, type VerifierKey, verifierKeyOf } from './note-key.ts'

const TIME_BYTES = 8
const SIGNATURE_BYTES: Readonly<Record<SignatureType, number>> = {
  0x01: 64,
  0x04: TIME_BYTES + 64,
  0x06: TIME_BYTES + 2420,
}
/** What stands before a raw public key in DER (RFC 8410; FIPS 204 in RFC 9881). */
const DER_HEADS: Readonly<Record<SignatureType, string>> = {
  0x01: '302a300506032b6570032100',
  0x04: '302a300506032b6570032100',
  0x06: '30820532300b06096086480165030403110382052100',
}

/** Signs in one name with one key. */
export interface NoteSigner {
  readonly key: VerifierKey
  /** `seconds` since the Unix epoch; a plain Ed25519 signature has no time. */
  sign(text: string, seconds: number): NoteSignature
}

/** A signer with a private key in memory. The type says what is signed; cosignatures sign heads only. */
export function noteSigner(name: string, type: SignatureType, privateKey: KeyObject): NoteSigner {
  const key = verifierKeyOf(name, type, rawPublicKey(createPublicKey(privateKey)))
  return {
    key,
    sign(text, seconds) {
      const message = messageOf(key, text, seconds)
      assert(message !== undefined, 'a cosignature signs a head')
      const signature = sign(null, message, privateKey)
      const timed = type === SIGNATURE_TYPE.ed25519 ? signature : concat([uint64(seconds), signature])
      return { name, keyId: key.id, signature: timed }
    },
  }
}

/** A signature that was verified; `seconds` where its type carries a time. */
export interface VerifiedSignature {
  readonly key: VerifierKey
  readonly seconds: number | undefined
}

/**
 * Signatures of these keys, and keys whose signature is wrong. Lines of other keys are ignored, as C2SP signed-note asks; a
 * note without a single verified signature must be refused.
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
): { readonly verified: readonly VerifiedSignature[]; readonly wrong: readonly VerifierKey[] } {
  const verified: VerifiedSignature[] = []
  const wrong: VerifierKey[] = []
  for (const line of note.signatures) {
    const key = keys.find(({ id, name }) => name === line.name && equal(id, line.keyId))
    if (key === undefined) continue
    const seconds = secondsOf(key.type, line.signature)
    if (isRight(key, note.text, line.signature)) verified.push({ key, seconds })
    else wrong.push(key)
  }
  return { verified, wrong }
}

function isRight(key: VerifierKey, text: string, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES[key.type]) return false
  const seconds = secondsOf(key.type, signature)
  const message = messageOf(key, text, seconds ?? 0)
  if (message === undefined || (seconds !== undefined && !(seconds > 0 && Number.isSafeInteger(seconds)))) return false
  return verify(null, message, publicKeyOf(key), seconds === undefined ? signature : signature.subarray(TIME_BYTES))
}

function secondsOf(type: SignatureType, signature: Uint8Array): number | undefined {
  if (type === SIGNATURE_TYPE.ed25519 || signature.length < TIME_BYTES) return undefined
  return readUint64(new DataView(signature.buffer, signature.byteOffset, TIME_BYTES), 0)
}

/** What is signed. Undefined: that type signs heads, and this text is none. */
function messageOf(key: VerifierKey, text: string, seconds: number): Uint8Array | undefined {
  switch (key.type) {
    case SIGNATURE_TYPE.ed25519:
      return encodeUtf8(text)
    case SIGNATURE_TYPE.cosignature:
      return parseCheckpoint(text) && encodeUtf8(`cosignature/v1\ntime ${seconds}\n${text}`)
    case SIGNATURE_TYPE.mlDsa44: {
      const head = parseCheckpoint(text)
      return head && subtreeMessage(key.name, head, seconds)
    }
  }
}

/** C2SP tlog-cosignature: a subtree that begins at 0, so the whole tree. */
function subtreeMessage(name: string, { origin, root, size }: Checkpoint, seconds: number): Uint8Array | undefined {
  const nameBytes = encodeUtf8(name)
  const originBytes = encodeUtf8(origin)
  if (nameBytes.length > 255 || originBytes.length > 255) return undefined
  return concat([
    encodeUtf8('subtree/v1\n\0'),
    Uint8Array.of(nameBytes.length),
    nameBytes,
    uint64(seconds),
    Uint8Array.of(originBytes.length),
    originBytes,
    uint64(0),
    uint64(size),
    root,
  ])
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  writeUint64(new DataView(bytes.buffer), 0, value)
  return bytes
}

function publicKeyOf({ publicKey, type }: VerifierKey): KeyObject {
  const head = fromHex(DER_HEADS[type])
  assert(head !== undefined, 'a head is hexadecimal')
  const lines = ['-----BEGIN PUBLIC KEY-----', toBase64(concat([head, publicKey])), '-----END PUBLIC KEY-----', '']
  return createPublicKey(lines.join('\n'))
}

/** The DER of a public key is a fixed head and the raw key. */
function rawPublicKey(key: KeyObject): Uint8Array {
  const der = key.export({ format: 'der', type: 'spki' })
  const head =
    key.asymmetricKeyType === 'ed25519' ? DER_HEADS[SIGNATURE_TYPE.ed25519] : DER_HEADS[SIGNATURE_TYPE.mlDsa44]
  return der.subarray(head.length / 2)
}
