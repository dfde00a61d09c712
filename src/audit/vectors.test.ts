// Known answers that code of others made: `tlog` and `note` of the Go project (test/cross/vectors.go prints them again).
import { readFileSync } from 'node:fs'
import { Buffer } from 'node:buffer'
import { createPrivateKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeUtf8, fromBase64, toBase64 } from '../base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts'
import { writeNote } from './note.ts'
import { parseVerifierKey, SIGNATURE_TYPE, type VerifierKey, writeVerifierKey } from './note-key.ts'
import { noteSigner, verifyNote } from './note-signature.ts'
import {
  consistencyProof,
  type HashReader,
  inclusionProof,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from './proof.ts'
import { leafHash, nodeHash } from './tree.ts'

interface Vectors {
  readonly roots: Readonly<Record<string, string>>
  readonly inclusions: readonly { readonly size: number; readonly index: number; readonly proof: readonly string[] }[]
  readonly consistencies: readonly { readonly old: number; readonly size: number; readonly proof: readonly string[] }[]
  readonly note: string
  readonly key: string
}

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/tlog.json', import.meta.url), 'utf8')) as Vectors
const sizes = Object.keys(vectors.roots).map(Number)
const read = treeOf(Math.max(...sizes))

describe('what the Go project computes, we compute', () => {
  it('roots', () => {
    expect(Object.fromEntries(sizes.map((size) => [size, toBase64(rootAt(size, read))]))).toEqual(vectors.roots)
  })

  it('proofs that a leaf is in a tree, made and verified', () => {
    for (const { index, proof, size } of vectors.inclusions) {
      expect(inclusionProof(index, size, read).map(toBase64)).toEqual(proof)
      const of = { index, size, leaf: read(0, index), root: root(size), proof: proof.map(bytes) }
      expect(verifyInclusion(of)).toBe(true)
      expect(verifyInclusion({ ...of, root: root(size).with(0, root(size)[0] === 0 ? 1 : 0) })).toBe(false)
    }
  })

  it('proofs that a tree grew, made and verified', () => {
    expect(vectors.consistencies.length).toBeGreaterThan(100)
    for (const { old, proof, size } of vectors.consistencies) {
      expect(consistencyProof(old, size, read).map(toBase64)).toEqual(proof)
      const of = { oldSize: old, oldRoot: root(old), size, root: root(size), proof: proof.map(bytes) }
      expect(verifyConsistency(of)).toBe(true)
      expect(verifyConsistency({ ...of, oldRoot: root(size) })).toBe(false)
    }
  })

  it('a signed head, opened and signed again to the same bytes', () => {
    const key = parseVerifierKey(vectors.key) as VerifierKey
    const head = parseSignedCheckpoint(vectors.note) as SignedCheckpoint
    expect([head.size, toBase64(head.root)]).toEqual([300, vectors.roots['300']])
    expect(verifyNote(head.note, [key]).verified.length).toBe(1)
    const signer = noteSigner(key.name, SIGNATURE_TYPE.ed25519, keyOfSeed())
    expect(writeVerifierKey(signer.key)).toBe(vectors.key)
    expect(writeNote({ text: head.note.text, signatures: [signer.sign(head.note.text, 0)] })).toBe(vectors.note)
  })
})

function bytes(base64: string): Uint8Array {
  return fromBase64(base64) ?? new Uint8Array()
}

function root(size: number): Uint8Array {
  return bytes(vectors.roots[String(size)] ?? '')
}

/** Ed25519 from the seed 00 01 … 1f. */
function keyOfSeed() {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/** Every hash of a tree, level by level, so that each is computed once. */
function treeOf(size: number): HashReader {
  const levels: Uint8Array[][] = [Array.from({ length: size }, (_, i) => leafHash(encodeUtf8(`entry ${i}`)))]
  for (let below = levels[0] ?? []; below.length > 1; below = levels.at(-1) ?? []) {
    const level: Uint8Array[] = []
    for (let i = 0; i + 1 < below.length; i += 2)
      level.push(nodeHash(below[i] ?? new Uint8Array(), below[i + 1] ?? new Uint8Array()))
    levels.push(level)
  }
  return (height, index) => {
    const hash = levels[height]?.[index]
    if (hash === undefined) throw new RangeError(`no full subtree ${height}/${index}`)
    return hash
  }
}
