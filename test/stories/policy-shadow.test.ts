// A policy is tried beside the one in force: what would it do differently, while nobody feels it?
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import type { LegacySession } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

type Rule = Readonly<Record<string, unknown>>

const EVERYBODY: Rule = { id: 'everybody', effect: 'allow', match: { connections: ['db'] } }
const NO_WIPE: Rule = { id: 'no-wipe', effect: 'deny', match: { connections: ['db'], tools: ['wipe'] } }
const NO_DDL: Rule = {
  id: 'no-ddl',
  effect: 'deny',
  match: { connections: ['db'], tools: ['query'] },
  when: 'sql.verbs.exists(v, v == "ddl")',
}

let gateway: Gateway
let server: ScriptedServer
let alice: LegacySession
let file: string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } }, labels: { kind: 'postgres' } } },
    policy: { version: 1, rules: [EVERYBODY, NO_WIPE] },
  })
  alice = await openSession({ gateway })
  file = join(gateway.folder, 'new.yaml')
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function shadow(...args: readonly string[]) {
  return gateway.command(['policy', 'shadow', ...args, '-c', gateway.configFile])
}

async function reported(): Promise<unknown> {
  const { stdout } = await shadow('--json')
  const value: unknown = JSON.parse(stdout)
  return at(value, 'shadow')
}

/** Waits until what is reported is like this: the gateway looks once a second. */
function becomes(wanted: object) {
  return expect.poll(reported, { timeout: 30_000, interval: 500 }).toMatchObject(wanted)
}

async function isAnswered(tool: string, args: Readonly<Record<string, unknown>>): Promise<boolean> {
  return (await alice.call(tool, args)).text.includes(`tools/call ${tool}`)
}

describe('a policy that is tried', () => {
  it('is none to begin with, and none that does not load', async () => {
    await writeFile(file, stringify({ version: 1, rules: [{ ...EVERYBODY, match: { connections: ['nowhere'] } }] }))
    const { code, stderr } = await shadow(file)
    expect(code).toBe(1)
    expect(stderr).toContain('nowhere')
    expect(await reported()).toBeNull()
  })

  it('decides nothing, and is counted with where it differs and a record that shows it', async () => {
    await writeFile(file, stringify({ version: 1, rules: [EVERYBODY, NO_DDL] }))
    expect(await shadow(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('decides nothing') })
    await becomes({ path: file, version: expect.stringMatching(/^[0-9a-f]{64}$/), trouble: null })
    expect(await isAnswered('query', { sql: 'SELECT 1' })).toBe(true)
    expect(await isAnswered('query', { sql: 'DROP TABLE a' })).toBe(true)
    expect(await isAnswered('query', { sql: 'DROP TABLE b' })).toBe(true)
    expect(await isAnswered('wipe', {})).toBe(false)
    await becomes({
      compared: 4,
      differences: [
        { from: 'allow', to: 'deny', rule: 'no-ddl', count: 2 },
        { from: 'deny', to: 'allow', rule: 'everybody', count: 1 },
      ],
    })
    const records = await recordsOf(gateway)
    const seqOf = (text: string) =>
      records.findLast((record) => String(at(record, 'body', 'req', 'text')).includes(text))?.['seq']
    const report = await reported()
    expect(report).toMatchObject({
      differences: [{ example_seq: seqOf('DROP TABLE b') }, { example_seq: seqOf('wipe') }],
    })
    const { stdout } = await shadow()
    expect(stdout).toMatch(/4 decisions, 3 different/)
    expect(stdout).toMatch(/allow -> deny +2 {2}by no-ddl .*, such as #\d+\)/)
  })

  it('starts anew when its file changes', async () => {
    await writeFile(file, stringify({ version: 1, rules: [EVERYBODY, NO_WIPE, NO_DDL] }))
    await becomes({ compared: 0, differences: [] })
    expect(await isAnswered('wipe', {})).toBe(false)
    await becomes({ compared: 1, differences: [] })
  })

  it('goes on after the gateway was started again', async () => {
    await gateway.restart()
    alice = await openSession({ gateway })
    expect(await isAnswered('query', { sql: 'DROP TABLE c' })).toBe(true)
    await becomes({ differences: [{ rule: 'no-ddl', count: 1 }] })
  })

  it('that is broken or gone is not compared any more, and calls go on as before', async () => {
    await writeFile(file, 'version: 1\nrules: [}')
    await becomes({ trouble: expect.stringContaining('new.yaml') })
    expect(await isAnswered('query', { sql: 'DROP TABLE d' })).toBe(true)
    await rm(file)
    await becomes({ trouble: expect.stringContaining('cannot be read') })
    expect(await isAnswered('query', { sql: 'DROP TABLE e' })).toBe(true)
    expect(await isAnswered('wipe', {})).toBe(false)
  })

  it('is over when somebody says so', async () => {
    expect((await shadow('--stop')).code).toBe(0)
    expect(await reported()).toBeNull()
    expect(await isAnswered('query', { sql: 'DROP TABLE f' })).toBe(true)
    expect((await shadow()).stdout).toContain('No policy is tried')
  })
})
