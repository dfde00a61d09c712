import { describe, expect, it } from 'vitest'
import { ask, EXPIRES_MS, person, RUN_WITHIN_MS, setUpDesk, START_MS } from '../../test/support/desk-world.ts'

const CALL = {}
const forEver = { ms: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal }

describe('asking', () => {
  it('is done once for the same, however many ask at once', async () => {
    using world = setUpDesk()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.desk.ask(ask('a'))))
    expect(outcomes.filter(({ kind }) => kind === 'new')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'joined')).toHaveLength(49)
    await world.desk.tick()
    expect(world.desk.list({ limit: 10 })).toMatchObject([{ asks: 50, state: 'pending' }])
  })

  it('is done once also where the one before has just run out, which nobody had written down yet', async () => {
    using world = setUpDesk()
    const { id } = await world.asked('a')
    world.now.ms += EXPIRES_MS
    const later = { expiresMs: world.now.ms + EXPIRES_MS }
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.desk.ask(ask('a', later))))
    expect(
      outcomes
        .map(({ kind }) => kind)
        .toSorted()
        .slice(18),
    ).toEqual(['joined', 'new'])
    expect(world.desk.get(id)?.state).toBe('expired')
    expect(world.kinds(id)).toEqual(['approval.requested', 'approval.expired'])
  })

  it('is refused for a while where somebody said no', async () => {
    using world = setUpDesk()
    const { id } = await world.asked('a')
    await world.voteAs(id, 'bob', 'deny')
    expect(await world.desk.ask(ask('a'))).toMatchObject({ kind: 'denied', approval: { id, why: 'because' } })
    world.now.ms += 5_000
    expect(await world.desk.ask(ask('a'))).toMatchObject({ kind: 'new' })
  })

  it('has its bounds, of one person and of everybody', async () => {
    using world = setUpDesk({ pendingPerPersonMax: 1, pendingMax: 2 })
    await world.asked('a')
    expect(await world.desk.ask(ask('b'))).toEqual({ kind: 'too_many', of: 'person' })
    await world.asked('c', { requester: { ...person('carl'), groups: [] } })
    const dora = { requester: { ...person('dora'), groups: [] } }
    expect(await world.desk.ask(ask('d', dora))).toEqual({ kind: 'too_many', of: 'everybody' })
  })
})

describe('an approved call', () => {
  it('is claimed once, however many try at once', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    await world.voteAs(approval.id, 'bob')
    const claims = await Promise.all(Array.from({ length: 100 }, () => world.desk.claim(approval, CALL)))
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
    expect(world.kinds(approval.id)).toEqual([
      'approval.requested',
      'approval.vote',
      'approval.granted',
      'approval.claimed',
    ])
  })

  it('may run until its time is over, and not then', async () => {
    for (const [afterMs, runs] of [
      [RUN_WITHIN_MS - 1, true],
      [RUN_WITHIN_MS, false],
    ] as const) {
      using world = setUpDesk()
      const approval = await world.asked('a')
      await world.voteAs(approval.id, 'bob')
      world.now.ms += afterMs
      expect((await world.desk.claim(approval, CALL)) !== undefined).toBe(runs)
    }
  })

  it('is not claimed once it was revoked, or taken back', async () => {
    using world = setUpDesk()
    const revoked = await world.asked('a')
    await world.voteAs(revoked.id, 'bob')
    await world.desk.revoke(revoked.id, person('bob'), 'changed my mind')
    expect(await world.desk.claim(revoked, CALL)).toBeUndefined()
    expect(world.desk.get(revoked.id)).toMatchObject({ state: 'revoked', why: 'changed my mind' })
    const cancelled = await world.asked('b')
    await world.voteAs(cancelled.id, 'bob')
    await world.desk.cancel(cancelled.id, person('alice'))
    expect(await world.desk.claim(cancelled, CALL)).toBeUndefined()
  })

  it('that was not sent after all is there for the next, and one that was is not', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    await world.voteAs(approval.id, 'bob')
    const claim = await world.desk.claim(approval, CALL)
    if (claim === undefined) throw new Error('no claim')
    world.desk.giveBack(claim)
    expect(world.desk.get(approval.id)).toMatchObject({ state: 'approved', uses: 0 })
    expect(await world.desk.claim(approval, CALL)).toBeDefined()
    world.desk.finish(claim, 'executed')
    world.desk.giveBack(claim)
    expect(world.desk.get(approval.id)).toMatchObject({ state: 'executed', uses: 1 })
  })

  it('does not run where its claim cannot be put on record, and is not used up by that', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    await world.voteAs(approval.id, 'bob')
    world.log.away = true
    await expect(world.desk.claim(approval, CALL)).rejects.toThrow('the log is away')
    expect(world.desk.get(approval.id)?.state).toBe('approved')
    world.log.away = false
    expect(await world.desk.claim(approval, CALL)).toBeDefined()
  })

  it('is a proof for its own passage and its own rules alone', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    await world.voteAs(approval.id, 'bob')
    const claim = await world.desk.claim(approval, CALL)
    expect(claim?.covers(CALL, [{ rule: 'writes', digest: 'd' }])).toBe(true)
    expect(claim?.covers({}, [{ rule: 'writes', digest: 'd' }])).toBe(false)
    expect(claim?.covers(CALL, [{ rule: 'writes', digest: 'another wording' }])).toBe(false)
    expect(
      claim?.covers(CALL, [
        { rule: 'writes', digest: 'd' },
        { rule: 'more', digest: 'd' },
      ]),
    ).toBe(false)
  })
})

describe('votes', () => {
  it('count until the time of the question is over, and not then', async () => {
    for (const [afterMs, kind] of [
      [EXPIRES_MS - 1, 'counted'],
      [EXPIRES_MS, 'closed'],
    ] as const) {
      using world = setUpDesk()
      const { id } = await world.asked('a')
      world.now.ms += afterMs
      expect(await world.voteAs(id, 'bob')).toMatchObject({ kind })
    }
  })

  it('that do not count are on record, with why', async () => {
    using world = setUpDesk()
    const { id } = await world.asked('a')
    expect(await world.voteAs(id, 'alice')).toEqual({ kind: 'refused', fault: 'own_request' })
    await world.voteAs(id, 'bob')
    expect(await world.voteAs(id, 'carl')).toMatchObject({ kind: 'closed' })
    const details = world.told.filter(({ kind }) => kind === 'approval.vote').map(({ detail }) => detail)
    expect(details).toEqual(['own_request', undefined, 'not counted, for it is approved'])
  })

  it('one no is enough, and a yes before it does not help', async () => {
    using world = setUpDesk()
    const { id } = await world.asked('a', { lines: [{ rule: 'writes', group: 'dba', count: 2 }] })
    await world.voteAs(id, 'bob')
    await world.voteAs(id, 'carl', 'deny')
    expect(world.desk.get(id)).toMatchObject({ state: 'denied', why: 'because' })
  })
})

describe('what is good for a session', () => {
  it('is used again and again, until the session ends; then what runs on it is cut', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a', { scope: 'session' })
    await world.voteAs(approval.id, 'bob')
    const claim = world.desk.use(approval, CALL)
    if (claim === undefined) throw new Error('no claim')
    expect(world.desk.use(approval, CALL)?.basis).toBe('access')
    let cut = 0
    const unwatch = world.desk.whileRunning(claim, () => {
      cut += 1
    })
    const asked = await world.asked('b', { scope: 60_000 })
    await world.desk.sessionEnded('ses_1')
    expect(cut).toBe(1)
    expect(world.desk.get(asked.id)).toMatchObject({ state: 'cancelled', why: 'the session ended' })
    unwatch()
    expect(world.desk.use(approval, CALL)).toBeUndefined()
    expect(world.desk.get(approval.id)).toMatchObject({ state: 'lapsed' })
  })

  it('does not end with the definition of a tool, nor as what is of a tool that is defined as it was', async () => {
    using world = setUpDesk()
    const access = await world.asked('access', { scope: 'session', callHash: 'c', definition: 'old' })
    const same = await world.asked('same', { callHash: 'c', definition: 'new' })
    const other = await world.asked('other', { callHash: 'c', definition: 'old' })
    expect((await world.desk.voidChanged('c', 'new')).map(({ id }) => id)).toEqual([other.id])
    expect([access, same].map(({ id }) => world.desk.get(id)?.state)).toEqual(['pending', 'pending'])
  })
})

describe('waiting', () => {
  it('ends when something happens, when the time is over, or when nobody waits any more', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    const decided = world.desk.wait(approval, forEver)
    await world.voteAs(approval.id, 'bob')
    expect(await decided).toMatchObject({ state: 'approved' })
    const open = await world.asked('b')
    expect(await world.desk.wait(open, { ...forEver, ms: START_MS + 5 })).toMatchObject({ state: 'pending' })
    const gone = new AbortController()
    const left = world.desk.wait(open, { ...forEver, signal: gone.signal })
    gone.abort()
    expect(await left).toMatchObject({ state: 'pending' })
  })

  it('does not begin where something has happened already', async () => {
    using world = setUpDesk()
    const approval = await world.asked('a')
    await world.voteAs(approval.id, 'bob', 'ask')
    expect(await world.desk.wait(approval, forEver)).toMatchObject({ state: 'pending', votes: [{ verdict: 'ask' }] })
  })
})

describe('after a crash', () => {
  it('access of a session that nobody can come back to is over, and is not asked for any more', async () => {
    using world = setUpDesk()
    const [gone, back] = [
      await world.asked('a', { scope: 'session' }),
      await world.asked('b', { scope: 9_000, session: 'ses_2' }),
    ]
    for (const { id } of [gone, back]) await world.voteAs(id, 'bob')
    const asked = await world.asked('c', { scope: 'session' })
    const call = await world.asked('d')
    await world.newDesk().recover(new Set(['ses_2']))
    expect([gone, back, asked, call].map(({ id }) => world.desk.get(id))).toMatchObject([
      { state: 'lapsed', why: 'the session ended' },
      { state: 'approved' },
      { state: 'cancelled', why: 'the session ended' },
      { state: 'pending' },
    ])
  })

  it('what ran is unknown, a quorum that was there counts, and the log gets what it lacks, in order', async () => {
    using world = setUpDesk()
    const ran = await world.asked('a')
    await world.voteAs(ran.id, 'bob')
    await world.desk.claim(ran, CALL)
    const agreed = await world.asked('b')
    await world.desk.tick()
    world.log.away = true
    await expect(world.voteAs(agreed.id, 'bob')).rejects.toThrow('away')
    world.log.away = false
    await world.newDesk().recover(new Set())
    expect(world.desk.get(ran.id)?.state).toBe('unknown')
    expect(world.desk.get(agreed.id)?.state).toBe('approved')
    expect(world.kinds(agreed.id)).toEqual(['approval.requested', 'approval.vote', 'approval.granted'])
    expect(await world.desk.claim(ran, CALL)).toBeUndefined()
    expect(world.rows.unrecorded(10)).toEqual([])
  })

  it('an event is recorded once, however many look for what is missing', async () => {
    using world = setUpDesk()
    world.log.away = true
    await expect(world.asked('a')).rejects.toThrow('away')
    await expect(world.asked('b')).rejects.toThrow('away')
    world.log.away = false
    await Promise.all(Array.from({ length: 10 }, () => world.desk.tick()))
    expect(world.told.map(({ kind }) => kind)).toEqual(['approval.requested', 'approval.requested'])
  })
})
