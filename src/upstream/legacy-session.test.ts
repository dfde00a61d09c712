import { describe, expect, it } from 'vitest'
import {
  messagesOf,
  nextMessages,
  openSession,
  scripted,
  initialize,
  toolCall,
} from '../../test/support/scripted-stdio.ts'
import { stdioUpstream, until } from '../../test/support/stdio-upstream.ts'
import { sendPassage } from '../../test/support/upstream-front.ts'

const TOOLS = `{
  plain: (m, reply) => reply({ said: m.id }),
  chatty: (m, reply) => { told('one'); told('two'); reply({}) },
  slow: (m, reply) => setTimeout(() => reply({ slow: m.id }), 400),
  progress: (m, reply) => {
    out({ method: 'notifications/progress', params: { progressToken: m.params._meta.progressToken, progress: 1 } })
    setTimeout(() => reply({}), 100)
  },
  asks: (m, reply) => { out({ id: 0, method: 'roots/list' }); tools.answer = reply },
  changes: (m, reply) => { out({ method: 'notifications/tools/list_changed' }); told('with it'); reply({}) },
  late: (m, reply) => { reply({}); setTimeout(() => told('afterwards'), 50) },
  foreign: (m, reply) => { out({ id: 4711, result: {} }); raw('not json\\n\\n[1]\\n'); reply({ mine: true }) },
  unread: (m, reply) => out({ id: null, error: { code: -32700, message: 'what?' } }),
  never: () => undefined,
  twice: (m, reply) => raw('{"jsonrpc":"2.0","id":' + m.id + ',"result":{"a":1,"a":2}}\\n'),
  roots: () => undefined,
}`

describe('a call to a program', () => {
  it('is answered with a body when its reply comes first', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    const reply = await session.call(7, 'plain')
    expect(reply).toMatchObject({ kind: 'body', status: 200 })
    expect(await messagesOf(reply)).toEqual([{ jsonrpc: '2.0', id: 7, result: { said: 7 } }])
    expect(world.budget.heldBytes).toBe(0)
  })

  it('is answered with a stream when something else comes first', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    const reply = await session.call(1, 'chatty')
    expect(reply.kind).toBe('stream')
    expect((await messagesOf(reply)).map((one) => one['method'] ?? one['id'])).toEqual([
      'notifications/message',
      'notifications/message',
      1,
    ])
    expect(world.budget.heldBytes).toBe(0)
  })

  it('gets the progress that has its token, whatever else is open', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    const replies = await Promise.all([
      session.call(1, 'slow'),
      session.call(2, 'progress', 22),
      session.call(3, 'progress', 33),
    ])
    expect(replies.map((reply) => reply.kind)).toEqual(['body', 'stream', 'stream'])
    const [, second, third] = await Promise.all(replies.map(messagesOf))
    expect(second?.[0]).toMatchObject({ params: { progressToken: 22 } })
    expect(third?.[0]).toMatchObject({ params: { progressToken: 33 } })
  })

  it('gets the requests of the server, which the client answers in another exchange', async () => {
    await using world = stdioUpstream({
      script: scripted(
        TOOLS.replace('roots: () => undefined', 'undefined: (m) => tools.answer({ roots: m.result.roots })'),
      ),
    })
    const session = await openSession(world.upstream)
    const reply = await session.call(1, 'asks')
    const [request] = await nextMessages(reply, 1)
    expect(request).toMatchObject({ id: 0, method: 'roots/list' })
    expect(await session.say('{"jsonrpc":"2.0","id":0,"result":{"roots":[]}}')).toMatchObject({ status: 202 })
    expect(await nextMessages(reply, 1)).toEqual([{ jsonrpc: '2.0', id: 1, result: { roots: [] } }])
  })

  it('with an id that is in use is refused', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    const first = session.call(1, 'slow')
    expect(await messagesOf(await session.call(1, 'plain'))).toMatchObject([{ id: 1, error: { code: -32_600 } }])
    expect(await messagesOf(await first)).toMatchObject([{ result: { slow: 1 } }])
  })

  it('is not disturbed by noise and replies to nobody', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    expect(await messagesOf(await session.call(1, 'foreign'))).toMatchObject([{ id: 1, result: { mine: true } }])
  })

  it('gets the error that has no id, and the reply that is malformed: both are judged where they are read', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    expect(await messagesOf(await session.call(1, 'unread'))).toMatchObject([{ id: null, error: { code: -32_700 } }])
    const reply = await session.call(2, 'twice')
    expect(JSON.stringify(await messagesOf(reply))).toContain('"a":2')
  })

  it('that nobody answers ends in time, and when the client cancels it', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS), limits: { firstByteMs: 300 } })
    const session = await openSession(world.upstream)
    const cancelled = session.call(1, 'never')
    await session.say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}')
    expect(await messagesOf(await cancelled)).toEqual([])
    await expect(session.call(2, 'never')).rejects.toMatchObject({ code: 'upstream_timeout' })
  })

  it('whose client is gone still runs, and its reply goes to nobody', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    await expect(
      session.call(1, 'slow', undefined, { onAbort: (abort) => setTimeout(abort, 50) }),
    ).rejects.toMatchObject({ code: 'client_gone' })
    expect(await messagesOf(await session.call(2, 'slow'))).toMatchObject([{ id: 2 }])
  })
})

describe("the session's own stream", () => {
  it('gets what belongs to no call, also what came before it was opened', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    await messagesOf(await session.call(1, 'late'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const stream = await session.listen()
    expect(await nextMessages(stream, 1)).toMatchObject([{ params: { data: 'afterwards' } }])
    const changes = await session.call(2, 'changes')
    expect((await messagesOf(changes)).map((one) => one['method'] ?? one['id'])).toEqual(['notifications/message', 2])
    expect(await nextMessages(stream, 1)).toMatchObject([{ method: 'notifications/tools/list_changed' }])
  })

  it('is one; a new one may be opened once the old one is closed, and the process stays', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    const first = await session.listen()
    expect(await session.listen()).toMatchObject({ kind: 'body', status: 409 })
    if (first.kind === 'stream') first.events.close()
    expect(await session.listen()).toMatchObject({ kind: 'stream', status: 200 })
    expect(await messagesOf(await session.call(1, 'plain'))).toHaveLength(1)
  })
})

describe('a session', () => {
  it('that is unknown, ended or missing is answered as SDK servers answer', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS) })
    const session = await openSession(world.upstream)
    expect(session.sessionId).toMatch(/^[0-9a-f]{32}$/)
    expect(await session.end()).toMatchObject({ status: 200 })
    expect(await session.call(1, 'plain')).toMatchObject({ status: 404 })
    expect(await sendPassage(world.upstream, toolCall(1, 'plain'))).toMatchObject({ status: 400 })
    expect(await messagesOf(await sendPassage(world.upstream, toolCall(1, 'plain'), { sessionId: 'x' }))).toMatchObject(
      [{ id: null, error: { code: -32_001, message: 'Session not found' } }],
    )
  })

  it('that nobody uses ends with its process, but not while somebody listens', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS), limits: { processIdleMs: 200 } })
    const session = await openSession(world.upstream)
    const stream = await session.listen()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await messagesOf(await session.call(1, 'plain'))).toHaveLength(1)
    if (stream.kind === 'stream') stream.events.close()
    await until(() => world.news.some(({ kind }) => kind === 'ended'))
    expect(await session.call(2, 'plain')).toMatchObject({ status: 404 })
  })

  it('beyond the number of processes is refused until another one ends', async () => {
    await using world = stdioUpstream({ script: scripted(TOOLS), processesMax: 1 })
    const session = await openSession(world.upstream)
    await expect(sendPassage(world.upstream, initialize)).rejects.toMatchObject({ code: 'upstream_busy' })
    await session.end()
    await until(() => world.news.some(({ kind }) => kind === 'ended'))
    expect((await openSession(world.upstream)).opened.status).toBe(200)
  })

  it('whose initialize fails is none', async () => {
    const script = `process.stdin.once('data', () => process.stdout.write('{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"no"}}\\n'))`
    await using world = stdioUpstream({ script })
    const session = await openSession(world.upstream)
    expect(session.sessionId).toBeUndefined()
    await until(() => world.news.some(({ kind }) => kind === 'ended'))
  })
})
