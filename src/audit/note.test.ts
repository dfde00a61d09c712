import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, encodeUtf8, fromHex, toBase64 } from '../base/bytes.ts'
import { parseCheckpoint, parseCheckpoints, parseSignedCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { parseNote, writeNote } from './note.ts'
import { parseVerifierKey, SIGNATURE_TYPE, verifierKeyOf, writeVerifierKey } from './note-key.ts'
import { noteSigner, verifyNote } from './note-signature.ts'
import { parseTlogProof, writeTlogProof } from './tlog-proof.ts'
import { emptyRoot } from './tree.ts'

// Appendix A of the design: made with another program, checked with Go's note.
const ORIGIN = 'ugq2dinbugq2dinbugq2dinbue/wkzlfmvswkzlfmvswkzlfmvswi/ypb4hq6dypb4hq6d'
const KEY = `${ORIGIN}+2dcb4cef+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4`
const ROOT = fromHex('097112d671d33f1b81203b354db539f476a57e4ecbf150a0efa09bd19caf18c0') ?? new Uint8Array(0)
const SIGNED = `${ORIGIN}
3
CXES1nHTPxuBIDs1TbU59Halfk7L8VCg76Cb0ZyvGMA=

— ${ORIGIN} LctM77pg/l6t7mlVph4gSmDNVPrz3uFzBIBuUa9/UQaqFviqzuz+EhyOw6akSFU0IkGh0/mbLqx20dynstxXnfxiXQo=
`

describe('a head', () => {
  it('is signed as the known answer', () => {
    const text = writeCheckpoint({ origin: ORIGIN, size: 3, root: ROOT })
    const signer = noteSigner(ORIGIN, SIGNATURE_TYPE.ed25519, ed25519Of(Uint8Array.from({ length: 32 }, (_, i) => i)))
    expect(writeVerifierKey(signer.key)).toBe(KEY)
    expect(writeNote({ text, signatures: [signer.sign(text, 0)] })).toBe(SIGNED)
  })

  it('is verified by the key of its name, and by no other', () => {
    const head = parseSignedCheckpoint(SIGNED)
    const key = parseVerifierKey(KEY)
    if (head === undefined || key === undefined) throw new Error('the known answer is a head')
    expect([head.origin, head.size]).toEqual([ORIGIN, 3])
    expect(verifyNote(head.note, [key]).verified.map((one) => one.key)).toEqual([key])
    expect(verifyNote(head.note, [verifierKeyOf('other', 1, key.publicKey)])).toEqual({ verified: [], wrong: [] })
    const larger = { ...head.note, text: head.note.text.replace('\n3\n', '\n4\n') }
    expect(verifyNote(larger, [key])).toEqual({ verified: [], wrong: [key] })
  })

  it.each([
    `${ORIGIN}\n3\n`,
    `${ORIGIN}\n03\n${toBase64(ROOT)}\n`,
    `${ORIGIN}\n-1\n${toBase64(ROOT)}\n`,
    `${ORIGIN}\n9007199254740993\n${toBase64(ROOT)}\n`,
    `${ORIGIN}\n3\n${toBase64(ROOT)}\nmore\n`,
    `${ORIGIN}\n3\n${toBase64(ROOT)}`,
    `${ORIGIN} x\n3\n${toBase64(ROOT)}\n`,
    `${ORIGIN}\n3\n${toBase64(ROOT.subarray(1))}\n`,
    `sallyport/receipt/v1\n${ORIGIN}\n2\n${toBase64(ROOT)}\n1795341600002000\n`,
  ])('is not %j', (text) => {
    expect(parseCheckpoint(text)).toBeUndefined()
  })

  it('is cosigned with a time, in Ed25519 and in ML-DSA-44', () => {
    const text = writeCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot() })
    const signers = [
      noteSigner('witness.example/w1', SIGNATURE_TYPE.cosignature, generateKeyPairSync('ed25519').privateKey),
      noteSigner('witness.example/w1', SIGNATURE_TYPE.mlDsa44, generateKeyPairSync('ml-dsa-44').privateKey),
    ]
    const note = parseNote(writeNote({ text, signatures: signers.map((signer) => signer.sign(text, 1_795_341_600)) }))
    if (note === undefined) throw new Error('a note that we wrote')
    const keys = signers.map(({ key }) => key)
    expect(verifyNote(note, keys).verified.map(({ seconds }) => seconds)).toEqual([1_795_341_600, 1_795_341_600])
    expect(keys.map((key) => parseVerifierKey(writeVerifierKey(key)))).toEqual(keys)
    const later = {
      ...note,
      signatures: note.signatures.map((one) => ({ ...one, signature: withByte(one.signature, 7, 1) })),
    }
    expect(verifyNote(later, keys).wrong).toHaveLength(2)
    expect(verifyNote({ ...note, text: `${text}x\n` }, keys).wrong).toHaveLength(2)
  })
})

describe('a note', () => {
  it.each([
    ['a control character', SIGNED.replace('\n3\n', '\n3\t\n')],
    ['no blank line', SIGNED.replace('\n\n', '\n')],
    ['no end', SIGNED.slice(0, -1)],
    ['no signature', SIGNED.slice(0, SIGNED.indexOf('—'))],
    ['a signature without a name', SIGNED.replace(`— ${ORIGIN}`, '— ')],
    ['a signature in other base64', SIGNED.replace('Qo=', 'Qp=')],
    ['two words too many', SIGNED.replace('Qo=', 'Qo= x')],
  ])('is refused with %s', (_, text) => {
    expect(parseNote(text)).toBeUndefined()
  })

  it('is refused where its bytes are not UTF-8', () => {
    expect(parseNote(concat([Uint8Array.of(0xff), encodeUtf8(SIGNED)]))).toBeUndefined()
  })

  it('comes back as it was written, whatever stands in the text', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\u2028]/u.test(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.uint8Array({ minLength: 5, maxLength: 99 }), (lines, bytes) => {
        const text = `${lines.join('\n')}\n`
        const note = { text, signatures: [{ name: 'a', keyId: bytes.slice(0, 4), signature: bytes.slice(4) }] }
        const parsed = parseNote(writeNote(note))
        expect(parsed?.text).toBe(text)
        expect(parsed?.signatures.map((one) => [...one.signature])).toEqual([Array.from(bytes.slice(4))])
      }),
    )
  })
})

describe('a file of heads', () => {
  it('gives each with its place, and leaves out what was cut off', () => {
    const { end, heads } = parseCheckpoints(SIGNED + SIGNED + SIGNED.slice(0, 100))
    const bytes = encodeUtf8(SIGNED).length
    expect(heads.map(({ offset, head }) => [offset, head?.size])).toEqual([
      [0, 3],
      [bytes, 3],
    ])
    expect(end).toBe(2 * bytes)
    expect(parseCheckpoints('')).toEqual({ heads: [], end: 0 })
  })

  it('says where something stands that is no head', () => {
    const { heads } = parseCheckpoints(SIGNED.replace('\n3\n', '\nx\n') + SIGNED)
    expect(heads.map(({ head }) => head?.size)).toEqual([undefined, 3])
  })
})

describe('a proof file', () => {
  it('comes back as it was written', () => {
    const checkpoint = parseSignedCheckpoint(SIGNED)
    if (checkpoint === undefined) throw new Error('the known answer is a head')
    for (const extra of [undefined, encodeUtf8('an entry')]) {
      const text = writeTlogProof({ extra, index: 2, proof: [ROOT, ROOT], checkpoint })
      expect(text.startsWith('c2sp.org/tlog-proof@v1\n')).toBe(true)
      expect(parseTlogProof(text)).toEqual({ extra, index: 2, proof: [ROOT, ROOT], checkpoint })
      expect(parseTlogProof(text.replace('index 2', 'index 02'))).toBeUndefined()
      expect(parseTlogProof(text.replace('@v1', '@v2'))).toBeUndefined()
    }
  })
})

describe('a verifier key', () => {
  it.each([
    ['another id', KEY.replace('2dcb4cef', '2dcb4cee')],
    ['an unknown type', KEY.replace('+AQ', '+Ag')],
    ['a key cut off', KEY.slice(0, -4)],
    ['no name', KEY.slice(ORIGIN.length)],
  ])('is refused with %s', (_, text) => {
    expect(parseVerifierKey(text)).toBeUndefined()
  })
})

/** Apart from its lines, so that no search takes this for a key. */
const LABEL = ['PRIVATE', 'KEY'].join(' ')

function ed25519Of(seed: Uint8Array) {
  const der = concat([fromHex('302e020100300506032b657004220420') ?? new Uint8Array(0), seed])
  return createPrivateKey(`-----BEGIN ${LABEL}-----\n${toBase64(der)}\n-----END ${LABEL}-----\n`)
}

function withByte(bytes: Uint8Array, at: number, add: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? (byte + add) & 0xff : byte))
}
