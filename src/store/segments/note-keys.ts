import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { assert, GatewayError } from '../../base/assert.ts'
import { isObject, parseJson, stringifyJson } from '../../base/json.ts'
import { SIGNATURE_TYPE, type VerifierKey, writeVerifierKey } from '../../audit/note-key.ts'
import { type NoteSigner, noteSigner } from '../../audit/note-signature.ts'
import { incarnationOf, isLogOfLogs, type Origin } from '../../audit/origin.ts'
import { syncFolder, UNFINISHED } from './io.ts'

/** Both the old and the new key sign for so long, so that whoever checks has time to take the new one over (audit.md, 7.4). */
export const OVERLAP_SECONDS = 24 * 60 * 60

/** A key of a stream: `note-<incarnation>.pem`, `.2.pem` for the one after it, and so on. */
export interface NoteKey {
  readonly file: string
  readonly signer: NoteSigner
  /** Until when it signs, in seconds since the epoch; undefined while no other follows it. */
  readonly until: number | undefined
  /** The log says that this key signs: in its first record, or in a `log.key` record. */
  readonly announced: boolean
}

type Algorithm = 'ed25519' | 'ml-dsa-44'

const SUFFIX: Readonly<Record<Algorithm, string>> = { ed25519: '', 'ml-dsa-44': '-ml-dsa-44' }

/**
 * The private keys of a stream's heads: one line of keys for each algorithm, never for anything else (audit.md, 7.4). Which of
 * them the log has announced is remembered beside them; where that is lost, a key is announced once more.
 */
export class NoteKeys {
  readonly #folder: string
  readonly #origin: Origin
  readonly #keys: readonly NoteKey[]

  private constructor(folder: string, origin: Origin, keys: readonly NoteKey[]) {
    this.#folder = folder
    this.#origin = origin
    this.#keys = keys
  }

  /** Reads them. `missing: 'make'` for a new stream; else a missing key is a loss. */
  static load(
    dataFolder: string,
    origin: Origin,
    of: { algorithms: readonly Algorithm[]; missing: 'make' | 'refuse' },
  ): NoteKeys {
    const folder = join(dataFolder, 'keys')
    const remembered = readRemembered(folder, origin)
    const keys = of.algorithms.flatMap((algorithm) => {
      const files = keyFiles(folder, origin, algorithm)
      if (files.length === 0 && of.missing === 'make') files.push(makeKey(folder, origin, { algorithm, number: 1 }))
      if (files.length === 0) throw unreadable(join(folder, keyFile(origin, algorithm, 1)))
      return files.map((file) => ({
        file,
        signer: readSigner(join(folder, file), origin),
        ...stateOf(remembered[file]),
      }))
    })
    return new NoteKeys(folder, origin, keys)
  }

  /** Those that sign now, newest last. */
  signersAt(seconds: number): readonly NoteSigner[] {
    return this.#keys
      .filter(({ announced, until }) => announced && (until === undefined || seconds < until))
      .map(({ signer }) => signer)
  }

  /** The newest Ed25519 key that signs now: client receipts have one signature. */
  receiptSignerAt(seconds: number): NoteSigner | undefined {
    return this.signersAt(seconds).findLast(({ key }) => key.type === SIGNATURE_TYPE.ed25519)
  }

  /** Each of them; for the empty tree, before anything could be announced. */
  get all(): readonly NoteSigner[] {
    return this.#keys.map(({ signer }) => signer)
  }

  get unannounced(): readonly NoteKey[] {
    return this.#keys.filter(({ announced }) => !announced)
  }

  get verifierKeys(): readonly VerifierKey[] {
    return this.#keys.map(({ signer }) => signer.key)
  }

  /** The log says it now, durably: the key signs from here on, and those of its algorithm before it for a day more. */
  announced(key: NoteKey, seconds: number): NoteKeys {
    const type = key.signer.key.type
    const keys = this.#keys.map((one): NoteKey => {
      if (one.file === key.file) return { ...one, announced: true }
      const before = one.announced && one.signer.key.type === type && one.until === undefined
      return before ? { ...one, until: seconds + OVERLAP_SECONDS } : one
    })
    const state = Object.fromEntries(
      keys.flatMap(({ announced, file, until }) => (announced ? [[file, until === undefined ? {} : { until }]] : [])),
    )
    replaceDurably(stateFile(this.#folder, this.#origin), stringifyJson(state))
    return new NoteKeys(this.#folder, this.#origin, keys)
  }
}

/** Those of a writer. The log of logs is what outsiders check, so its heads have a signature that outlives quantum computers too. */
export function keysToSign(of: { dataFolder: string; origin: Origin; opened: boolean }): NoteKeys {
  const algorithms = isLogOfLogs(of.origin) ? (['ed25519', 'ml-dsa-44'] as const) : (['ed25519'] as const)
  return NoteKeys.load(of.dataFolder, of.origin, { algorithms, missing: of.opened ? 'refuse' : 'make' })
}

/** Makes the key that follows the newest. A gateway that runs announces it within a minute, another at its start. */
export function makeNextKey(dataFolder: string, origin: Origin): { readonly path: string; readonly key: VerifierKey } {
  const folder = join(dataFolder, 'keys')
  const number = keyFiles(folder, origin, 'ed25519').length + 1
  if (number === 1) throw unreadable(join(folder, keyFile(origin, 'ed25519', 1)))
  const path = join(folder, makeKey(folder, origin, { algorithm: 'ed25519', number }))
  return { path, key: readSigner(path, origin).key }
}

/** Public keys of a stream's heads. Reads only; empty where the private ones are not here. */
export function keysOf(dataFolder: string, origin: Origin): readonly VerifierKey[] {
  const folder = join(dataFolder, 'keys')
  const files = [...keyFiles(folder, origin, 'ed25519'), ...keyFiles(folder, origin, 'ml-dsa-44')]
  return files.map((file) => readSigner(join(folder, file), origin).key)
}

export function writtenKeys(keys: readonly VerifierKey[]): readonly string[] {
  return keys.map(writeVerifierKey)
}

function keyFile(origin: Origin, algorithm: Algorithm, number: number): string {
  return `note-${incarnationOf(origin)}${SUFFIX[algorithm]}${number === 1 ? '' : `.${number}`}.pem`
}

/** Those that are there, in their order, without a gap. */
function keyFiles(folder: string, origin: Origin, algorithm: Algorithm): string[] {
  const files: string[] = []
  for (let number = 1; fs.existsSync(join(folder, keyFile(origin, algorithm, number))); number++)
    files.push(keyFile(origin, algorithm, number))
  return files
}

function makeKey(folder: string, origin: Origin, of: { algorithm: Algorithm; number: number }): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(dirname(folder))
  const { privateKey } = of.algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ml-dsa-44')
  const file = keyFile(origin, of.algorithm, of.number)
  // Fails where the file exists: a key is never written over.
  writeSynced(join(folder, file), privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'wx')
  syncFolder(folder)
  return file
}

function readSigner(path: string, origin: Origin): NoteSigner {
  let key: KeyObject
  try {
    key = createPrivateKey(fs.readFileSync(path))
  } catch (cause) {
    throw unreadable(path, cause)
  }
  const { asymmetricKeyType } = key
  if (asymmetricKeyType !== 'ed25519' && asymmetricKeyType !== 'ml-dsa-44') throw unreadable(path)
  return noteSigner(origin, asymmetricKeyType === 'ed25519' ? SIGNATURE_TYPE.ed25519 : SIGNATURE_TYPE.mlDsa44, key)
}

function stateFile(folder: string, origin: Origin): string {
  return join(folder, `note-${incarnationOf(origin)}.json`)
}

type Remembered = Readonly<Record<string, unknown>>

function readRemembered(folder: string, origin: Origin): Remembered {
  const path = stateFile(folder, origin)
  if (!fs.existsSync(path)) return {}
  const value = parseJson(fs.readFileSync(path))
  assert(isObject(value), `${basename(path)} is what was written`)
  return value
}

function stateOf(remembered: unknown): Pick<NoteKey, 'announced' | 'until'> {
  const until = isObject(remembered) ? remembered['until'] : undefined
  return { announced: remembered !== undefined, until: typeof until === 'number' ? until : undefined }
}

function replaceDurably(path: string, text: string): void {
  writeSynced(path + UNFINISHED, text, 'w')
  fs.renameSync(path + UNFINISHED, path)
  syncFolder(dirname(path))
}

function writeSynced(path: string, text: string, flags: 'w' | 'wx'): void {
  const fd = fs.openSync(path, flags, 0o600)
  try {
    fs.writeFileSync(fd, text)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

function unreadable(path: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'log_unavailable',
    `The key of the audit log, ${path}, cannot be read. Restore it from a backup.`,
    { cause },
  )
}
