// What a gateway makes of its witnesses: honest ones, ones that are away, and ones that lie.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from '../../src/audit/checkpoint.ts'
import { SIGNATURE_TYPE, writeVerifierKey } from '../../src/audit/note-key.ts'
import { judgeHead } from '../../src/audit/trusted-head.ts'
import { parseTrustPolicy, type TrustPolicy } from '../../src/audit/trust-policy.ts'
import { writeSignatureLine } from '../../src/audit/note.ts'
import { type WitnessRound, WitnessRounds } from '../../src/witness/witness-round.ts'
import { type WitnessEvent, Witnessing } from '../../src/witness/witnessing.ts'
import { LogInMemory, newSigner } from '../support/log-in-memory.ts'
import { nowSeconds, startLiar, startWitness } from '../support/witness.ts'

const TWO_OF_THREE = 'group outside 2 a b c\nquorum outside'

describe('with honest witnesses', () => {
  it('a head is cosigned by all of them, kept with their signatures, and the policy says that it is witnessed', async () => {
    await using world = await setUp()
    expect(await world.round()).toMatchObject({
      quorum: true,
      asked: 3,
      cosigned: [{ witness: 'a' }, { witness: 'b' }, { witness: 'c' }],
    })
    world.log.append('more', 'and more')
    await world.round()
    const kept = world.kept.map((note) => parseSignedCheckpoint(note) as SignedCheckpoint)
    expect(kept.map(({ size }) => size)).toEqual([3, 5])
    expect(kept.map((head) => judgeHead(head, world.policy))).toMatchObject([
      { signed: true, quorum: true, wrong: [] },
      { signed: true, quorum: true, wrong: [] },
    ])
  })

  it('a gateway that has forgotten what they have is told the size, and proves from there', async () => {
    await using world = await setUp()
    await world.round()
    world.log.append('more')
    world.forget()
    expect(await world.round()).toMatchObject({ quorum: true, trouble: [] })
  })

  it('one that is away does not prevent a quorum, two do', async () => {
    await using world = await setUp()
    await world.witnesses.c.close()
    expect(await world.round()).toMatchObject({ quorum: true, trouble: [{ witness: 'c', kind: 'failed' }] })
    await world.witnesses.b.close()
    world.log.append('more')
    expect(await world.round()).toMatchObject({ quorum: false, cosigned: [{ witness: 'a' }] })
  })

  it('a second history is a fork to each that has seen the first', async () => {
    await using world = await setUp()
    await world.round()
    world.log = world.log.fork(1, 'x', 'y', 'z')
    const { quorum, trouble } = await world.round()
    expect(quorum).toBe(false)
    expect(trouble.map(({ kind }) => kind)).toEqual(['fork', 'fork', 'fork'])
    expect(trouble[0]?.request).toContain(world.log.note())
    expect(trouble[0]?.answer).toContain('422')
  })

  it('an old copy that was put back is told by a head with our own signature', async () => {
    await using world = await setUp()
    world.log.append('d', 'e')
    await world.round()
    world.log = world.log.fork(3)
    expect((await world.round()).trouble.map(({ kind }) => kind)).toEqual(['rolled_back', 'rolled_back', 'rolled_back'])
  })
})

describe('a witness that lies', () => {
  it('about a size is not believed without a head that we have signed', async () => {
    const log = new LogInMemory().append('a', 'b', 'c')
    const thief = new LogInMemory().append('a', 'b', 'c', 'd', 'e')
    for (const shown of ['nothing', thief.note()]) {
      await using liar = await startLiar((path) =>
        path === '/add-checkpoint'
          ? { status: 409, text: '5\n', type: 'text/x.tlog.size' }
          : { status: 200, text: shown },
      )
      expect((await ask(log, liar.url)).trouble).toMatchObject([{ kind: 'ahead' }])
    }
  })

  it('with 422 for an honest head is told, and cannot do more', async () => {
    await using liar = await startLiar(() => ({ status: 422, text: 'forked!' }))
    expect(await ask(new LogInMemory().append('a'), liar.url)).toMatchObject({
      quorum: false,
      trouble: [{ kind: 'fork' }],
    })
  })

  it.each<[string, Parameters<typeof startLiar>[0]]>([
    [
      'with a cosignature of another head',
      (_, body) => ({ status: 200, text: signedBy(body.replace('\n1\n', '\n2\n')) }),
    ],
    ['with a cosignature of another key', () => ({ status: 200, text: `\u2014 liar.example AAAAAAAA\n` })],
    ['with a web page', () => ({ status: 200, text: '<html>' })],
    ['with nothing', () => ({ status: 200, text: '' })],
    ['with a size that is none', () => ({ status: 409, text: '05\n', type: 'text/x.tlog.size' })],
    ['with a size again and again', () => ({ status: 409, text: '0\n', type: 'text/x.tlog.size' })],
    ['without an end', () => ({ status: 200, text: 'x'.repeat(1_000_000) })],
    ['with a way to somebody else', () => ({ status: 307, text: '' })],
  ])('%s gets no cosignature into the log', async (_, say) => {
    await using liar = await startLiar(say)
    const kept: string[] = []
    const round = await ask(new LogInMemory().append('a'), liar.url, kept)
    expect([round.quorum, round.trouble.length, kept.length]).toEqual([false, 1, 0])
  })
})

const liarKey = newSigner('liar.example', SIGNATURE_TYPE.cosignature)

function signedBy(body: string): string {
  const text = body.slice(body.indexOf('\n\n') + 2).split('\n\n')[0] ?? ''
  return writeSignatureLine(liarKey.sign(`${text}\n`, nowSeconds()))
}

function ask(log: LogInMemory, url: string, kept: string[] = []) {
  const policy = policyOf([`witness liar ${writeVerifierKey(liarKey.key)} ${url}`, 'quorum liar'])
  return new WitnessRounds(
    witnessed(() => log, kept),
    policy,
  ).ask(parseSignedCheckpoint(log.note()) as SignedCheckpoint)
}

describe('a gateway tells of its witnesses', () => {
  it('once a minute who cosigned, once of each trouble, and when no quorum is there in time', async () => {
    await using world = await setUp()
    const events: WitnessEvent[] = []
    let now = 1_000_000
    const log = witnessed(() => world.log, [])
    const witnessing = new Witnessing({
      log,
      rounds: new WitnessRounds(log, world.policy),
      everyMs: 10_000,
      atMostMs: 60_000,
      nowMs: () => now,
      report: async (event) => void events.push(event),
    })
    const pass = async (ms: number, ...leaves: string[]) => {
      now += ms
      world.log.append(...leaves)
      await witnessing.tick()
      return events
        .splice(0)
        .map((event) => (event.kind === 'trouble' ? `${event.trouble.witness} ${event.trouble.kind}` : event.kind))
    }
    expect(await pass(0)).toEqual(['witnessed'])
    const size = () => world.witnesses.a.heads.last(world.log.origin)?.size
    // Nothing new; something new, cosigned without a record; then too soon, then in time.
    expect(await pass(20_000)).toEqual([])
    expect([await pass(1000, 'new'), size()]).toEqual([[], 4])
    expect([await pass(9000, 'newer'), size()]).toEqual([[], 4])
    expect([await pass(1000), size()]).toEqual([[], 5])
    expect(await pass(60_000, 'a minute later')).toEqual(['witnessed'])
    await Promise.all([world.witnesses.b.close(), world.witnesses.c.close()])
    expect(await pass(10_000, 'alone')).toEqual(['b failed', 'c failed'])
    expect(await pass(30_000)).toEqual([])
    expect(await pass(30_000)).toEqual(['late'])
    expect(await pass(30_000)).toEqual([])
  })
})

async function setUp() {
  const log = new LogInMemory().append('a', 'b', 'c')
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startWitness(name, [log.signer.key])))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three were started')
  const policy = policyOf([log.policyLine, a.line, b.line, c.line, TWO_OF_THREE])
  const kept: string[] = []
  let rounds = new WitnessRounds(
    witnessed(() => world.log, kept),
    policy,
  )
  const world = {
    log,
    policy,
    kept,
    witnesses: { a, b, c },
    round: (): Promise<WitnessRound> => rounds.ask(parseSignedCheckpoint(world.log.note()) as SignedCheckpoint),
    forget: () => {
      rounds = new WitnessRounds(
        witnessed(() => world.log, kept),
        policy,
      )
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([a, b, c].map((one) => one[Symbol.asyncDispose]()))
      expect([...a.bugs, ...b.bugs, ...c.bugs]).toEqual([])
    },
  }
  return world
}

function witnessed(log: () => LogInMemory, kept: string[]) {
  return {
    newest: () => parseSignedCheckpoint(log().note()),
    proof: (oldSize: number, size: number) => log().proof(oldSize, size),
    get keys() {
      return [log().signer.key]
    },
    keep: async (note: string) => void kept.push(note),
  }
}

function policyOf(lines: readonly string[]): TrustPolicy {
  const read = parseTrustPolicy(encodeUtf8(`${lines.join('\n')}\n`))
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes))
  return read.policy
}
