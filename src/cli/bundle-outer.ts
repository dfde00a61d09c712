import { dirname } from 'node:path'
import { writeNote } from '../audit/note.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import type { EntryKind } from '../audit/entry.ts'
import { consistencyProof } from '../audit/proof.ts'
import { writeTlogProof } from '../audit/tlog-proof.ts'
import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import { recorded, type RecordedRecord, textAt } from '../recording/read.ts'
import type { PackKeys } from '../store/packs/keys.ts'
import { newestFirst } from '../store/segments/read-newest.ts'
import { findLogOfLogs } from '../store/segments/stream.ts'
import { newestOf, proofOf } from './audit-prove.ts'
import type { BundleFiles, Proving } from './bundle-files.ts'

/**
 * From outside in (audit.md, 7.5): the head of the log of logs that witnesses have seen, what that log says of this one, and how
 * this one has grown since. Empty where the log of logs holds nothing of it yet, or nothing that can be opened.
 */
export function outerFiles(dataFolder: string, { head, read }: Proving, keys: PackKeys | undefined): BundleFiles {
  const files: BundleFiles = new Map()
  const stream = findLogOfLogs(dataFolder)
  const folder = stream && dirname(stream.folder)
  const all = folder === undefined ? undefined : newestOf(folder)
  if (stream === undefined || folder === undefined || all === undefined) return files
  const below = [...newestFirst({ folder: dataFolder, keys }, stream)]
    .filter(({ seq }) => seq < all.size)
    .map(recorded)
    .filter(({ envelope }) => textAt(envelope, 'node', 'origin') === head.origin)
  const joined = below.find(isOf('node.join'))
  const handedIn = below.find((one) => isOf('node.checkpoint')(one) && headOf(one).size <= head.size)
  if (joined === undefined || handedIn === undefined) return files
  const { size } = headOf(handedIn)
  files.set('checkpoints/all.txt', encodeUtf8(writeNote(all.note)))
  files.set('proofs/join.tlog-proof', proofFile(folder, joined, all))
  files.set('proofs/handed-in.tlog-proof', proofFile(folder, handedIn, all))
  files.set('log-of-logs.json', encodeUtf8(`${stringifyJson({ join: opened(joined), handed_in: opened(handedIn) })}\n`))
  const lines = ['sallyport/consistency-proof/v1', `${size} ${head.size}`]
  files.set(
    'proofs/consistency.txt',
    encodeUtf8([...lines, ...consistencyProof(size, head.size, read).map(toBase64), ''].join('\n')),
  )
  return files
}

function isOf(kind: EntryKind): (record: RecordedRecord) => boolean {
  return ({ integrity, stored }) => stored.entry.kind === kind && integrity === 'verified'
}

/** As it was handed in; larger than any where it cannot be read. */
function headOf({ envelope }: RecordedRecord): Pick<SignedCheckpoint, 'size'> {
  return parseSignedCheckpoint(textAt(envelope, 'node', 'checkpoint') ?? '') ?? { size: Infinity }
}

function proofFile(folder: string, { stored: { seq } }: RecordedRecord, all: SignedCheckpoint): Uint8Array {
  return encodeUtf8(writeTlogProof({ ...proofOf(folder, seq, all), index: seq, checkpoint: all }))
}

function opened({ stored }: RecordedRecord): JsonObject {
  const { bytes, salt } = stored.parts.envelope ?? {}
  return { salt: toBase64(salt ?? new Uint8Array(0)), bytes: toBase64(bytes ?? new Uint8Array(0)) }
}
