// Somebody keeps a terminal open: the token of their login is renewed with their groups as they are by then, and what comes in is told.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { portOf } from '../support/issuer.ts'
import { type PageWorld, startPageWorld } from '../support/page-world.ts'
import { isRecord, type Program, runProgram, startProgram } from '../support/process.ts'
import { soon } from '../support/receivers.ts'

const MAIN = 'src/cli/main.ts'
let world: PageWorld
let home: string
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  world = await startPageWorld()
  home = await mkdtemp(join(tmpdir(), 'sallyport-test-login-'))
  env = { XDG_CONFIG_HOME: home, SALLYPORT_URL: world.gateway.base() }
  const scope = 'openid groups email offline_access'
  const login = [MAIN, 'login', '--client-id', world.provider.clientId, '--scope', scope, '--json']
  const running = await startProgram({ args: login, env })
  const ended = once(running.process, 'exit')
  await new Browser().follow(new URL(String(running.ready['url'])), 'bob')
  await ended
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

const file = () => join(home, 'sallyport', 'logins.json')
const approvals = (...args: readonly string[]) => runProgram({ args: [MAIN, 'approvals', ...args], env })

async function stored(): Promise<Readonly<Record<string, unknown>>> {
  const logins: unknown = JSON.parse(await readFile(file(), 'utf8'))
  const login: unknown = isRecord(logins) ? logins[world.gateway.base()] : undefined
  return isRecord(login) ? login : {}
}

/** As if the login were some time ago. */
async function age(over: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(file(), JSON.stringify({ [world.gateway.base()]: { ...(await stored()), ...over } }))
}

const LONG_AGO = { atMs: Date.now() - 3_600_000, expiresMs: Date.now() - 1_000 }

it('a token that has run out is renewed for the gateway, and the new one is kept', async () => {
  const before = await stored()
  expect(typeof before['refreshToken']).toBe('string')
  const id = await world.askAt({ sql: 'renewed' })
  await age({ ...LONG_AGO, accessToken: 'run out' })
  expect(await approvals('approve', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('approved') })
  const after = await stored()
  expect(after['accessToken']).not.toBe(before['accessToken'])
  expect(Number(after['atMs'])).toBeGreaterThan(LONG_AGO.atMs)
})

it('groups are as they are when it is renewed', async () => {
  const id = await world.askAt({ sql: 'left the group' })
  world.people.bob.groups = ['auditors']
  try {
    await age(LONG_AGO)
    expect(await approvals('approve', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('no approval') })
  } finally {
    world.people.bob.groups = ['dba']
    await age(LONG_AGO)
  }
})

it('where it cannot be renewed, that is said', async () => {
  const before = await stored()
  await age({ ...LONG_AGO, refreshToken: 'revoked' })
  const failed = await approvals('list')
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('sallyport login') })
  await age({ ...before })
})

const told = (watch: Program, id: string, state: string) =>
  soon(() => watch.stdout().find((line) => line.includes(id) && line.includes(`"state":"${state}"`)))

it('watch tells what comes in and what becomes of it, while its token is renewed', async () => {
  await age(LONG_AGO)
  const first = await world.askAt({ sql: 'watched' })
  const watch = await startProgram({ args: [MAIN, 'approvals', 'watch', '--json'], env })
  const ended = once(watch.process, 'exit')
  expect(watch.ready).toMatchObject({ id: first, state: 'pending' })
  await age({ ...LONG_AGO, accessToken: 'run out' })
  await soon(async () => ((await stored())['accessToken'] === 'run out' ? undefined : true))
  const second = await world.askAt({ sql: 'watched too' })
  expect(await told(watch, second, 'pending')).toBeDefined()
  expect(await approvals('deny', first, '--reason', 'no')).toMatchObject({ code: 0 })
  expect(await told(watch, first, 'denied')).toBeDefined()
  const lines = watch.stdout()
  expect(new Set(lines).size).toBe(lines.length)
  watch.process.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(watch.stderr()).toBe('')
})

it('watch goes on when a gateway that was away is back, and ends where nobody knows its token any more', async () => {
  const answers: number[] = []
  let status = 200
  const front = createServer((_request, response) => {
    answers.push(status)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? { approvals: [] } : { error: 'Said by a test.' }))
  })
  await once(front.listen(0, '127.0.0.1'), 'listening')
  const seen = async (wanted: number) => soon(() => (answers.includes(wanted) ? true : undefined))
  const url = `http://127.0.0.1:${portOf(front.address())}`
  const running = runProgram({
    args: [MAIN, 'approvals', 'watch'],
    env: { SALLYPORT_URL: url, SALLYPORT_TOKEN: 'one' },
  })
  await seen(200)
  status = 503
  await seen(503)
  status = 401
  const { code, stderr } = await running
  front.close()
  expect(code).toBe(3)
  expect(stderr).toContain('No gateway answers at the moment')
  expect(stderr).toContain('sallyport login')
})
