import { Buffer } from 'node:buffer'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat, encodeUtf8, fromBase64Url, fromHex, toHex } from '../base/bytes.ts'
import { commit, opens, type PartName, writeCommitHead } from './commitment.ts'
import { decodeEntry, encodeEntry, type EntryFields, type EntryKind, FLAG } from './entry.ts'
import { SIGNATURE_TYPE, verifierKeyOf, writeVerifierKey } from './note-key.ts'
import { isOrigin, originOf } from './origin.ts'
import { policyEpoch } from './policy-epoch.ts'
import { CompactRange, leafHash } from './tree.ts'

// Made with another program and checked with Go's tlog and note: whoever changes one of these breaks every log on disk.
const ORIGIN = 'ugq2dinbugq2dinbugq2dinbue/wkzlfmvswkzlfmvswkzlfmvswi/ypb4hq6dypb4hq6d'
const EPOCH = '1161de75ff85688a833f6a6a0a856086'
const C_ENV_0 = 'd6b7a5ff52c8b3e63c493954e7da46726fec8e65e10de7b335d35c44e5ad008e'
const C_ENV_1 = 'a1adc1f398b697db35a060996e6d8cf15844ecb4dad6f9378e718fb0c59ce938'
const C_REQ_1 = '0fee371a5865f8b3a6c07601981f8586259973f5416a903fba648734d14bb438'
const C_ENV_2 = 'b85157802545a6b2ad9c0ec9c0a67ebeaadbcf67c15ee97c8f4763dcfd5883ba'
const C_RES_2 = 'd731aa7c07fef4202ebb631cacb3a5b483ed0016cbec34110ffc9ca63f790ff9'
const LEAVES = [
  'f9aea5de549137a34bd4221e991a5882559e6e188101d934cb0187a1f6773d16',
  'cb193098c708248d9e06f79aa24a76ce724ecf18bc11f9eeeb7b08574c1a87f6',
  '097b3d818bb03f5b94ae5d13225e4ea645eb580ae69f2b57f4827fac9996e3a7',
]
const ROOT_3 = '097112d671d33f1b81203b354db539f476a57e4ecbf150a0efa09bd19caf18c0'
const TIME = 1_795_341_600_000_000

describe('the frozen formats', () => {
  it('name a stream', () => {
    const origin = originOf({ deployment: times(0xa1, 16), node: times(0xb2, 16), incarnation: times(0xc3, 10) })
    expect(origin).toBe(ORIGIN)
    expect(isOrigin(origin)).toBe(true)
    expect(isOrigin(`${origin}a`)).toBe(false)
  })

  it('name the policy in force', () => {
    const inForce = { policy: encodeUtf8('policy'), config: encodeUtf8('config'), detectors: encodeUtf8('detectors') }
    expect(toHex(policyEpoch(inForce))).toBe(EPOCH)
  })

  it.each<{ part: PartName; salt: number; content: string; is: string }>([
    { part: 'envelope', salt: 0x11, content: '{"kind":"log.open","v":1}', is: C_ENV_0 },
    { part: 'envelope', salt: 0x22, content: '{"kind":"intent","v":1}', is: C_ENV_1 },
    { part: 'request', salt: 0x23, content: '{"name":"query","arguments":{"sql":"select 1"}}', is: C_REQ_1 },
    { part: 'envelope', salt: 0x33, content: '{"kind":"outcome","of":1,"v":1}', is: C_ENV_2 },
    { part: 'response', salt: 0x34, content: '{"content":[{"type":"text","text":"1"}]}', is: C_RES_2 },
  ])('commit to $content', ({ content, is, part, salt }) => {
    const opening = { part, salt: times(salt, 32), content: encodeUtf8(content) }
    expect(toHex(commit(part, opening.salt, opening.content))).toBe(is)
    expect(opens(bytesOf(is), opening)).toBe(true)
    expect(opens(bytesOf(is), { ...opening, salt: times(salt + 1, 32) })).toBe(false)
    expect(opens(bytesOf(is), { ...opening, part: part === 'envelope' ? 'request' : 'envelope' })).toBe(false)
  })

  it('commit to parts over 16 MiB with their whole length', () => {
    const head = new Uint8Array(61)
    writeCommitHead(head, 0, { part: 1, length: 0x01020304 })
    expect(toHex(head.subarray(53))).toBe('0000000001020304')
  })

  it('write entries', () => {
    const [, intent, outcome] = entries().map(encodeEntry)
    const tail = `${'5e'.repeat(16)}${EPOCH}`
    expect(toHex((intent ?? times(0, 0)).subarray(0, 56))).toBe(
      `01200002000100000000000000000001000660da8a518be8${tail}`,
    )
    expect(toHex((outcome ?? times(0, 0)).subarray(0, 56))).toBe(
      `01210005000100000000000000000002000660da8a518fd0${tail}`,
    )
    expect([intent?.length, outcome?.length]).toEqual([152, 184])
  })

  it('hash leaves and the root', () => {
    const leaves = entries().map((entry) => leafHash(encodeEntry(entry)))
    expect(leaves.map(toHex)).toEqual(LEAVES)
    const tree = new CompactRange()
    for (const leaf of leaves) tree.append(leaf)
    expect(toHex(tree.root())).toBe(ROOT_3)
    // The same root, as a batch entry would carry it.
    const batch = concat([bytesOf('010f0003000000000000000000000000'), tree.root()])
    expect(toHex(leafHash(batch))).toBe('0e166460a83070e385e62f14757f303cd0d583322546d6ac8f42c1f8f8c9abd4')
  })

  it('write the key that verifies heads', () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
    const der = concat([bytesOf('302e020100300506032b657004220420'), seed])
    const key = createPublicKey(createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }))
    const raw = fromBase64Url(key.export({ format: 'jwk' }).x ?? '') ?? times(0, 0)
    expect(writeVerifierKey(verifierKeyOf(ORIGIN, SIGNATURE_TYPE.ed25519, raw))).toBe(
      `${ORIGIN}+2dcb4cef+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4`,
    )
  })
})

describe('an entry', () => {
  it('comes back as it was written', () => {
    for (const entry of entries()) {
      const decoded = decodeEntry(encodeEntry(entry))
      expect(decoded && hexed(decoded)).toEqual(hexed(entry))
    }
  })

  it.each([
    { what: 'another version', at: 0, is: 2 },
    { what: 'the kind of a batch, which is never a record', at: 1, is: 0x0f },
    { what: 'an unknown kind', at: 1, is: 0xff },
    { what: 'an unknown flag', at: 2, is: 0x80 },
    { what: 'a flag for a field that is not there', at: 3, is: 0x07 },
    { what: 'a byte that must be zero', at: 7, is: 1 },
    { what: 'a response that no flag announces', at: 130, is: 1 },
  ])('is refused with $what', ({ at, is }) => {
    const bytes = encodeEntry(entryAt(1))
    bytes[at] = is
    expect(decodeEntry(bytes)).toBeUndefined()
  })

  it('is refused with a byte too many or too few', () => {
    const bytes = encodeEntry(entryAt(1))
    expect(decodeEntry(bytes.subarray(0, 151))).toBeUndefined()
    expect(decodeEntry(concat([bytes, times(0, 1)]))).toBeUndefined()
    expect(decodeEntry(concat([bytes, times(1, 32)]))).toBeUndefined()
  })
})

function entries(): readonly EntryFields[] {
  const session = times(0x5e, 16)
  return [
    fields('log.open', 0, { envelope: bytesOf(C_ENV_0) }),
    fields('intent', 1, { envelope: bytesOf(C_ENV_1), request: bytesOf(C_REQ_1), session, flags: FLAG.request }),
    fields('outcome', 2, {
      envelope: bytesOf(C_ENV_2),
      response: bytesOf(C_RES_2),
      session,
      prev: bytesOf(LEAVES[1] ?? ''),
      flags: FLAG.response | FLAG.prev,
    }),
  ]
}

function entryAt(i: number): EntryFields {
  const entry = entries()[i]
  if (entry === undefined) throw new Error('no such entry')
  return entry
}

function fields(kind: EntryKind, seq: number, more: Partial<EntryFields> & Pick<EntryFields, 'envelope'>): EntryFields {
  return {
    kind,
    flags: 0,
    retentionClass: 1,
    seq,
    time: TIME + seq * 1000,
    session: undefined,
    policyEpoch: bytesOf(EPOCH),
    request: undefined,
    response: undefined,
    prev: undefined,
    ...more,
  }
}

function hexed(entry: EntryFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, value instanceof Uint8Array ? toHex(value) : value]),
  )
}

function times(byte: number, count: number): Uint8Array {
  return new Uint8Array(count).fill(byte)
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === undefined) throw new Error('not hex')
  return bytes
}
