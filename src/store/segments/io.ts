// The segment store: keeps the promise behind a Receipt. A record counts as durable only once its whole commit was
// written and `fdatasync` of its file has returned (audit.md, 3.1); after any failure the file is never trusted again.
// Here: every call that the writer makes to the disk. Tests wrap it to break it.
import * as fs from 'node:fs'
import { mkdir, open as openFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface Io {
  open(path: string, flags: 'r' | 'r+'): number
  close(fd: number): void
  size(fd: number): number
  /** One `pread`; how many bytes came. */
  read(fd: number, into: Uint8Array, position: number): number
  /** One `pwrite`; how many bytes went, which may be fewer than asked. */
  write(fd: number, bytes: Uint8Array, position: number): number
  fdatasync(fd: number): void
  list(folder: string): string[]
  /** Durable when it returns: a removed segment that came back after a power cut would be taken for a second history. */
  remove(path: string): void
  /** The whole file; undefined where there is none. */
  readFile(path: string): Uint8Array | undefined
  /** Undefined where there is none. */
  sizeOf(path: string): number | undefined
  /** Puts the bytes there in one step, so that no reader sees half of them. Not durable: after a power cut the file may be empty. */
  replace(path: string, bytes: Uint8Array): void
  /**
   * Makes a file beside everything else; one that is there and as long stays as it is. Nobody may ask for it before this
   * resolves: a crash, and for a moment a reader, may find half of it. Not durable.
   */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** Puts bytes at the end, from `end` on, where what stood behind was cut off by a crash. Durable when it returns. */
  appendDurably(path: string, end: number, bytes: Uint8Array): void
  /** Puts a file, which is synced, in the place of another. Durable when it returns. */
  rename(path: string, to: string): void
  removeFolder(path: string): Promise<void>
  /** Resolves once a file of so many zeros is durable under this name, its folder entry included. */
  makeZeros(path: string, bytes: number): Promise<void>
}

export const diskIo: Io = {
  open: (path, flags) => fs.openSync(path, flags),
  close: (fd) => fs.closeSync(fd),
  size: (fd) => fs.fstatSync(fd).size,
  read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
  write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
  fdatasync: (fd) => fs.fdatasyncSync(fd),
  list: (folder) => fs.readdirSync(folder),
  remove,
  readFile,
  sizeOf: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size,
  replace,
  put,
  appendDurably,
  rename: (path, to) => {
    fs.renameSync(path, to)
    syncFolder(dirname(to))
  },
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
  makeZeros,
}

function readFile(path: string): Uint8Array | undefined {
  try {
    return fs.readFileSync(path)
  } catch (failure) {
    if (isNotThere(failure)) return undefined
    throw failure
  }
}

function replace(path: string, bytes: Uint8Array): void {
  const unfinished = path + UNFINISHED
  try {
    fs.writeFileSync(unfinished, bytes, { mode: 0o600 })
  } catch (failure) {
    if (!isNotThere(failure)) throw failure
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    fs.writeFileSync(unfinished, bytes, { mode: 0o600 })
  }
  fs.renameSync(unfinished, path)
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await create(path, bytes)
  } catch (failure) {
    if (isNotThere(failure)) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      return create(path, bytes)
    }
    if (codeOf(failure) !== 'EEXIST') throw failure
    await mendBeside(path, bytes)
  }
}

/**
 * To make a file is what may wait for the file system, and so is done beside; to write it copies some pages, as a commit does,
 * and takes less than another change of threads. What fails half way is mended when it is put again.
 */
function create(path: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.open(path, 'wx', 0o600, (failure, fd) => {
      if (failure !== null) return reject(failure)
      try {
        try {
          fs.writeFileSync(fd, bytes)
        } finally {
          fs.closeSync(fd)
        }
        resolve()
      } catch (trouble) {
        reject(trouble)
      }
    })
  })
}

/** A whole file that is there stays: another thread may have synced it, and what takes its place is not. A shorter one was cut off by a crash. */
async function mendBeside(path: string, bytes: Uint8Array): Promise<void> {
  if (fs.statSync(path, { throwIfNoEntry: false })?.size === bytes.length) return
  const unfinished = path + UNFINISHED
  await writeFile(unfinished, bytes, { mode: 0o600 })
  await rename(unfinished, path)
}

function codeOf(failure: unknown): unknown {
  return failure instanceof Error && 'code' in failure ? failure.code : undefined
}

function appendDurably(path: string, end: number, bytes: Uint8Array): void {
  const isNew = !fs.existsSync(path)
  const fd = fs.openSync(path, isNew ? 'wx' : 'r+', 0o600)
  try {
    if (fs.fstatSync(fd).size > end) fs.ftruncateSync(fd, end)
    for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at, bytes.length - at, end + at)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  if (isNew) syncFolder(dirname(path))
}

export function isNotThere(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'ENOENT'
}

function remove(path: string): void {
  fs.unlinkSync(path)
  syncFolder(dirname(path))
}

/** Makes what was created, renamed or removed in a folder durable. */
export function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** Large enough to keep the disk busy, small enough not to hold up the commits in between. */
const ZEROS_AT_ONCE_BYTES = 1024 * 1024
/** Under this name a file is not whole yet; a start removes it. */
export const UNFINISHED = '.new'

/** Overwriting zeros that are allocated already changes no metadata, so that a sync needs no journal commit (audit.md, 5.4). */
async function makeZeros(path: string, bytes: number): Promise<void> {
  const unfinished = path + UNFINISHED
  try {
    await using file = await openFile(unfinished, 'w', 0o600)
    const zeros = new Uint8Array(Math.min(bytes, ZEROS_AT_ONCE_BYTES))
    for (let at = 0; at < bytes;) {
      const { bytesWritten } = await file.write(zeros, 0, Math.min(zeros.length, bytes - at), at)
      at += bytesWritten
    }
    await file.sync()
  } catch (failure) {
    // What was allocated goes back at once: on a full disk it may be what an outcome needs.
    await rm(unfinished, { force: true })
    throw failure
  }
  await rename(unfinished, path)
  await using folder = await openFile(dirname(path), 'r')
  await folder.sync()
}

/** Reads the whole file, however many calls that takes. */
export function readAll(io: Io, path: string): Uint8Array {
  const fd = io.open(path, 'r')
  try {
    const bytes = new Uint8Array(io.size(fd))
    let at = 0
    while (at < bytes.length) {
      const count = io.read(fd, bytes.subarray(at), at)
      if (count === 0) break
      at += count
    }
    return bytes.subarray(0, at)
  } finally {
    io.close(fd)
  }
}

/** Continues short writes to the end. A write that makes no progress is a failure. */
export function writeAll(io: Io, fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const count = io.write(fd, at === 0 ? bytes : bytes.subarray(at), position + at)
    if (count <= 0) throw Object.assign(new Error('a write made no progress'), { code: 'EIO' })
    at += count
  }
}
