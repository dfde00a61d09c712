// A whole gateway whose disk is full, read-only or somebody else's: nothing passes, everybody is told, and it goes on by itself.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { portOf } from '../support/issuer.ts'
import { callModern } from '../support/mcp-client.ts'
import type { Reply } from '../support/mcp-client.ts'
import { recordsOf, run } from '../support/records.ts'
import { replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

/** Room for the log, the log of logs and the index, with spares of each, over a few starts. */
const DISK_MIB = 32

/**
 * A folder in which the room can be taken away. Whoever may mount gets a small disk of its own, which is filled for `full` and
 * mounted read-only for `read-only`; anybody else a folder without write permission: no new file of the log can be made then.
 */
class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sallyport-disk-'))
  readonly #mounted = tryRun('mount', '-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'sallyport-test', this.path)
  #readOnly = false

  take(how: 'full' | 'read-only'): void {
    if (!this.#mounted) return chmodSync(join(this.path, 'audit'), 0o500)
    if (how === 'full') return this.#fill()
    this.#bindReadOnly()
    this.#readOnly = true
  }

  /** A second view of the disk, made read-only where nobody writes, and then put over the first: no open file can be in the way. */
  #bindReadOnly(): void {
    const view = mkdtempSync(join(tmpdir(), 'sallyport-disk-view-'))
    const isReadOnly =
      tryRun('mount', '--bind', this.path, view) &&
      tryRun('mount', '-o', 'remount,bind,ro', view) &&
      tryRun('mount', '--bind', view, this.path)
    tryRun('umount', '-l', view)
    rmdirSync(view)
    if (!isReadOnly) throw new Error('a mount could not be made read-only')
  }

  give(): void {
    if (!this.#mounted) return chmodSync(join(this.path, 'audit'), 0o700)
    if (this.#readOnly) tryRun('umount', '-l', this.path)
    this.#readOnly = false
    rmSync(join(this.path, 'filler'), { force: true })
  }

  #fill(): void {
    const { bavail, bsize } = statfsSync(this.path)
    try {
      writeFileSync(join(this.path, 'filler'), new Uint8Array(bavail * bsize))
    } catch {
      // The gateway took some of it meanwhile: then there is no room either.
    }
  }

  [Symbol.dispose](): void {
    this.give()
    if (this.#mounted) tryRun('umount', '-l', this.path)
    rmSync(this.path, { recursive: true, force: true })
  }
}

function tryRun(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

interface World extends AsyncDisposable {
  readonly gateway: Gateway
  readonly server: ScriptedServer
  readonly disk: SmallDisk
}

async function setUp(): Promise<World> {
  const disk = new SmallDisk()
  const server = await startScriptedServer((received, response) => {
    if (received.method !== 'tools/call') return false
    return sendJson(response, replyTo(received, textResult(`reply to ${keyOf(received.body)} ${'x'.repeat(20_000)}`)))
  })
  const gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { data: disk.path, audit: { segment: { size: '1MiB' } } },
  })
  return {
    gateway,
    server,
    disk,
    [Symbol.asyncDispose]: async () => {
      disk.give()
      await gateway.stop()
      await server[Symbol.asyncDispose]()
      disk[Symbol.dispose]()
    },
  }
}

function keyOf(text: string): string {
  return /key-\d+/.exec(text)?.[0] ?? ''
}

const ROUNDS_MAX = 300

/** Calls until one is refused. Gives that refusal, and the keys of all replies that came. */
async function callUntilRefused(
  gateway: Gateway,
  from: number,
): Promise<{ refusal: Reply; replied: readonly string[] }> {
  const replied: string[] = []
  for (let n = from; n < from + ROUNDS_MAX; n += 1) {
    const reply = await callModern({ gateway }, 'query', { key: `key-${n}`, padding: 'y'.repeat(20_000) })
    if (reply.status !== 200) return { refusal: reply, replied }
    replied.push(`key-${n}`)
  }
  throw new Error(`${ROUNDS_MAX} calls passed though there was no room`)
}

async function statusOf(gateway: Gateway, path: string): Promise<number> {
  return (await fetch(`${gateway.base()}${path}`)).status
}

describe.each(['full', 'read-only'] as const)('a disk that is %s', (how) => {
  it('stops every call with a sentence, and calls go on by themselves once it is mended', async () => {
    await using world = await setUp()
    const { gateway, server, disk } = world
    expect((await callModern({ gateway }, 'query', { key: 'key-0' })).status).toBe(200)
    expect(await statusOf(gateway, '/readyz')).toBe(200)

    disk.take(how)
    const { refusal, replied } = await callUntilRefused(gateway, 1)
    expect(refusal.status).toBe(503)
    expect(refusal.message).toMatchObject({
      id: 1,
      error: { code: -31_503, message: expect.stringContaining('audit log cannot be written') },
    })
    expect(refusal.text).not.toContain('reply to')
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await statusOf(gateway, '/readyz')).toBe(503)
    expect(await statusOf(gateway, '/healthz')).toBe(200)
    const before = server.received.length
    for (let n = 0; n < 20; n += 1)
      expect((await callModern({ gateway }, 'query', { key: 'key-9999' })).status).toBe(503)
    expect(server.received).toHaveLength(before)

    disk.give()
    await expect.poll(() => statusOf(gateway, '/readyz'), { timeout: 20_000, interval: 200 }).toBe(200)
    expect((await callModern({ gateway }, 'query', { key: 'key-10000' })).status).toBe(200)
    await expectAllRecorded(world, [...replied, 'key-0', 'key-10000'])
    expect(gateway.process().process.exitCode).toBeNull()
  })

  it('that lasts through a restart keeps the gateway from starting, or from passing, and loses nothing', async () => {
    await using world = await setUp()
    const { gateway, disk } = world
    disk.take(how)
    const { replied } = await callUntilRefused(gateway, 1)
    await gateway.kill()
    const started = await gateway.restart().then(
      async () => `answers with ${(await callModern({ gateway })).status}`,
      (error: unknown) => String(error),
    )
    expect(started).toMatch(/answers with 503|ended with 3 /)
    await gateway.kill()
    disk.give()
    await gateway.restart()
    expect((await callModern({ gateway }, 'query', { key: 'key-10000' })).status).toBe(200)
    await expectAllRecorded(world, [...replied, 'key-10000'])
  })
})

/** Every reply that came is in the log, every call that arrived too, and the log is whole. */
async function expectAllRecorded({ gateway, server }: World, replied: readonly string[]): Promise<void> {
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
  const text = JSON.stringify(await recordsOf(gateway))
  expect(replied.filter((key) => !text.includes(`reply to ${key} `))).toEqual([])
  const arrived = server.received.filter(({ method }) => method === 'tools/call').map(({ body }) => keyOf(body))
  expect(arrived.length).toBeGreaterThanOrEqual(replied.length)
  expect(
    arrived.filter(
      (key) => !text.includes(`\\"key\\":\\"${key}\\"`) && !text.includes(`"key":"${key}"`) && !text.includes(key),
    ),
  ).toEqual([])
}

describe('a gateway that cannot start', () => {
  it('because another one has its data folder says so, and the other goes on', async () => {
    await using world = await setUp()
    const { gateway } = world
    const second = await gateway.command(['serve', '-c', gateway.configFile, '--json'])
    expect(second).toMatchObject({ code: 3, stdout: '' })
    expectSentence(second.stderr, gateway.dataFolder)
    expect((await callModern({ gateway }, 'query', { key: 'key-1' })).status).toBe(200)
    expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
  })

  it.each([
    ['is a file', '/dev/null'],
    ['cannot be made', '/sys/sallyport'],
    ['is below a file', '/dev/null/data'],
  ])('because its data folder %s says so', async (_, data) => {
    const failed = await startGateway({ connections: {}, config: { data } }).then(
      (gateway) => gateway.stop(),
      (error: unknown) => String(error),
    )
    expect(failed).toMatch(/ended with [123] before it was ready/)
    expectSentence(String(failed), data)
  })

  it('because its port is taken says so', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const listen = `127.0.0.1:${portOf(taken.address())}`
    const failed = await startGateway({ connections: {}, config: { listen } }).then(
      (gateway) => gateway.stop(),
      (error: unknown) => String(error),
    )
    taken.close()
    expect(failed).toMatch(/ended with [123] before it was ready/)
    expectSentence(String(failed), listen.replace('127.0.0.1:', ''))
  })
})

/** A sentence for people that names what is wrong; no trace of a program that fell over. */
function expectSentence(text: string, names: string): void {
  expect(text).toContain(names)
  expect(text).not.toMatch(/\n\s+at |node:internal|Node\.js v/)
}
