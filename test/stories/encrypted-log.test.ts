// An operator who wants nothing of a call to lie on the disk in plain, not even for the five minutes until it is sealed.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const PLANTED = 'SELECT salary FROM people'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { audit: { segment: { encrypt: true } } },
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: PLANTED })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function onDisk(): boolean {
  const files = globSync('audit/**/*.seg', { cwd: gateway.dataFolder })
  expect(files.length).toBeGreaterThan(0)
  return files.some((file) => readFileSync(join(gateway.dataFolder, file)).includes('SELECT salary'))
}

describe('a gateway whose running segments are encrypted', () => {
  it('has nothing of a call in them, and shows it to whoever has the configuration', async () => {
    expect(onDisk()).toBe(false)
    const { code, stdout } = await gateway.command(['tail', '--no-follow', '--json', '-c', gateway.configFile])
    expect(stdout).toContain(PLANTED)
    expect(code).toBe(0)
    const found = await gateway.command(['search', 'salary', '--json', '-c', gateway.configFile])
    expect(found.stdout).toContain(PLANTED)
    const verified = await gateway.command(['audit', 'verify', '-c', gateway.configFile])
    expect(verified.stdout).toMatch(/^Verified: /)
    expect(verified.code).toBe(0)
  })

  it('tells whoever has the folder alone what to do', async () => {
    for (const command of [
      ['tail', '--no-follow'],
      ['audit', 'verify'],
    ]) {
      const { code, stderr, stdout } = await gateway.command([...command, '--data', gateway.dataFolder])
      expect(stdout).not.toContain(PLANTED)
      expect(stderr).toMatch(/is encrypted, and its key is not known here\. Name the configuration/)
      expect(code).toBe(3)
    }
  })

  it('goes on after it was killed, with everything that was acknowledged', async () => {
    await gateway.kill()
    await gateway.restart()
    const { stdout } = await gateway.command(['tail', '--no-follow', '--json', '-c', gateway.configFile])
    expect(stdout).toContain(PLANTED)
    expect(stdout).toContain('log.resume')
  })
})
