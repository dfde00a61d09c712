import { dirname, join } from 'node:path'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../../audit/checkpoint.ts'
import type { VerifierKey } from '../../audit/note-key.ts'
import { consistencyProof, tileHashReader } from '../../audit/proof.ts'
import { GatewayError } from '../../base/assert.ts'
import { appendHead, tailOf } from '../../witness/head-file.ts'
import type { WitnessedLog } from '../../witness/witness-round.ts'
import { diskIo } from './io.ts'
import { keysOf } from './note-keys.ts'
import { findLogOfLogs } from './stream.ts'
import { takeThinned } from './thinned-heads.ts'
import { readTile } from './tile-files.ts'
import { WITNESSED } from './verify-stream.ts'

/** The log that leaves the node, as its folder has it: heads for outsiders, and what they gave back. */
export interface WitnessedFolder extends WitnessedLog {
  /** Where what outsiders gave is kept. */
  readonly path: string
}

/** Of a data folder whose log is open: the log of logs commits the heads of all streams, and only it is shown (audit.md, 7.5). */
export function witnessedFolder(dataFolder: string): WitnessedFolder {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined)
    throw new GatewayError('log_unavailable', `There is no log in ${dataFolder} whose heads could be handed out.`)
  const path = dirname(found.folder)
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
    keep: async (note) => {
      takeThinned(diskIo, path, WITNESSED)
      const file = join(path, WITNESSED)
      await appendHead(file, (await tailOf(file)).end, note)
    },
  }
}

/** The newest head that was ever signed here, for whoever asks before the log is opened; undefined where there is none. */
export async function newestSigned(dataFolder: string): Promise<WitnessedStart | undefined> {
  const found = findLogOfLogs(dataFolder)
  if (found === undefined) return undefined
  const { heads } = await tailOf(join(dirname(found.folder), 'checkpoints'))
  const head = heads.findLast((one) => one.head?.origin === found.origin)?.head
  return head && { head, keys: keysOf(dataFolder, found.origin) }
}

export interface WitnessedStart {
  readonly head: SignedCheckpoint
  readonly keys: readonly VerifierKey[]
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
