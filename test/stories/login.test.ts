// Somebody logs in from a terminal and decides there.
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { type PageWorld, startPageWorld } from '../support/page-world.ts'
import { runProgram, startProgram } from '../support/process.ts'

let world: PageWorld
let home: string
beforeAll(async () => {
  world = await startPageWorld()
  home = await mkdtemp(join(tmpdir(), 'sallyport-test-login-'))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

it('sallyport login stores a token for its owner alone, and sallyport approvals goes by it', async () => {
  const { gateway, provider, askAt } = world
  const id = await askAt({ sql: 'from a terminal' })
  const env = { XDG_CONFIG_HOME: home, SALLYPORT_URL: gateway.base() }
  const args = [
    'src/cli/main.ts',
    'login',
    '--client-id',
    provider.clientId,
    '--scope',
    'openid groups email',
    '--json',
  ]
  const running = await startProgram({ args, env })
  const ended = once(running.process, 'exit')
  const url = new URL(String(running.ready['url']))
  const browser = new Browser()
  const stray = new URL(url.searchParams.get('redirect_uri') ?? '')
  stray.search = 'code=stolen&state=guessed'
  expect((await browser.visit(stray)).status).toBe(400)
  const done = await browser.follow(url, 'bob')
  expect(done.text).toContain('You are logged in')
  expect(await ended).toEqual([0, null])
  const file = join(home, 'sallyport', 'logins.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const approved = await runProgram({ args: ['src/cli/main.ts', 'approvals', 'approve', id], env })
  expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining('approved') })
  await chmod(file, 0o644)
  expect(await runProgram({ args: ['src/cli/main.ts', 'approvals', 'list'], env })).toMatchObject({ code: 2 })
})
