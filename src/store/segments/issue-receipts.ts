import type { Buffer } from 'node:buffer'
import { clock } from '../../base/clock.ts'
import { type ReceiptClaim, signReceipt, writeClientReceipt } from '../../audit/client-receipt.ts'
import type { NoteSigner } from '../../audit/note-signature.ts'
import { type HashReader, inclusionProof, rootAt } from '../../audit/proof.ts'
import { leafHash, nodeHash } from '../../audit/tree.ts'
import type { Commit } from './commit.ts'
import { FRAME_HEAD_BYTES, frameBytes } from './frame.ts'
import type { NoteKeys } from './note-keys.ts'

export type IssuedReceipt = readonly [seq: number, receipt: string]

/** Signs what was asked for; undefined where nothing was. Called once the commit is durable: a receipt says that its record is. */
export function issueReceipts(commit: Commit, origin: string, keys: NoteKeys): readonly IssuedReceipt[] | undefined {
  const { asked } = commit
  const signer = asked.length === 0 ? undefined : keys.receiptSignerAt(Math.floor(clock.nowMs() / 1000))
  if (signer === undefined) return undefined
  const alone = asked
    .filter(({ mode }) => mode === 'record')
    .map(({ leaf, seq, time }) => issue({ origin, seq, leaf, time }, signer))
  return [...alone, ...issueTogether(commit, origin, signer)]
}

function issue(claim: ReceiptClaim, signer: NoteSigner): IssuedReceipt {
  return [claim.seq, writeClientReceipt({ ...claim, signature: signReceipt(claim, signer) })]
}

/** One signature over the root of all leaves of the commit; each gets its own path to that root. */
function issueTogether(commit: Commit, origin: string, signer: NoteSigner): IssuedReceipt[] {
  const asked = commit.asked.filter(({ mode }) => mode === 'commit')
  if (asked.length === 0) return []
  const { firstSeq: first } = commit
  const leaves = leavesOf(commit.plain)
  const count = leaves.length
  const read = readerOf(leaves)
  const root = rootAt(count, read)
  const time = Math.max(...asked.map((one) => one.time))
  const claims = asked.map(({ leaf, seq }) => {
    const path = inclusionProof(seq - first, count, read)
    return { origin, seq, leaf, time, commit: { first, count, root, path } }
  })
  const [claim] = claims
  const signature = claim && signReceipt(claim, signer)
  return claims.map((one) => [one.seq, writeClientReceipt({ ...one, signature: signature ?? new Uint8Array(0) })])
}

/** Hashed again, and only where somebody asks: so nothing has to be kept where nobody does. */
function leavesOf(bytes: Buffer): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (let next = 0; next < bytes.length; next += frameBytes(bytes.readUInt32BE(next))) {
    const entryAt = next + FRAME_HEAD_BYTES + 2
    leaves.push(leafHash(bytes.subarray(entryAt, entryAt + bytes.readUInt16BE(entryAt - 2))))
  }
  return leaves
}

/** All full subtrees at once: a path would else hash most of the commit again for each record. */
function readerOf(leaves: readonly Uint8Array[]): HashReader {
  const levels: (readonly Uint8Array[])[] = [leaves]
  for (let below = leaves; below.length > 1;) {
    const above: Uint8Array[] = []
    for (let i = 0; i + 1 < below.length; i += 2) above.push(nodeHash(hashIn(below, i), hashIn(below, i + 1)))
    levels.push(above)
    below = above
  }
  return (height, index) => hashIn(levels[height] ?? [], index)
}

function hashIn(hashes: readonly Uint8Array[], index: number): Uint8Array {
  const hash = hashes[index]
  if (hash === undefined) throw new RangeError(`no hash ${index} in a commit`)
  return hash
}
