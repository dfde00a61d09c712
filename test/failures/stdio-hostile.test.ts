import { describe, expect, it } from 'vitest'
import { initialize, messagesOf, openSession, scripted } from '../support/scripted-stdio.ts'
import { isAlive, stdioUpstream, until } from '../support/stdio-upstream.ts'
import { sendPassage } from '../support/upstream-front.ts'

describe('a program that misbehaves', () => {
  it('with a line that never ends is ended, and its calls fail', async () => {
    await using world = stdioUpstream({
      script: scripted(
        `{ endless: () => { const more = () => { while (process.stdout.write('x'.repeat(65536))); process.stdout.once('drain', more) }; more() } }`,
      ),
    })
    const session = await openSession(world.upstream)
    await expect(session.call(1, 'endless')).rejects.toMatchObject({ code: 'upstream_too_large' })
    await until(() => !isAlive(world.pids()[0] ?? 0))
    expect(await session.call(2, 'endless')).toMatchObject({ status: 404 })
    expect(world.budget.heldBytes).toBe(0)
  })

  it('with a reply beyond the limit is ended; one just below it arrives', async () => {
    await using world = stdioUpstream({
      script: scripted(
        `{ big: (m, reply) => reply({ x: 'x'.repeat(1_000_000) }), huge: (m, reply) => reply({ x: 'x'.repeat(1_100_000) }) }`,
      ),
    })
    const session = await openSession(world.upstream)
    expect(JSON.stringify(await messagesOf(await session.call(1, 'big'))).length).toBeGreaterThan(1_000_000)
    await expect(session.call(2, 'huge')).rejects.toMatchObject({ code: 'upstream_too_large' })
  })

  it('that ends in the middle of calls fails them, ends its session, and the next session has a new process', async () => {
    await using world = stdioUpstream({ script: scripted(`{ wait: () => undefined, die: () => process.exit(7) }`) })
    const session = await openSession(world.upstream)
    const stream = await session.listen()
    const waiting = session.call(1, 'wait')
    await expect(Promise.all([waiting, session.call(2, 'die')])).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.stringContaining('code 7') as string,
    })
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_unreachable' })
    expect(await messagesOf(stream)).toEqual([])
    expect(await session.call(3, 'wait')).toMatchObject({ status: 404 })
    expect((await openSession(world.upstream)).sessionId).not.toBe(session.sessionId)
  })

  it('that ends at once is not started again and again', async () => {
    await using world = stdioUpstream({ script: 'process.exit(1)' })
    await expect(sendPassage(world.upstream, initialize)).rejects.toMatchObject({ code: 'upstream_unreachable' })
    await expect(sendPassage(world.upstream, initialize)).rejects.toThrow(/tried again in 1 s/)
    expect(world.pids()).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await expect(sendPassage(world.upstream, initialize)).rejects.toThrow(/ended with code 1/)
    expect(world.pids()).toHaveLength(2)
  })

  it('that does not exist is unreachable, without a word about where it was looked for', async () => {
    await using world = stdioUpstream({ script: '' })
    await using missing = stdioUpstream({ command: '/nowhere/secret-tool' })
    await expect(sendPassage(missing.upstream, initialize)).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: 'The process of the MCP server could not be started (ENOENT).',
    })
    expect(world.news).toEqual([])
  })

  it('that talks much on stderr is heard in bounds, and is not held up', async () => {
    await using world = stdioUpstream({
      script: scripted(
        `{ talk: (m, reply) => { for (let i = 0; i < 5000; i += 1) console.error('line ' + i + ' ' + 'x'.repeat(9000)); reply({}) } }`,
      ),
      limits: { stderrLinesPerSecond: 20, stderrLineBytes: 100 },
    })
    const session = await openSession(world.upstream)
    await messagesOf(await session.call(1, 'talk'))
    await world.upstream.close()
    expect(world.stderr.length).toBeLessThan(300)
    expect(world.stderr.every((line) => line.length <= 110)).toBe(true)
    expect(world.stderr[0]).toMatch(/^line 0 x+ \[cut\]$/)
    expect(world.stderr.at(-1)).toMatch(/more lines were not logged/)
  })

  it('sees nothing of the environment of the gateway but what is named', async () => {
    process.env['TEST_ONLY_FOR_THE_GATEWAY'] = 'private'
    await using world = stdioUpstream({
      script: scripted(`{ env: (m, reply) => reply({ env: process.env }) }`),
      env: { NAMED: 'given' },
    })
    const session = await openSession(world.upstream)
    const [message] = await messagesOf(await session.call(1, 'env'))
    expect(message).toMatchObject({ result: { env: { NAMED: 'given' } } })
    expect(JSON.stringify(message)).not.toContain('private')
    delete process.env['TEST_ONLY_FOR_THE_GATEWAY']
  })

  it('that reads slowly slows its writers, and gets every message whole', async () => {
    await using world = stdioUpstream({
      script: scripted(
        `{ size: (m, reply) => reply({ length: JSON.stringify(m).length }) }`,
        `
        process.stdin.pause(); setTimeout(() => process.stdin.resume(), 300)`,
      ),
    })
    const session = await openSession(world.upstream)
    const padding = 'p'.repeat(500_000)
    const replies = await Promise.all(
      Array.from({ length: 10 }, async (_, id) => {
        const text = `{"jsonrpc":"2.0",\n"id":${id},\r\n"method":"tools/call","params":{"name":"size","arguments":{"padding":"${padding}"}}}`
        return messagesOf(await session.say(text))
      }),
    )
    for (const [message] of replies) expect(JSON.stringify(message)).toMatch(/"length":500\d{3}/)
  })

  it('whose client reads slowly is slowed, and nothing is lost', async () => {
    await using world = stdioUpstream({
      script: scripted(`{ pour: async (m, reply) => {
        for (let i = 0; i < 3000; i += 1) {
          tools.poured = i
          if (!process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(1000) + i } }) + '\\n'))
            await new Promise((resolve) => process.stdout.once('drain', resolve))
        }
        reply({})
      } }`),
    })
    const session = await openSession(world.upstream)
    const reply = await session.call(1, 'pour')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(world.budget.heldBytes).toBeGreaterThan(200_000)
    expect(world.budget.heldBytes).toBeLessThan(700_000)
    expect(await messagesOf(reply)).toHaveLength(3001)
    expect(world.budget.heldBytes).toBe(0)
  })
})
