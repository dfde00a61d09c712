import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { parseCheckpoints, type SignedCheckpoint } from '../audit/checkpoint.ts'
import type { ClientReceipt } from '../audit/client-receipt.ts'
import type { VerifierKey } from '../audit/note-key.ts'
import { verifyNote } from '../audit/note-signature.ts'
import { isOrigin } from '../audit/origin.ts'
import { verifyInclusion } from '../audit/proof.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { parseTlogProof } from '../audit/tlog-proof.ts'
import { leafHash } from '../audit/tree.ts'
import type { TrustPolicy } from '../audit/trust-policy.ts'
import { GatewayError } from '../base/assert.ts'
import { isObject, parseJson } from '../base/json.ts'
import type { PackKeys } from '../store/packs/keys.ts'
import { minimumIndex } from '../store/packs/sealed.ts'
import { recordAt } from '../store/segments/read-records.ts'
import { findStream } from '../store/segments/stream.ts'
import { keysAnnounced } from '../store/segments/verify.ts'
import { newestOf, proofOf } from './audit-prove.ts'
import { UsageError } from './usage.ts'

// Where a receipt can be looked up: a data folder, a bundle, a proof file, or a head alone.

/** What stands at the receipt's place in the log. */
export type Found =
  /** `below`: size of the signed head that proves it; undefined: it is in the log, and no head covers it yet. */
  | {
      readonly kind: 'leaf'
      readonly leaf: Uint8Array
      readonly below: number | undefined
      readonly record?: StoredRecord
    }
  /** The log ends before it. */
  | { readonly kind: 'shorter'; readonly size: number }
  /** Nothing can be said, and why. */
  | { readonly kind: 'unknown'; readonly why: string }

export interface Source {
  /** Keys that may sign for the log. */
  readonly keys: readonly VerifierKey[]
  find(): Promise<Found>
}

/** The log of a data folder, or one that it had before. */
export function folderSource(
  dataFolder: string,
  { origin, seq }: ClientReceipt,
  of: { readonly policy: TrustPolicy | undefined; readonly packKeys: PackKeys | undefined },
): Source {
  const folder = join(dataFolder, 'audit', origin)
  if (!isOrigin(origin) || !existsSync(folder))
    throw new UsageError(`The receipt is of the log ${origin}, which is not in ${dataFolder}.`)
  return {
    keys: keysAnnounced(dataFolder, origin, { policy: of.policy }),
    async find() {
      const head = newestOf(folder)
      const record =
        findStream(dataFolder)?.origin === origin
          ? await recordAt({ folder: dataFolder, keys: of.packKeys }, seq)
          : undefined
      if (head === undefined || seq >= head.size)
        return record === undefined
          ? { kind: 'shorter', size: head?.size ?? 0 }
          : { kind: 'leaf', leaf: record.leaf, below: undefined, record }
      const least = minimumIndex(folder)
      if (seq < least) return { kind: 'unknown', why: `records below ${least} were pruned from the log` }
      return {
        kind: 'leaf',
        leaf: leafHash(proofOf(folder, seq, head).extra),
        below: head.size,
        ...(record && { record }),
      }
    },
  }
}

/** A bundle that was verified already. */
export function bundleSource(file: string, { seq }: ClientReceipt, keys: readonly VerifierKey[]): Source {
  const files = unzipSync(readFileSync(file))
  const manifest = parseJson(files['manifest.json'] ?? new Uint8Array(0))
  const range = isObject(manifest) && isObject(manifest['range']) ? manifest['range'] : {}
  const [first, last] = [Number(range['first']), Number(range['last'])]
  return {
    keys,
    async find() {
      if (!(seq >= first && seq <= last))
        return { kind: 'unknown', why: `the bundle holds records ${first} to ${last} only` }
      const entry = entryAt(files['entries.bin'] ?? new Uint8Array(0), seq - first)
      const head = parseCheckpoints(textOf(files['checkpoints/head.txt'])).heads.at(-1)?.head
      return { kind: 'leaf', leaf: leafHash(entry), below: head?.size }
    },
  }
}

function textOf(bytes = new Uint8Array(0)): string {
  return new TextDecoder().decode(bytes)
}

/** Each entry stands behind its length in 16 bits. */
function entryAt(bundle: Uint8Array, index: number): Uint8Array {
  let at = 0
  for (let left = index; left > 0; left -= 1) at += 2 + lengthAt(bundle, at)
  return bundle.subarray(at + 2, at + 2 + lengthAt(bundle, at))
}

function lengthAt(bundle: Uint8Array, at: number): number {
  return ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0)
}

/** A proof file of the very record: it needs neither the log nor its machine. */
export function proofSource(file: string, { origin, seq }: ClientReceipt, keys: readonly VerifierKey[]): Source {
  const proof = parseTlogProof(readFileSync(file, 'utf8'))
  if (proof?.extra === undefined) throw new UsageError(`${file} is no proof file, as "audit prove" writes them.`)
  const { checkpoint, extra, index } = proof
  return {
    keys,
    async find() {
      checkHead(checkpoint, keys, file)
      const leaf = leafHash(extra)
      if (checkpoint.origin !== origin || index !== seq)
        return { kind: 'unknown', why: `the proof is of record ${index} of ${checkpoint.origin}` }
      if (!verifyInclusion({ index, size: checkpoint.size, leaf, proof: proof.proof, root: checkpoint.root }))
        throw new GatewayError('log_unavailable', `The proof in ${file} is wrong: it does not lead to its head.`)
      return { kind: 'leaf', leaf, below: checkpoint.size }
    },
  }
}

/** A head alone says how long the log was, and nothing of what is in it. */
export function headSource(file: string, { origin, seq }: ClientReceipt, keys: readonly VerifierKey[]): Source {
  const head = parseCheckpoints(readFileSync(file, 'utf8')).heads.at(-1)?.head
  if (head === undefined) throw new UsageError(`There is no head in ${file}.`)
  return {
    keys,
    async find() {
      checkHead(head, keys, file)
      if (head.origin !== origin) return { kind: 'unknown', why: `the head is that of ${head.origin}` }
      if (seq >= head.size) return { kind: 'unknown', why: `the head is older: it covers ${head.size} records` }
      const why = `the head covers the record, and only a proof shows which one: ask for "audit prove ${seq}", and give it as --proof`
      return { kind: 'unknown', why }
    },
  }
}

function checkHead(head: SignedCheckpoint, keys: readonly VerifierKey[], file: string): void {
  const { verified, wrong } = verifyNote(head.note, keys)
  if (verified.length === 0 || wrong.length > 0)
    throw new GatewayError('log_unavailable', `The head in ${file} is not signed by a key that you trust.`)
}
