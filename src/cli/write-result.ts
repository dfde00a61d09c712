import { closeSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { GatewayError } from '../base/assert.ts'
import { encodeUtf8 } from '../base/bytes.ts'

/** Whose a file is to be. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Writes a file that is there whole or not at all: beside its place first, then renamed, with the folder synced. */
export function writeWhole(path: string, pieces: Iterable<string | Uint8Array>, mode = 0o600, owner?: Owner): void {
  const beside = `${path}.part`
  try {
    const fd = openSync(beside, 'w', mode)
    try {
      if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid)
      for (const piece of pieces) writeAll(fd, typeof piece === 'string' ? encodeUtf8(piece) : piece)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(beside, path)
    syncFolder(dirname(path))
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cannotWrite(path, cause)
  }
}

export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at)
}

/** A rename is durable once the folder is (audit.md, 5.4). */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export function cannotWrite(path: string, cause: unknown): GatewayError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError('config_invalid', `${path} cannot be written: ${why}.`, { cause })
}
