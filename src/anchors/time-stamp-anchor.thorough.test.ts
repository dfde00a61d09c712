import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { type KeyKind, startAuthority } from '../../test/support/time-stamp-authority.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { timeStampAnchor } from './time-stamp-anchor.ts'
import { timeStampRequest } from './time-stamp-request.ts'
import { openTimeStamp } from './time-stamp-token.ts'

const NONCE = Uint8Array.of(0x40, 1, 2, 3, 4, 5, 6, 7)
const SHA256 = createHash('sha256').update('the head').digest()

describe('a head is stamped', () => {
  it.each<[KeyKind, boolean]>([
    ['ec', false],
    ['rsa', false],
    ['rsa', true],
  ])(
    'by an authority with a key of kind %s (certificate named by SHA-1: %s), and openssl agrees',
    async (key, essSha1) => {
      await using world = await setUp({ key, essSha1 })
      await world.anchor.leave(world.head)
      expect(readdirSync(world.folder).toSorted()).toEqual(['3.tsr', '3.txt'])
      const note = readFileSync(join(world.folder, '3.txt'))
      expect(parseSignedCheckpoint(note)?.size).toBe(3)
      const stamp = openTimeStamp(readFileSync(join(world.folder, '3.tsr')), {
        sha256: createHash('sha256').update(note).digest(),
        trusted: [world.tsa.root],
      })
      expect(stamp.authority).toBe('CN=Test tsa')
      expect(Math.abs(stamp.time.getTime() - Date.now())).toBeLessThan(60_000)
      const other = world.tsa.verify(join(world.folder, '3.tsr'), join(world.folder, '3.txt'))
      expect(other.stdout + other.stderr).toContain('Verification: OK')
    },
  )

  it('also where the certificate of the signer itself is the one that is trusted', async () => {
    await using tsa = await startAuthority()
    const token = tsa.reply(timeStampRequest(SHA256, NONCE))
    expect(openTimeStamp(token, { sha256: SHA256, nonce: NONCE, trusted: [tsa.signer] }).authority).toBe('CN=Test tsa')
  })
})

describe('a token is not kept', () => {
  it('of another authority', async () => {
    await using world = await setUp()
    await using other = await startAuthority()
    const anchor = timeStampAnchor({ url: world.tsa.url, trusted: [other.root], folder: world.folder })
    await expect(anchor.leave(world.head)).rejects.toThrow('leads to none that is trusted')
    expect(readdirSync(world.folder)).toEqual([])
  })

  it('of something else, and one that answers another request', async () => {
    await using world = await setUp()
    const replayed = world.tsa.reply(timeStampRequest(SHA256, NONCE))
    world.tsa.spoil(() => replayed)
    await expect(world.anchor.leave(world.head)).rejects.toThrow('is of something else')
    const trusted = [world.tsa.root]
    expect(() => openTimeStamp(replayed, { sha256: SHA256, nonce: NONCE.toReversed(), trusted })).toThrow(
      'another request',
    )
    expect(readdirSync(world.folder)).toEqual([])
  })

  it('with a single bit changed anywhere', async () => {
    await using tsa = await startAuthority()
    const token = tsa.reply(timeStampRequest(SHA256, NONCE))
    const expected = { sha256: SHA256, nonce: NONCE, trusted: [tsa.root] }
    const before = openTimeStamp(token, expected)
    const taken = Array.from(token.keys()).flatMap((i) => {
      const said = saidBy(token.with(i, (token[i] ?? 0) ^ 1), expected)
      return said === undefined ? [] : [said]
    })
    // What is not signed may change, as long as what is said stays the same.
    expect(taken.filter((said) => JSON.stringify(said) !== JSON.stringify(before))).toEqual([])
    // Not signed: versions, lists of algorithms, and the signer's name, which the bound certificate says again.
    expect(taken.length).toBeLessThan(token.length / 10)
  })

  it('that is a refusal, an error page or nothing', async () => {
    await using world = await setUp()
    // A request for an algorithm that this authority does not take.
    world.tsa.spoil(() => Uint8Array.of(0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02))
    await expect(world.anchor.leave(world.head)).rejects.toThrow('refused with status 2')
    world.tsa.spoil(() => encodeUtf8('<html>'))
    await expect(world.anchor.leave(world.head)).rejects.toThrow('the answer is not DER')
    world.tsa.spoil(() => new Uint8Array(0))
    await expect(world.anchor.leave(world.head)).rejects.toThrow('the answer is not DER')
    const nowhere = timeStampAnchor({ url: 'http://127.0.0.1:1/', trusted: [], folder: world.folder })
    await expect(nowhere.leave(world.head)).rejects.toThrow('was not reached')
    expect(readdirSync(world.folder)).toEqual([])
  })
})

/** Undefined where the token is refused. */
function saidBy(token: Uint8Array, expected: Parameters<typeof openTimeStamp>[1]) {
  try {
    return openTimeStamp(token, expected)
  } catch {
    return undefined
  }
}

async function setUp(options: Parameters<typeof startAuthority>[0] = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-anchor-'))
  const tsa = await startAuthority(options)
  const head = parseSignedCheckpoint(new LogInMemory().append('a', 'b', 'c').note()) as SignedCheckpoint
  return {
    tsa,
    folder,
    head,
    anchor: timeStampAnchor({ url: tsa.url, trusted: [tsa.root], folder }),
    [Symbol.asyncDispose]: async () => {
      await tsa[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
