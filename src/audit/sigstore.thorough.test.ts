// A log of ours, checked by a verifier that is not (audit.md, 9.3): proof code of the Sigstore project, written against the
// same RFC 6962 by other people.
import { Buffer } from 'node:buffer'
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js'
import { describe, expect, it } from 'vitest'
import { DataFolder, entry, openLog } from '../../test/failures/audit-support.ts'
import { concat } from '../base/bytes.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { verifyFolder } from '../store/segments/verify.ts'
import { encodeEntry } from './entry.ts'
import { sha256 } from './hash.ts'
import { leafHash } from './tree.ts'

/** Enough for a tree with full and ragged subtrees: with the log's own records, 13. */
const CALLS = 6

interface Claim {
  readonly body: Uint8Array
  readonly index: number
  readonly path: readonly Uint8Array[]
  readonly size: number
  readonly root: Uint8Array
}

describe('Sigstore takes from a log on disk', () => {
  it('the proof of each of eight entries', async () => {
    const log = await writeLog()
    const claims = [0, 1, 3, 4, 7, 8, log.size - 2, log.size - 1].map((index) => log.claim(index))
    expect(claims.map(verdict)).toEqual(Array.from({ length: 8 }, () => 'accepted'))
  })

  it.each<[string, (honest: Claim, log: Log) => Claim]>([
    ['another entry', (honest, log) => ({ ...honest, body: log.claim(5).body })],
    ['an entry with one bit changed', (honest) => ({ ...honest, body: withBitFlipped(honest.body) })],
    ['another place', (honest) => ({ ...honest, index: honest.index + 1 })],
    ['a place behind the end', (honest) => ({ ...honest, index: honest.size })],
    ['a hash changed', ({ path, ...rest }) => ({ ...rest, path: path.map((hash, i) => (i === 1 ? rest.root : hash)) })],
    ['a hash left out', ({ path, ...rest }) => ({ ...rest, path: path.slice(1) })],
    ['the hashes the other way round', ({ path, ...rest }) => ({ ...rest, path: path.toReversed() })],
    ['the root of the log as it was before', (honest, log) => ({ ...honest, root: log.rootAt(log.size - 1) })],
  ])('no proof with %s', async (_, forge) => {
    const log = await writeLog()
    const honest = log.claim(4)
    expect(verdict(honest)).toBe('accepted')
    expect(verdict(forge(honest, log))).toBe('TLOG_INCLUSION_PROOF_ERROR')
  })
})

/** `accepted`, or the code of the refusal. */
function verdict({ body, index, path, size, root }: Claim): unknown {
  const inclusionProof = {
    logIndex: String(index),
    treeSize: String(size),
    hashes: path.map((hash) => Buffer.from(hash)),
    rootHash: Buffer.from(root),
  }
  type Entry = Parameters<typeof verifyMerkleInclusion>[0]
  type Head = Parameters<typeof verifyMerkleInclusion>[1]
  const proven = { canonicalizedBody: Buffer.from(body), inclusionProof } as unknown as Entry
  const head = { logSize: BigInt(size), logHash: Buffer.from(root) } as Head
  try {
    verifyMerkleInclusion(proven, head)
    return 'accepted'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

function withBitFlipped(body: Uint8Array): Uint8Array {
  return body.map((byte, i) => (i === 60 ? byte ^ 1 : byte))
}

type Log = Awaited<ReturnType<typeof writeLog>>

/** Writes a log, closes it, and reads it back as anybody would who has the folder. */
async function writeLog() {
  using folder = new DataFolder()
  const { log } = await openLog(folder)
  for (let call = 0; call < CALLS; call += 1) {
    const intent = await log.append(entry('intent'))
    await log.append(entry('outcome', { of: intent.index }))
  }
  await log.close()
  const bodies: Uint8Array[] = []
  for await (const record of readRecords({ folder: folder.path })) bodies.push(encodeEntry(record.entry))
  const { size, root: written } = verifyFolder(folder.path)
  const leaves = bodies.map(leafHash)
  // The root that the log wrote, not one computed here.
  const root = Buffer.from(written, 'base64')
  return {
    size,
    rootAt: (at: number) => rootOf(leaves.slice(0, at)),
    claim: (index: number): Claim => ({
      body: bodies[index] ?? new Uint8Array(),
      index,
      path: pathOf(leaves, index),
      size,
      root,
    }),
  }
}

/** `MTH(D[n])` of RFC 6962, 2.1. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return only
  const k = splitOf(leaves.length)
  return sha256(concat([Uint8Array.of(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k))]))
}

/** `PATH(m, D[n])` of RFC 6962, 2.1.1. */
function pathOf(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return []
  const k = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return index < k ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - k), rootOf(left)]
}

/** The largest power of two below `length`. */
function splitOf(length: number): number {
  let k = 1
  while (k * 2 < length) k *= 2
  return k
}
