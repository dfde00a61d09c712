import { Buffer } from 'node:buffer'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat, encodeUtf8, fromBase64, toBase64 } from '../base/bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import {
  type ClientReceipt,
  isReceiptOf,
  parseClientReceipt,
  type ReceiptClaim,
  receiptText,
  signReceipt,
  writeClientReceipt,
} from './client-receipt.ts'
import { sha256 } from './hash.ts'
import { SIGNATURE_TYPE } from './note-key.ts'
import { noteSigner } from './note-signature.ts'
import { inclusionProof, rootAt } from './proof.ts'
import { CompactRange, nodeHash } from './tree.ts'

const ORIGIN = 'ugq2dinbugq2dinbugq2dinbue/wkzlfmvswkzlfmvswkzlfmvswi/ypb4hq6dypb4hq6d'
const LEAF = bytesOf('CXs9gYuwP1uUrl0TIl5OpkXrWArmnytX9IJ/rJmW46c=')
const CLAIM: ReceiptClaim = { origin: ORIGIN, seq: 2, leaf: LEAF, time: 1_795_341_600_002_000 }
const signer = noteSigner(ORIGIN, SIGNATURE_TYPE.ed25519, seeded())
const RECEIPT: ClientReceipt = { ...CLAIM, signature: signReceipt(CLAIM, signer) }

describe('a client receipt', () => {
  it('is the known answer of the frozen format', () => {
    expect(receiptText(CLAIM)).toBe(
      `sallyport/receipt/v1\n${ORIGIN}\n2\nCXs9gYuwP1uUrl0TIl5OpkXrWArmnytX9IJ/rJmW46c=\n1795341600002000\n`,
    )
    expect(toBase64(RECEIPT.signature)).toBe(
      'LctM7135de6DNeLU97q1+30FS05kTeh+FRS7bHs020baNvOPq34SKYDy5seppyyuKklgFw4oCDlm09TOGY6wV9s1iQc=',
    )
  })

  it('comes back from the wire as it was, in ASCII and without a line end, so that a header can hold it', () => {
    const text = writeClientReceipt(RECEIPT)
    expect(text).toMatch(/^[\x21-\x7e]+$/)
    expect(JSON.parse(text)).toMatchObject({ v: 1, origin: ORIGIN, seq: 2, time: CLAIM.time })
    const read = parseClientReceipt(text)
    expect(read).toEqual(RECEIPT)
    expect(read && isReceiptOf(read, [signer.key])).toBe(true)
  })

  it('counts with the key of its log only, and with no byte of it changed', () => {
    const stranger = noteSigner(ORIGIN, SIGNATURE_TYPE.ed25519, generateKeyPairSync('ed25519').privateKey)
    expect(isReceiptOf(RECEIPT, [stranger.key])).toBe(false)
    expect(isReceiptOf(RECEIPT, [])).toBe(false)
    const others: readonly Partial<ClientReceipt>[] = [
      { seq: 3 },
      { time: CLAIM.time + 1 },
      { leaf: LEAF.with(0, 0) },
      { origin: `${ORIGIN}x` },
      { signature: RECEIPT.signature.with(40, (RECEIPT.signature[40] ?? 0) ^ 1) },
      { signature: RECEIPT.signature.subarray(0, 60) },
    ]
    for (const other of others) expect(isReceiptOf({ ...RECEIPT, ...other }, [signer.key])).toBe(false)
  })

  it('cannot be taken for a head, in either form, nor a head for a receipt', () => {
    expect(parseCheckpoint(receiptText(CLAIM))).toBeUndefined()
    expect(parseCheckpoint(receiptText(ofCommit(5, 3)))).toBeUndefined()
    const head = signer.sign(`${ORIGIN}\n3\n${toBase64(LEAF)}\n`, 0)
    const posing = { ...CLAIM, seq: 3, signature: concat([head.keyId, head.signature]) }
    expect(isReceiptOf(posing, [signer.key])).toBe(false)
  })

  it.each([1, 2, 3, 5, 8, 255, 256, 1000])('of a commit of %i records leads from each leaf to its root', (count) => {
    const at = new Set([0, 1, count >> 1, count - 1].filter((i) => i < count))
    for (const i of at) {
      const claim = ofCommit(count, i)
      const receipt = parseClientReceipt(writeClientReceipt({ ...claim, signature: signReceipt(claim, signer) }))
      expect(receipt && isReceiptOf(receipt, [signer.key])).toBe(true)
      if (receipt === undefined || count === 1) continue
      expect(isReceiptOf({ ...receipt, leaf: LEAF }, [signer.key])).toBe(false)
      expect(isReceiptOf({ ...receipt, seq: receipt.seq ^ 1 }, [signer.key])).toBe(false)
      expect(isReceiptOf({ ...receipt, seq: receipt.seq + count }, [signer.key])).toBe(false)
    }
  })

  it.each([
    ['no JSON', 'receipt'],
    ['a list', '[]'],
    ['another version', writeClientReceipt(RECEIPT).replace('"v":1', '"v":2')],
    ['a number that is none', writeClientReceipt(RECEIPT).replace('"seq":2', '"seq":-2')],
    ['a leaf that is too short', writeClientReceipt({ ...RECEIPT, leaf: LEAF.subarray(1) })],
    ['a name with a line end', writeClientReceipt({ ...RECEIPT, origin: 'a\nb' })],
    ['no signature', writeClientReceipt({ ...RECEIPT, signature: new Uint8Array(4) })],
    ['half a commit', writeClientReceipt(RECEIPT).replace('"time"', '"count":3,"time"')],
    ['a path without end', withPath(17)],
  ])('is not read from %s', (_, text) => {
    expect(parseClientReceipt(text)).toBeUndefined()
  })
})

/** Record `i` of a commit that begins at 1,000. */
function ofCommit(count: number, i: number): ReceiptClaim {
  const leaves = Array.from({ length: count }, (_, leaf) => sha256(encodeUtf8(`leaf ${leaf}`)))
  const range = new CompactRange()
  for (const leaf of leaves) range.append(leaf)
  const read = (height: number, index: number): Uint8Array =>
    height === 0 ? (leaves[index] ?? LEAF) : nodeHash(read(height - 1, index * 2), read(height - 1, index * 2 + 1))
  expect(rootAt(count, read)).toEqual(range.root())
  const commit = { first: 1000, count, root: range.root(), path: inclusionProof(i, count, read) }
  return { origin: ORIGIN, seq: 1000 + i, leaf: leaves[i] ?? LEAF, time: CLAIM.time, commit }
}

function withPath(hashes: number): string {
  const claim = ofCommit(2, 0)
  const commit = { first: 1000, count: 2, root: LEAF, path: Array.from({ length: hashes }, () => LEAF) }
  return writeClientReceipt({ ...claim, commit, signature: RECEIPT.signature })
}

function seeded() {
  const der = concat([bytesOf('MC4CAQAwBQYDK2VwBCIEIA=='), Uint8Array.from({ length: 32 }, (_, i) => i)])
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
}

function bytesOf(base64: string): Uint8Array {
  const bytes = fromBase64(base64)
  if (bytes === undefined) throw new Error('not base64')
  return bytes
}
