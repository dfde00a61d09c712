// A log that lies to a witness: the real server on a port, its state on disk, and requests of somebody who has the log's key.
import { describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64, toHex } from '../../src/base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint.ts'
import { sha256 } from '../../src/audit/hash.ts'
import { writeNote } from '../../src/audit/note.ts'
import { SIGNATURE_TYPE } from '../../src/audit/note-key.ts'
import { verifyNote } from '../../src/audit/note-signature.ts'
import { LogInMemory, newSigner } from '../support/log-in-memory.ts'
import { startWitness } from '../support/witness.ts'

describe('a witness cosigns', () => {
  it('a first head, growth, and the same head again, with both of its keys and the time', async () => {
    await using world = await setUp()
    const { log } = world
    for (const [old, size] of [
      [0, 3],
      [3, 7],
      [7, 7],
      [7, 8],
    ] as const) {
      const answer = await world.add(log.request(old, size))
      expect(answer.status).toBe(200)
      const note = parseSignedCheckpoint(log.note(size) + answer.text) as SignedCheckpoint
      const { verified, wrong } = verifyNote(note.note, world.keys)
      expect([verified.length, wrong.length]).toEqual([2, 0])
      expect(verified.every(({ seconds }) => (seconds ?? 0) > 1_700_000_000)).toBe(true)
    }
    const shown = await world.get(`/${toHex(sha256(encodeUtf8(log.origin)))}/checkpoint`)
    const head = parseSignedCheckpoint(shown.text) as SignedCheckpoint
    expect([head.size, verifyNote(head.note, [log.signer.key, ...world.keys]).verified.length]).toEqual([8, 3])
  })

  it('an empty log, and what grows from it', async () => {
    await using world = await setUp()
    const empty = new LogInMemory(world.log.origin, world.log.signer)
    expect((await world.add(empty.request(0))).status).toBe(200)
    expect((await world.add(world.log.request(0, 5))).status).toBe(200)
  })

  it('of several signatures those it knows, and forgets the rest', async () => {
    await using world = await setUp()
    const stranger = newSigner('stranger', SIGNATURE_TYPE.ed25519)
    const note = world.log.note(4, [stranger, world.log.signer])
    expect((await world.add(`old 0\n\n${note}`)).status).toBe(200)
    expect((await world.shown()).text).not.toContain('stranger')
  })
})

describe('a witness refuses', () => {
  it('a log that it does not know', async () => {
    await using world = await setUp()
    const foreign = new LogInMemory('elsewhere.example/log').append('a')
    expect(await world.add(foreign.request(0))).toMatchObject({ status: 404 })
  })

  it('the right name with a wrong key, and a signature of another head', async () => {
    await using world = await setUp()
    const thief = new LogInMemory(world.log.origin).append('a')
    expect(await world.add(thief.request(0))).toMatchObject({ status: 403 })
    const { note } = parseSignedCheckpoint(world.log.note(5)) as SignedCheckpoint
    const other = writeNote({ ...note, text: note.text.replace('\n5\n', '\n6\n') })
    expect(await world.add(`old 0\n\n${other}`)).toMatchObject({ status: 403 })
    // A wrong signature of a known key spoils the note, even beside a right one.
    const { note: right } = parseSignedCheckpoint(world.log.note(6)) as SignedCheckpoint
    const both = writeNote({ text: right.text, signatures: [...right.signatures, ...note.signatures] })
    expect(await world.add(`old 0\n\n${both}`)).toMatchObject({ status: 403 })
  })

  it('an old size above the new one, even where it does not know either', async () => {
    await using world = await setUp()
    expect(await world.add(`old 9\n\n${world.log.note(5)}`)).toMatchObject({ status: 400 })
  })

  it('a head that begins elsewhere, and says where it stands', async () => {
    await using world = await setUp()
    await world.add(world.log.request(0, 5))
    for (const request of [world.log.request(0, 8), world.log.request(3, 8), world.log.request(0, 5)]) {
      const answer = await world.add(request)
      expect([answer.status, answer.type, answer.text]).toEqual([409, 'text/x.tlog.size', '5\n'])
    }
  })

  it('a replay of an older head, so that nobody can roll it back', async () => {
    await using world = await setUp()
    const first = world.log.request(0, 5)
    await world.add(first)
    await world.add(world.log.request(5, 8))
    expect(await world.add(first)).toMatchObject({ status: 409, text: '8\n' })
    expect(await world.add(world.log.request(5, 5))).toMatchObject({ status: 409, text: '8\n' })
    expect((await world.shown()).text).toContain('\n8\n')
  })

  it('two heads of one size', async () => {
    await using world = await setUp()
    await world.add(world.log.request(0, 5))
    const fork = world.log.fork(4, 'changed')
    expect(await world.add(fork.request(5))).toMatchObject({ status: 422 })
  })

  it('an altered, a removed and an inserted record, all signed again with the right key', async () => {
    await using world = await setUp()
    await world.add(world.log.request(0, 6))
    const altered = world.log.fork(2, 'altered', '3', '4', '5', '6', '7')
    const removed = world.log.fork(2, '3', '4', '5', '6', '7', '8')
    const inserted = world.log.fork(2, 'inserted', '2', '3', '4', '5', '6')
    for (const fork of [altered, removed, inserted]) {
      expect(await world.add(fork.request(6))).toMatchObject({ status: 422 })
      // Nor with the honest proof, which belongs to another root.
      const note = fork.note()
      const honest = world.log.proof(6, 8).map((hash) => `${toBase64(hash)}\n`)
      expect(await world.add(`old 6\n${honest.join('')}\n${note}`)).toMatchObject({ status: 422 })
    }
    expect(world.heads.evidence().length).toBe(6)
    expect(world.heads.evidence()[0]?.why).toContain('does not show')
  })

  it('a proof where none belongs, one too short, one too long, and an empty log with a root', async () => {
    await using world = await setUp()
    const hash = `${toBase64(new Uint8Array(32))}\n`
    expect(await world.add(`old 0\n${hash}\n${world.log.note(5)}`)).toMatchObject({ status: 422 })
    const text = writeCheckpoint({ origin: world.log.origin, size: 0, root: new Uint8Array(32) })
    const rooted = writeNote({ text, signatures: [world.log.signer.sign(text, 1)] })
    expect(await world.add(`old 0\n\n${rooted}`)).toMatchObject({ status: 422 })
    await world.add(world.log.request(0, 5))
    const request = world.log.request(5, 8)
    expect(await world.add(request.replace('\n\n', `\n${hash}\n`))).toMatchObject({ status: 422 })
    expect(await world.add(request.replace(/\n[^\n]+\n\n/, '\n\n'))).toMatchObject({ status: 422 })
    expect(await world.add(world.log.request(5, 5).replace('\n\n', `\n${hash}\n`))).toMatchObject({ status: 422 })
  })

  it.each<[string, (honest: string) => string]>([
    ['nothing', () => ''],
    ['a size with a zero before it', (honest) => honest.replace('old 0', 'old 00')],
    ['a negative size', (honest) => honest.replace('old 0', 'old -1')],
    ['a size beyond exact numbers', (honest) => honest.replace('old 0', 'old 9007199254740993')],
    ['64 hashes', (honest) => honest.replace('\n\n', `\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}\n`)],
    ['a hash of 31 bytes', (honest) => honest.replace('\n\n', `\n${toBase64(new Uint8Array(31))}\n\n`)],
    ['no checkpoint', () => 'old 0\n\n'],
    ['line ends of another system', (honest) => honest.replaceAll('\n', '\r\n')],
    ['an extension line', (honest) => honest.replace(/\n\n—/, '\nmore\n\n—')],
    ['no signature', (honest) => `${honest.split('\n\n').slice(0, 2).join('\n\n')}\n\n`],
  ])('a body with %s', async (_, spoil) => {
    await using world = await setUp()
    expect(await world.add(spoil(world.log.request(0, 5)))).toMatchObject({ status: 400 })
  })

  it('a body without an end, other methods and other paths', async () => {
    await using world = await setUp()
    expect((await world.add('x'.repeat(200_000))).status).toBe(413)
    expect((await world.get('/add-checkpoint')).status).toBe(405)
    expect((await world.get('/')).status).toBe(404)
    expect((await world.get(`/${'0'.repeat(64)}/checkpoint`)).status).toBe(404)
  })
})

describe('a witness under a race', () => {
  it('cosigns one of many histories that come at the same moment, and never two', async () => {
    await using world = await setUp()
    await world.add(world.log.request(0, 4))
    const forks = Array.from({ length: 20 }, (_, i) => world.log.fork(4, `history ${i}`, 'end'))
    const statuses = await Promise.all(forks.map(async (fork) => (await world.add(fork.request(4))).status))
    expect(statuses.filter((status) => status === 200).length).toBe(1)
    expect(statuses.filter((status) => status === 409).length).toBe(19)
  })
})

async function setUp() {
  const log = new LogInMemory().append('0', '1', '2', '3', '4', '5', '6', '7')
  const witness = await startWitness('w1', [log.signer.key])
  const send = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${witness.url}${path}`, init)
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }
  return {
    log,
    heads: witness.heads,
    keys: witness.keys,
    get: (path: string) => send(path),
    add: (body: string) => send('/add-checkpoint', { method: 'POST', body }),
    shown: () => send(`/${toHex(sha256(encodeUtf8(log.origin)))}/checkpoint`),
    [Symbol.asyncDispose]: async () => {
      await witness[Symbol.asyncDispose]()
      expect(witness.bugs).toEqual([])
    },
  }
}
