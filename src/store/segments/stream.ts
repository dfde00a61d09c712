import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fromBase64Url } from '../../base/bytes.ts'
import { assert, GatewayError } from '../../base/assert.ts'
import { SIGNATURE_TYPE, verifierKeyOf, writeVerifierKey } from '../../audit/note-key.ts'
import {
  DEPLOYMENT_BYTES,
  INCARNATION_BYTES,
  incarnationOf,
  isOrigin,
  type Origin,
  originOf,
} from '../../audit/origin.ts'
import { syncFolder } from './io.ts'

/** One log with one writer, and where it lies. */
export interface Stream {
  readonly origin: Origin
  /** Folder of its segments. */
  readonly folder: string
}

export interface OwnStream extends Stream {
  /** Public key of its heads, as a note verifier wants it. */
  readonly verifierKey: string
  /** Its first record was durable before. */
  readonly opened: boolean
}

/** The stream of a data folder; undefined where there is none yet. Reads only. Throws GatewayError where it is unclear which one it is. */
export function findStream(dataFolder: string): (Stream & { readonly opened: boolean }) | undefined {
  const named = readOrigin(dataFolder)
  if (named !== undefined) return { origin: named, folder: folderOf(dataFolder, named), opened: true }
  // A first start that was cut off has made the folder but not yet its name.
  const [found, ...others] = listOrigins(dataFolder)
  if (others.length > 0)
    throw unavailable(
      `${originFile(dataFolder)} is missing, and there are several logs. Write the name of the right one into it.`,
    )
  return found && { origin: found, folder: folderOf(dataFolder, found), opened: false }
}

/** The stream to write to, made if there is none. */
export function openStream(dataFolder: string): OwnStream {
  const found = findStream(dataFolder)
  const origin = found?.origin ?? newOrigin()
  const key = found === undefined ? makeKey(dataFolder, origin) : readKey(dataFolder, origin)
  const folder = folderOf(dataFolder, origin)
  if (found === undefined) makeFolder(folder)
  return {
    origin,
    folder,
    verifierKey: writeVerifierKey(verifierKeyOf(origin, SIGNATURE_TYPE.ed25519, rawPublicKey(key))),
    opened: found?.opened ?? false,
  }
}

/** From here on an empty folder is a loss, not a beginning. Called once the first record is durable. */
export function nameStream(dataFolder: string, origin: Origin): void {
  if (readOrigin(dataFolder) === origin) return
  const path = originFile(dataFolder)
  writeDurably(`${path}.new`, `${origin}\n`)
  fs.renameSync(`${path}.new`, path)
  syncFolder(dirname(path))
}

function newOrigin(): Origin {
  return originOf({
    deployment: randomBytes(DEPLOYMENT_BYTES),
    node: randomBytes(DEPLOYMENT_BYTES),
    incarnation: randomBytes(INCARNATION_BYTES),
  })
}

function originFile(dataFolder: string): string {
  return join(dataFolder, 'audit', 'origin')
}

function folderOf(dataFolder: string, origin: Origin): string {
  return join(dataFolder, 'audit', origin, 'wal')
}

function readOrigin(dataFolder: string): Origin | undefined {
  const path = originFile(dataFolder)
  if (!fs.existsSync(path)) return undefined
  const text = fs.readFileSync(path, 'utf8').trim()
  if (isOrigin(text)) return text
  throw unavailable(`${path} does not hold the name of a log. Restore it from a backup.`)
}

function listOrigins(dataFolder: string): Origin[] {
  const audit = join(dataFolder, 'audit')
  if (!fs.existsSync(audit)) return []
  return fs
    .globSync('*/*/*/wal', { cwd: audit })
    .map((path) => path.slice(0, -'/wal'.length))
    .filter(isOrigin)
}

/** One key for each incarnation, never for anything else (audit.md, 7.4). */
function keyFile(dataFolder: string, origin: Origin): string {
  return join(dataFolder, 'keys', `note-${incarnationOf(origin)}.pem`)
}

function makeKey(dataFolder: string, origin: Origin): KeyObject {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const path = keyFile(dataFolder, origin)
  makeFolder(dirname(path))
  writeDurably(path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  syncFolder(dirname(path))
  return publicKey
}

function readKey(dataFolder: string, origin: Origin): KeyObject {
  const path = keyFile(dataFolder, origin)
  try {
    return createPublicKey(fs.readFileSync(path))
  } catch (cause) {
    throw unavailable(`The key of the audit log, ${path}, cannot be read. Restore it from a backup.`, cause)
  }
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const raw = fromBase64Url(key.export({ format: 'jwk' }).x ?? '')
  assert(raw !== undefined, 'an Ed25519 key has a public part')
  return raw
}

function makeFolder(path: string): void {
  const first = fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) syncFolder(dirname(folder))
}

/** Fails where the file exists: a key is never written over. */
function writeDurably(path: string, text: string): void {
  const fd = fs.openSync(path, path.endsWith('.new') ? 'w' : 'wx', 0o600)
  try {
    fs.writeFileSync(fd, text)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

function unavailable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('log_unavailable', message, { cause })
}
