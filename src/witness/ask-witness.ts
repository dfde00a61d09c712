import { decodeUtf8, concat, encodeUtf8, toHex } from '../base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { sha256 } from '../audit/hash.ts'
import { type NoteSignature, parseSignatureLines, writeNote } from '../audit/note.ts'
import type { VerifierKey } from '../audit/note-key.ts'
import { verifyNote } from '../audit/note-signature.ts'
import { writeAddCheckpoint } from './add-checkpoint.ts'

/** A witness that can be asked: its submission prefix and the key that its cosignatures are checked with. */
export interface AskedWitness {
  readonly name: string
  readonly key: VerifierKey
  readonly url: string
}

export type WitnessAnswer =
  /** Its cosignature, verified; lines of other keys are left out. */
  | { readonly kind: 'cosigned'; readonly signatures: readonly NoteSignature[]; readonly seconds: number }
  /** It stands at another size. */
  | { readonly kind: 'stale'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  /** Not reached, or what it said is no answer. */
  | { readonly kind: 'failed'; readonly why: string }

/** One question may take so long; a round asks all witnesses at once. */
const ASK_MS = 5_000
const ANSWER_BYTES_MAX = 64 * 1024

export interface Question {
  readonly head: SignedCheckpoint
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
}

export async function askWitness(witness: AskedWitness, question: Question): Promise<WitnessAnswer> {
  const request = requestOf(question)
  try {
    const response = await fetch(`${prefixOf(witness)}/add-checkpoint`, {
      method: 'POST',
      body: request,
      redirect: 'error',
      signal: AbortSignal.timeout(ASK_MS),
    })
    const text = await textOf(response)
    if (text === undefined) return { kind: 'failed', why: `it answered with more than ${ANSWER_BYTES_MAX} bytes` }
    return readAnswer(witness, question.head, {
      status: response.status,
      type: response.headers.get('content-type'),
      text,
    })
  } catch (failure) {
    return { kind: 'failed', why: reasonOf(failure) }
  }
}

export function requestOf({ head, oldSize, proof }: Question): string {
  return writeAddCheckpoint({ oldSize, proof, note: writeNote(head.note) })
}

/** The newest head that the witness has of this log; undefined where it does not say, or nobody with the log's key signed it. */
export async function headAt(
  witness: AskedWitness,
  origin: string,
  keys: readonly VerifierKey[],
): Promise<SignedCheckpoint | undefined> {
  try {
    const url = `${prefixOf(witness)}/${toHex(sha256(encodeUtf8(origin)))}/checkpoint`
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(ASK_MS) })
    const text = await textOf(response)
    const head = response.status === 200 && text !== undefined ? parseSignedCheckpoint(text) : undefined
    const isOurs = head?.origin === origin && verifyNote(head.note, keys).verified.length > 0
    return isOurs ? head : undefined
  } catch {
    return undefined
  }
}

function readAnswer(
  { key }: AskedWitness,
  { note }: SignedCheckpoint,
  { status, text, type }: { readonly status: number; readonly text: string; readonly type: string | null },
): WitnessAnswer {
  if (status === 409 && type === 'text/x.tlog.size') {
    const size = /^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1]
    return size === undefined
      ? { kind: 'failed', why: 'it answered 409 without a size' }
      : { kind: 'stale', size: Number(size) }
  }
  if (status !== 200) return { kind: 'refused', status, text: text.slice(0, REFUSAL_CHARS) }
  const signatures = parseSignatureLines(text)
  if (signatures === undefined) return { kind: 'failed', why: 'its answer is not lines of signatures' }
  const { verified, wrong } = verifyNote({ text: note.text, signatures }, [key])
  const seconds = verified[0]?.seconds
  if (wrong.length > 0 || seconds === undefined)
    return { kind: 'failed', why: 'its cosignature does not verify with the key in the trust policy' }
  const ofKey = signatures.filter(({ keyId, name }) => name === key.name && toHex(keyId) === toHex(key.id))
  return { kind: 'cosigned', signatures: ofKey, seconds }
}

/** Enough for a sentence; it ends in a record. */
const REFUSAL_CHARS = 500

async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return decodeUtf8(concat(chunks))
}

function prefixOf({ url }: AskedWitness): string {
  return url.replace(/\/$/, '')
}

/** "fetch failed" says nothing; its cause does. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  return failure.cause instanceof Error ? failure.cause.message || String(failure.cause) : failure.message
}
