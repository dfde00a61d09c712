import { encodeEntry } from '../audit/entry.ts'
import type { SignedCheckpoint } from '../audit/checkpoint.ts'
import { sha256 } from '../audit/hash.ts'
import { type VerifierKey, writeVerifierKey } from '../audit/note-key.ts'
import { writeNote } from '../audit/note.ts'
import { type HashReader, inclusionProof } from '../audit/proof.ts'
import { rangeProof, rootOfRange } from '../audit/range-proof.ts'
import { encodeBundle } from '../audit/tile.ts'
import { writeTlogProof } from '../audit/tlog-proof.ts'
import { GatewayError } from '../base/assert.ts'
import { encodeUtf8, equal, toBase64, toHex } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import type { RecordedRecord } from '../recording/read.ts'
import type { Disclosed, Gathered } from './bundle-gather.ts'

export type BundleFiles = Map<string, Uint8Array>

export interface Proving {
  readonly head: SignedCheckpoint
  readonly read: HashReader
  /** Keys of the log as this machine knows them: a hint, whoever checks brings their own. */
  readonly keys: readonly VerifierKey[]
}

/** Parts in one file; an auditor's editor opens it. */
const PARTS_PER_FILE = 5000

/** What proves: entries, the range in the tree, the head, what is gone. Checked before it is handed out. */
export function proofFiles(gathered: Gathered, { head, keys, read }: Proving): BundleFiles {
  const { entries, first, last, leaves, tombstones } = gathered
  const range = { from: first, to: last + 1 }
  const proof = rangeProof(range, head.size, read)
  const root = rootOfRange({ range, size: head.size, leaves, proof })
  if (root === undefined || !equal(root, head.root)) throw notProven()
  const files: BundleFiles = new Map()
  files.set('entries.bin', encodeBundle(entries))
  files.set('proofs/range.txt', encodeUtf8(rangeText(range, head.size, proof)))
  for (const [name, seq] of [
    ['first', first],
    ['last', last],
  ] as const)
    files.set(`proofs/${name}.tlog-proof`, encodeUtf8(proofOf(seq, entries[seq - first], { head, read })))
  files.set('checkpoints/head.txt', encodeUtf8(writeNote(head.note)))
  files.set('policy.txt', encodeUtf8(keys.map((key) => `log ${writeVerifierKey(key)}\n`).join('')))
  for (const tombstone of tombstones) {
    const { entry, seq } = tombstone.stored
    files.set(`proofs/tombstone-${seq}.tlog-proof`, encodeUtf8(proofOf(seq, encodeEntry(entry), { head, read })))
  }
  return files
}

function rangeText({ from, to }: { from: number; to: number }, size: number, proof: readonly Uint8Array[]): string {
  return [`sallyport/range-proof/v1`, `${from} ${to - from} ${size}`, ...proof.map(toBase64), ''].join('\n')
}

function proofOf(seq: number, entry: Uint8Array | undefined, { head, read }: Pick<Proving, 'head' | 'read'>): string {
  return writeTlogProof({ extra: entry, index: seq, proof: inclusionProof(seq, head.size, read), checkpoint: head })
}

function notProven(): GatewayError {
  const what = 'These records do not give the signed root of the tree. "sallyport audit verify" says where.'
  return new GatewayError('log_unavailable', what)
}

/** What is shown, each part with its salt, and what is not there. */
export function contentFiles({ disclosed, gone, tombstones }: Gathered): BundleFiles {
  const files: BundleFiles = new Map()
  for (let at = 0; at < disclosed.length; at += PARTS_PER_FILE) {
    const lines = disclosed.slice(at, at + PARTS_PER_FILE).map(partLine)
    files.set(`payload/${String(at / PARTS_PER_FILE).padStart(3, '0')}.jsonl`, encodeUtf8(lines.join('')))
  }
  const told = { gone: gone.map((one) => ({ ...one })), tombstones: tombstones.map(tombstoneJson) }
  files.set('tombstones.json', encodeUtf8(`${stringifyJson(told)}\n`))
  return files
}

function partLine({ bytes, part, salt, seq }: Disclosed): string {
  return `${stringifyJson({ seq, part, salt: toBase64(salt), bytes: toBase64(bytes) })}\n`
}

function tombstoneJson({ envelope, stored }: RecordedRecord): JsonObject {
  const part = stored.parts.envelope
  const opened = part?.salt && { salt: toBase64(part.salt), bytes: toBase64(part.bytes) }
  return { seq: stored.seq, kind: stored.entry.kind, tombstone: envelope['tombstone'], envelope: opened }
}

/** The list of everything else, with its hash. */
export function manifestOf(files: BundleFiles, facts: JsonObject): Uint8Array {
  const hashes = Object.fromEntries([...files].map(([name, bytes]) => [name, toHex(sha256(bytes))]))
  return encodeUtf8(`${JSON.stringify({ v: 1, ...facts, files: hashes }, undefined, 2)}\n`)
}
