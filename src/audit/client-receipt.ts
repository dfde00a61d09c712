// What a client may be given with a reply: the log's word that its record is there (audit.md, 4.10). Whoever holds one whose
// leaf is not in the log holds a proof of misbehaviour, the only means against a record that was left out.
import { concat, encodeUtf8, fromBase64, toBase64 } from '../base/bytes.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { HASH_BYTES } from './hash.ts'
import { isKeyName, type VerifierKey } from './note-key.ts'
import { type NoteSigner, verifyNote } from './note-signature.ts'
import { verifyInclusion } from './proof.ts'

/** One signature for each record, or one for all records that became durable together. */
export type ReceiptMode = 'record' | 'commit'

/** What is signed, but for the signature. */
export interface ReceiptClaim {
  readonly origin: string
  readonly seq: number
  readonly leaf: Uint8Array
  /** In microseconds: of the record, or of the newest record of the commit. */
  readonly time: number
  /** Undefined: the signature is over this very record. */
  readonly commit?: ReceiptCommit | undefined
}

/** Records that became durable together, as a tree of their own. */
export interface ReceiptCommit {
  readonly first: number
  readonly count: number
  /** Over the leaf hashes of the commit. */
  readonly root: Uint8Array
  /** From the leaf up to that root. */
  readonly path: readonly Uint8Array[]
}

export interface ClientReceipt extends ReceiptClaim {
  /** Key id and signature, as in a note's signature line. */
  readonly signature: Uint8Array
}

const KEY_ID_BYTES = 4
/** A commit has at most 65,535 records. */
const PATH_HASHES_MAX = 16

/** The note that is signed. Its first line is no origin, and its second no number: it cannot be taken for a head. */
export function receiptText({ commit, leaf, origin, seq, time }: ReceiptClaim): string {
  return commit === undefined
    ? `sallyport/receipt/v1\n${origin}\n${seq}\n${toBase64(leaf)}\n${time}\n`
    : `sallyport/receipt-commit/v1\n${origin}\n${commit.first} ${commit.count}\n${toBase64(commit.root)}\n${time}\n`
}

/** The signature over a claim; that of a commit is the same for each of its records. */
export function signReceipt(claim: ReceiptClaim, signer: NoteSigner): Uint8Array {
  const { keyId, signature } = signer.sign(receiptText(claim), 0)
  return concat([keyId, signature])
}

/** As it goes over the wire: JSON in ASCII, without white space. */
export function writeClientReceipt({ commit, leaf, origin, seq, signature, time }: ClientReceipt): string {
  const more = commit && {
    first: commit.first,
    count: commit.count,
    root: toBase64(commit.root),
    path: commit.path.map(toBase64),
  }
  return JSON.stringify({ v: 1, origin, seq, leaf: toBase64(leaf), time, ...more, sig: toBase64(signature) })
}

/** Undefined for what is no receipt of this version. */
export function parseClientReceipt(text: string): ClientReceipt | undefined {
  const value = readJson(text)
  if (!isObject(value) || value['v'] !== 1) return undefined
  const { origin } = value
  const [leaf, signature] = [hashOf(value['leaf']), bytesOf(value['sig'])]
  const [seq, time] = [countOf(value['seq']), countOf(value['time'])]
  if (typeof origin !== 'string' || !isKeyName(origin) || leaf === undefined || signature === undefined)
    return undefined
  if (seq === undefined || time === undefined || signature.length <= KEY_ID_BYTES) return undefined
  const commit = value['count'] === undefined ? undefined : readCommit(value)
  return commit === null ? undefined : { origin, seq, leaf, time, commit, signature }
}

/** A key of the log signed it, and its leaf is in the commit that was signed. */
export function isReceiptOf(receipt: ClientReceipt, keys: readonly VerifierKey[]): boolean {
  const { commit, leaf, origin, seq, signature } = receipt
  const line = {
    name: origin,
    keyId: signature.subarray(0, KEY_ID_BYTES),
    signature: signature.subarray(KEY_ID_BYTES),
  }
  const { verified } = verifyNote({ text: receiptText(receipt), signatures: [line] }, keys)
  if (verified.length === 0) return false
  if (commit === undefined) return true
  const { count: size, first, path: proof, root } = commit
  return verifyInclusion({ index: seq - first, size, leaf, proof, root })
}

/** Null for what is no commit. */
function readCommit(value: JsonObject): ReceiptCommit | null {
  const [first, count, root] = [countOf(value['first']), countOf(value['count']), hashOf(value['root'])]
  const given = Array.isArray(value['path']) ? value['path'] : undefined
  const path = given?.flatMap((hash: JsonValue) => hashOf(hash) ?? [])
  if (first === undefined || count === undefined || root === undefined || path === undefined) return null
  return path.length === given?.length && path.length <= PATH_HASHES_MAX ? { first, count, root, path } : null
}

function readJson(text: string): JsonValue | undefined {
  try {
    return parseJson(encodeUtf8(text))
  } catch {
    // Whatever it is, it is no receipt.
    return undefined
  }
}

function countOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function hashOf(value: JsonValue | undefined): Uint8Array | undefined {
  const bytes = bytesOf(value)
  return bytes?.length === HASH_BYTES ? bytes : undefined
}

function bytesOf(value: JsonValue | undefined): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined
}
