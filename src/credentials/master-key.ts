import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { fromBase64, fromBase64Url, fromHex, toBase64 } from '../base/bytes.ts'
import { GatewayError } from '../base/assert.ts'

/** The key that wraps all others. It stands outside the database: in the environment, or in a file of its own. */
export interface MasterKey {
  readonly key: KeyObject
  /** Names the key without saying anything about it; stored beside what it wraps. */
  readonly id: string
}

const KEY_BYTES = 32
/** Bytes read of a key file; a key has at most 64 characters. */
const KEY_FILE_BYTES_MAX = 1024

/** 32 bytes as base64 (44 characters), base64url (43) or hexadecimal (64). Throws `config_invalid`; `where` is for its message. */
export function parseMasterKey(text: string, where: string): MasterKey {
  const trimmed = text.trim()
  const bytes = fromHex(trimmed) ?? fromBase64(trimmed) ?? fromBase64Url(trimmed)
  if (bytes?.length !== KEY_BYTES) {
    throw new GatewayError(
      'config_invalid',
      `The master key in ${where} must be ${KEY_BYTES} random bytes as base64 or hexadecimal digits; make one with: openssl rand -base64 ${KEY_BYTES}`,
    )
  }
  return fromBytes(bytes)
}

/** Reads a key file. Throws `config_invalid` if there is none or others may read it. */
export function readMasterKeyFile(path: string): MasterKey {
  const file = open(path, constants.O_RDONLY)
  try {
    // Of the open file, not of the path: what is checked is what is read.
    const { mode, uid, size } = fstatSync(file)
    if (isLoose(mode, uid)) {
      throw new GatewayError('config_invalid', `Others can read the master key in ${path}; run: chmod 600 ${path}`)
    }
    if (size > KEY_FILE_BYTES_MAX) throw new GatewayError('config_invalid', `${path} is too large to be a master key.`)
    return parseMasterKey(readFileSync(file, 'utf8'), path)
  } finally {
    closeSync(file)
  }
}

/** Makes a new key file that only its owner can read. Throws `config_invalid` if there is one: it may be the only copy. */
export function createMasterKeyFile(path: string): MasterKey {
  const file = open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)
  const bytes = randomBytes(KEY_BYTES)
  try {
    writeFileSync(file, `${toBase64(bytes)}\n`)
    // What is encrypted from here on is lost with this file.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return fromBytes(bytes)
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600)
  } catch (cause) {
    throw new GatewayError('config_invalid', `The master key file ${path} cannot be opened.`, { cause })
  }
}

/**
 * A file that is ours is for us alone. One that is another user's and lent to our group, as secrets mounted into a
 * container are, may be read by that group.
 */
function isLoose(mode: number, uid: number): boolean {
  const self = process.getuid?.()
  // Windows has no such bits.
  if (self === undefined) return false
  return (mode & 0o027) !== 0 || ((mode & 0o040) !== 0 && uid === self)
}

function fromBytes(bytes: Uint8Array): MasterKey {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  const id = createHmac('sha256', key).update('sallyport master key id').digest('hex').slice(0, 16)
  return { key, id }
}
