import { dirname, join } from 'node:path'
import { parseCheckpoints, parseSignedCheckpoint, type SignedCheckpoint } from '../../audit/checkpoint.ts'
import type { VerifierKey } from '../../audit/note-key.ts'
import { consistencyProof, tileHashReader } from '../../audit/proof.ts'
import { GatewayError } from '../../base/assert.ts'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import type { WitnessedLog } from '../../witness/witness-round.ts'
import { diskIo } from './io.ts'
import { keysOf } from './note-keys.ts'
import { findLogOfLogs } from './stream.ts'
import { readTile } from './tile-files.ts'

/** The log that leaves the node, as its folder has it: heads for outsiders, and what they gave back. */
export interface WitnessedFolder extends WitnessedLog {
  /** Where what outsiders gave is kept. */
  readonly path: string
}

/** Heads with their cosignatures, one after the other. */
const WITNESSED = 'witnessed'

/** A head of the log of logs with both of its signatures has 4 KiB. */
const TAIL_BYTES = 64 * 1024

/** Of a data folder whose log is open: the log of logs commits the heads of all streams, and only it is shown (audit.md, 7.5). */
export function witnessedFolder(dataFolder: string): WitnessedFolder {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined)
    throw new GatewayError('log_unavailable', `There is no log in ${dataFolder} whose heads could be handed out.`)
  const path = dirname(found.folder)
  let end: number | undefined
  return {
    path,
    // A key that follows another one signs from a later head on, so they are looked up when they are needed.
    get keys() {
      return keysOf(dataFolder, found.origin)
    },
    newest: () => {
      const note = diskIo.readFile(join(path, 'checkpoint'))
      return note && parseSignedCheckpoint(note)
    },
    proof: (oldSize, size) =>
      consistencyProof(
        oldSize,
        size,
        tileHashReader(size, (at) => tileOf(path, at)),
      ),
    keep: (note) => {
      const bytes = encodeUtf8(note)
      // What a crash cut off while it was written is no head, and is written over.
      end ??= parseCheckpoints(decodeUtf8(diskIo.readFile(join(path, WITNESSED)) ?? new Uint8Array(0))).end
      diskIo.appendDurably(join(path, WITNESSED), end, bytes)
      end += bytes.length
    },
  }
}

/** The newest head that was ever signed here, for whoever asks before the log is opened; undefined where there is none. */
export function newestSigned(dataFolder: string): WitnessedStart | undefined {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined) return undefined
  const bytes = tailOf(join(dirname(found.folder), 'checkpoints'))
  // The tail may begin in the middle of a head, which is then none.
  const head = parseCheckpoints(decodeUtf8(bytes)).heads.findLast((one) => one.head?.origin === found.origin)?.head
  return head && { head, keys: keysOf(dataFolder, found.origin) }
}

export interface WitnessedStart {
  readonly head: SignedCheckpoint
  readonly keys: readonly VerifierKey[]
}

function tailOf(path: string): Uint8Array {
  const size = diskIo.sizeOf(path)
  if (size === undefined) return new Uint8Array(0)
  const from = Math.max(0, size - TAIL_BYTES)
  const bytes = new Uint8Array(size - from)
  const fd = diskIo.open(path, 'r')
  try {
    const count = diskIo.read(fd, bytes, from)
    return bytes.subarray(0, count)
  } finally {
    diskIo.close(fd)
  }
}

function tileOf(folder: string, at: Parameters<typeof readTile>[1]): Uint8Array {
  const bytes = readTile(folder, at)
  if (bytes === undefined)
    throw new GatewayError(
      'log_unavailable',
      `A tile of the log is missing in ${folder}. Restart the gateway; it makes it again.`,
    )
  return bytes
}
