import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { GatewayError } from '../../base/assert.ts'
import { isObject, parseJson, stringifyJson } from '../../base/json.ts'
import {
  DEPLOYMENT_BYTES,
  deploymentOf,
  INCARNATION_BYTES,
  isLogOfLogs,
  isOrigin,
  logOfLogsOf,
  type Origin,
  originOf,
} from '../../audit/origin.ts'
import { syncFolder, UNFINISHED } from './io.ts'
import type { Predecessor } from './own-records.ts'

/** One log with one writer, and where it lies. */
export interface Stream {
  readonly origin: Origin
  /** Folder of its segments. */
  readonly folder: string
}

export interface OwnStream extends Stream {
  /** Where its keys are. */
  readonly dataFolder: string
  /** Its first record was durable before. */
  readonly opened: boolean
  /** Which log it follows, where an operator said so. */
  readonly predecessor?: Predecessor | undefined
}

/** The stream of a data folder; undefined where there is none yet. Reads only. Throws GatewayError where it is unclear which one it is. */
export function findStream(dataFolder: string): (Stream & { readonly opened: boolean }) | undefined {
  return findNamed(dataFolder, ORIGIN_FILE, (origin) => !isLogOfLogs(origin))
}

function findNamed(
  dataFolder: string,
  file: string,
  wanted: (origin: Origin) => boolean,
): (Stream & { readonly opened: boolean }) | undefined {
  const named = readName(dataFolder, file)
  if (named !== undefined) return { origin: named, folder: folderOf(dataFolder, named), opened: true }
  // A first start that was cut off has made the folder but not yet its name.
  const [found, ...others] = listOrigins(dataFolder).filter(wanted)
  if (others.length > 0)
    throw unavailable(
      `${join(dataFolder, 'audit', file)} is missing, and there are several logs. Write the name of the right one into it.`,
    )
  return found && { origin: found, folder: folderOf(dataFolder, found), opened: false }
}

/** The stream to write to, made if there is none. */
export function openStream(dataFolder: string): OwnStream {
  const next = readNext(dataFolder)
  const found = next === undefined ? findStream(dataFolder) : undefined
  const origin =
    next?.origin ?? found?.origin ?? originOf({ deployment: newId(), node: newId(), incarnation: newIncarnation() })
  const opened = found?.opened ?? false
  return { ...makeStream(dataFolder, origin), opened, predecessor: next?.predecessor }
}

/** The log of logs of that stream's deployment; here it has the same owner (audit.md, 7.5). */
export function openLogOfLogs(dataFolder: string, of: Origin): OwnStream {
  const found = findLogOfLogs(dataFolder)
  const same = found !== undefined && deploymentOf(found.origin) === deploymentOf(of)
  const origin = same ? found.origin : logOfLogsOf(of, newIncarnation())
  return { ...makeStream(dataFolder, origin), opened: same && found.opened }
}

/** Undefined where no head was ever handed in. Reads only. */
export function findLogOfLogs(dataFolder: string): (Stream & { readonly opened: boolean }) | undefined {
  return findNamed(dataFolder, ALL_FILE, isLogOfLogs)
}

/** From here on an empty folder is a loss, not a beginning. Called once the first record is durable. */
export function nameStream(dataFolder: string, origin: Origin): void {
  const file = isLogOfLogs(origin) ? ALL_FILE : ORIGIN_FILE
  if (readName(dataFolder, file) !== origin) replaceDurably(join(dataFolder, 'audit', file), `${origin}\n`)
  if (file === ORIGIN_FILE && readNext(dataFolder)?.origin === origin) fs.rmSync(join(dataFolder, 'audit', NEXT_FILE))
}

/**
 * The next start begins a new log, which names this one: the way out where records are lost for good (audit.md, 6.2). Nothing
 * is removed. Throws GatewayError where there is no log.
 */
export function reopenStream(dataFolder: string, checkpoint: string | undefined): { before: Origin; next: Origin } {
  const before = readName(dataFolder, ORIGIN_FILE)
  if (before === undefined) throw unavailable(`There is no log in ${dataFolder} that a new one could follow.`)
  const [deployment, node] = before.split('/')
  const [, , incarnation] = originOf({ deployment: newId(), node: newId(), incarnation: newIncarnation() }).split('/')
  const next = `${deployment}/${node}/${incarnation}`
  const text = stringifyJson({ origin: next, predecessor: { checkpoint, origin: before } })
  replaceDurably(join(dataFolder, 'audit', NEXT_FILE), text)
  if (!isOrigin(next)) throw unavailable(`${dataFolder} does not hold the name of a log.`)
  return { before, next }
}

function readNext(dataFolder: string): { readonly origin: Origin; readonly predecessor: Predecessor } | undefined {
  const path = join(dataFolder, 'audit', NEXT_FILE)
  if (!fs.existsSync(path)) return undefined
  const value = parseJson(fs.readFileSync(path))
  const { origin, predecessor } = isObject(value) ? value : {}
  if (typeof origin !== 'string' || !isOrigin(origin) || !isObject(predecessor)) throw unreadableName(path)
  const { checkpoint, origin: before } = predecessor
  if (typeof before !== 'string') throw unreadableName(path)
  return {
    origin,
    predecessor: { origin: before, checkpoint: typeof checkpoint === 'string' ? checkpoint : undefined },
  }
}

function makeStream(dataFolder: string, origin: Origin): Stream & { readonly dataFolder: string } {
  const folder = folderOf(dataFolder, origin)
  makeFolder(folder)
  return { origin, folder, dataFolder }
}

function newId(): Uint8Array {
  return randomBytes(DEPLOYMENT_BYTES)
}

function newIncarnation(): Uint8Array {
  return randomBytes(INCARNATION_BYTES)
}

/** Name of the log, of the log of logs, and of a log that the next start begins. */
const ORIGIN_FILE = 'origin'
const ALL_FILE = 'all'
const NEXT_FILE = 'next'

function folderOf(dataFolder: string, origin: Origin): string {
  return join(dataFolder, 'audit', origin, 'wal')
}

function readName(dataFolder: string, file: string): Origin | undefined {
  const path = join(dataFolder, 'audit', file)
  if (!fs.existsSync(path)) return undefined
  const text = fs.readFileSync(path, 'utf8').trim()
  if (isOrigin(text)) return text
  throw unreadableName(path)
}

function unreadableName(path: string): GatewayError {
  return unavailable(`${path} does not hold the name of a log. Restore it from a backup.`)
}

function listOrigins(dataFolder: string): Origin[] {
  const audit = join(dataFolder, 'audit')
  if (!fs.existsSync(audit)) return []
  return fs
    .globSync('*/*/*/wal', { cwd: audit })
    .map((path) => path.slice(0, -'/wal'.length))
    .filter(isOrigin)
}

function makeFolder(path: string): void {
  const first = fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) syncFolder(dirname(folder))
}

function replaceDurably(path: string, text: string): void {
  const fd = fs.openSync(path + UNFINISHED, 'w', 0o600)
  try {
    fs.writeFileSync(fd, text)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  fs.renameSync(path + UNFINISHED, path)
  syncFolder(dirname(path))
}

function unavailable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('log_unavailable', message, { cause })
}
