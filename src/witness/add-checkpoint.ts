// The witness: a small program in somebody else's domain that vouches for one thing, that a log only grew. It keeps the last
// head of each log it knows and cosigns the next one if that is a continuation (C2SP tlog-witness).
import { decodeUtf8, equal, fromBase64, toBase64 } from '../base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { HASH_BYTES } from '../audit/hash.ts'
import { type VerifiedSignature, verifyNote } from '../audit/note-signature.ts'
import type { VerifierKey } from '../audit/note-key.ts'
import { verifyConsistency } from '../audit/proof.ts'
import { emptyRoot } from '../audit/tree.ts'

/** What a log asks of a witness: cosign this head; here is the proof that it continues the one of `oldSize`. */
export interface AddCheckpoint {
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  readonly head: SignedCheckpoint
}

/** More cannot be needed: a tree of 2^63 leaves is 63 levels high. */
const PROOF_LINES_MAX = 63

/** The body of a request. `note` is the head as it was signed. */
export function writeAddCheckpoint(of: {
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  readonly note: string
}): string {
  return `old ${of.oldSize}\n${of.proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${of.note}`
}

/** Undefined for anything but exactly that. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | undefined {
  const text = decodeUtf8(body)
  const cut = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(cut, 0)).split('\n')
  const size = /^old (0|[1-9][0-9]{0,15})$/.exec(first ?? '')?.[1]
  const head = parseSignedCheckpoint(text.slice(cut + 2))
  if (size === undefined || !Number.isSafeInteger(Number(size)) || head === undefined) return undefined
  if (lines.length > PROOF_LINES_MAX) return undefined
  const proof: Uint8Array[] = []
  for (const line of lines) {
    const hash = fromBase64(line)
    if (hash?.length !== HASH_BYTES) return undefined
    proof.push(hash)
  }
  return { oldSize: Number(size), proof, head }
}

/** The newest head of a log that a witness cosigned. */
export interface LastHead {
  readonly size: number
  readonly root: Uint8Array
  /** The head with the signatures of its log that were verified, and no others. */
  readonly note: string
}

export type Refused =
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 422; readonly why: string }
  /** It continues another head than the last one: that one has this size. */
  | { readonly kind: 'stale'; readonly size: number }

export type Verdict = { readonly kind: 'continues' } | Refused

/** Conditions 1 and 2 of audit.md 7.6, which need no state: a known origin, and a signature by a trusted key of that log. */
export function authenticate(
  { head }: AddCheckpoint,
  keys: readonly VerifierKey[],
): { readonly kind: 'signed'; readonly by: readonly VerifiedSignature[] } | Refused {
  const ofOrigin = keys.filter(({ name }) => name === head.origin)
  if (ofOrigin.length === 0) return refused(404, `the log ${head.origin} is not one that this witness knows`)
  const { verified, wrong } = verifyNote(head.note, ofOrigin)
  if (wrong.length > 0) return refused(403, 'a signature of a trusted key does not verify')
  if (verified.length === 0) return refused(403, 'no trusted key of this log has signed')
  return { kind: 'signed', by: verified }
}

/** The other conditions, in their order; `last` must not change before what this allows is durable. */
export function continues(
  { head, oldSize, proof }: AddCheckpoint,
  last: Pick<LastHead, 'size' | 'root'> | undefined,
): Verdict {
  const { root, size } = head
  if (oldSize > size) return refused(400, `the old size ${oldSize} is larger than that of the checkpoint, ${size}`)
  const known = last ?? { size: 0, root: emptyRoot() }
  if (oldSize !== known.size) return { kind: 'stale', size: known.size }
  if (size === 0 && !equal(root, emptyRoot())) return refused(422, 'an empty log has another root')
  if (oldSize === size && !equal(root, known.root))
    return refused(422, `a head of size ${size} with another root was cosigned before: the log has forked`)
  if (oldSize === 0 && proof.length > 0) return refused(422, 'from the empty tree the proof is empty')
  if (!verifyConsistency({ oldSize, oldRoot: known.root, size, root, proof }))
    return refused(422, `the proof does not show that the log of size ${size} continues the one of size ${oldSize}`)
  return { kind: 'continues' }
}

function refused(status: 400 | 403 | 404 | 422, why: string): Refused {
  return { kind: 'refused', status, why }
}
