import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { sha256 } from './hash.ts'
import { writeNote } from './note.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from './note-key.ts'
import { type NoteSigner, noteSigner } from './note-signature.ts'
import { judgeHead } from './trusted-head.ts'
import { parseTrustPolicy } from './trust-policy.ts'

const HEAD = writeCheckpoint({ origin: 'log', size: 7, root: sha256(encodeUtf8('seven')) })
const OTHER = writeCheckpoint({ origin: 'log', size: 8, root: sha256(encodeUtf8('eight')) })
const log = noteSigner('log', SIGNATURE_TYPE.ed25519, generateKeyPairSync('ed25519').privateKey)
const [a, b, c] = ['a', 'b', 'c'].map((name) =>
  noteSigner(name, SIGNATURE_TYPE.cosignature, generateKeyPairSync('ed25519').privateKey),
) as [NoteSigner, NoteSigner, NoteSigner]
const dsa = noteSigner('d', SIGNATURE_TYPE.mlDsa44, generateKeyPairSync('ml-dsa-44').privateKey)

const POLICY = `log ${key(log)}
witness A ${key(a)}
witness B ${key(b)}
witness D ${key(dsa)}
group two 2 A B D
quorum two
`

describe('a head under a trust policy', () => {
  it('is witnessed by two of three, of either kind of key, and says when', () => {
    const verdict = judge([log.sign(HEAD, 1), a.sign(HEAD, 1_700_000_000), dsa.sign(HEAD, 1_700_000_009)])
    expect(verdict).toEqual({
      signed: true,
      cosigned: [
        { witness: 'A', seconds: 1_700_000_000 },
        { witness: 'D', seconds: 1_700_000_009 },
      ],
      wrong: [],
      quorum: true,
    })
  })

  it('is not witnessed by one, nor by one twice, nor by strangers', () => {
    expect(judge([log.sign(HEAD, 1), a.sign(HEAD, 5)]).quorum).toBe(false)
    const twice = judge([log.sign(HEAD, 1), a.sign(HEAD, 5), a.sign(HEAD, 9)])
    expect([twice.quorum, twice.cosigned]).toEqual([false, [{ witness: 'A', seconds: 9 }]])
    expect(judge([log.sign(HEAD, 1), a.sign(HEAD, 5), c.sign(HEAD, 5)]).quorum).toBe(false)
  })

  it('with a cosignature of another head, or with another time, has a wrong signature', () => {
    const ofOther = judge([log.sign(HEAD, 1), a.sign(OTHER, 5), b.sign(HEAD, 5)])
    expect([ofOther.quorum, ofOther.wrong]).toEqual([false, [a.key]])
    const moved = a.sign(HEAD, 5)
    const late = { ...moved, signature: moved.signature.with(7, 6) }
    expect(judge([log.sign(HEAD, 1), late]).wrong).toEqual([a.key])
  })

  it('with a time of zero is not cosigned: that is a statement about a subtree', () => {
    expect(judge([log.sign(HEAD, 1), dsa.sign(HEAD, 0)]).cosigned).toEqual([])
  })

  it('of another log, or without the signature of its log, is not signed', () => {
    expect(judge([a.sign(HEAD, 5), b.sign(HEAD, 5)])).toMatchObject({ signed: false, quorum: true })
    const foreign = writeCheckpoint({ origin: 'elsewhere', size: 7, root: sha256(encodeUtf8('seven')) })
    expect(judge([log.sign(foreign, 1)], foreign).signed).toBe(false)
  })
})

function key(signer: NoteSigner): string {
  return writeVerifierKey(signer.key)
}

function judge(signatures: readonly ReturnType<NoteSigner['sign']>[], text = HEAD) {
  const read = parseTrustPolicy(encodeUtf8(POLICY))
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes))
  return judgeHead(parseSignedCheckpoint(writeNote({ text, signatures })) as SignedCheckpoint, read.policy)
}
