import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder, UNFINISHED } from '../segments/io.ts'

/** The file is there whole or not at all, also after a power cut: written beside, synced, renamed, folder synced. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  writeBeside(path, bytes)
  syncFolder(dirname(path))
}

/** The same but for the folder: whoever writes many files into it syncs it once, after the last. */
export function writeBeside(path: string, bytes: Uint8Array): void {
  // A name of its own: the writer of the log may be at the same file at the same time.
  const unfinished = `${path}.whole${UNFINISHED}`
  const fd = openSync(unfinished, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at)
    fsyncSync(fd)
  } catch (failure) {
    // What was allocated goes back at once: on a full disk it may be what an outcome needs.
    rmSync(unfinished, { force: true })
    throw failure
  } finally {
    closeSync(fd)
  }
  renameSync(unfinished, path)
}
