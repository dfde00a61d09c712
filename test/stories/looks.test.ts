// Whoever looks at the log is in the log: at once while a gateway runs, with its next start otherwise, and where neither can be,
// they are told.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyRunning } from '../support/files.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
let session: string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({ connections: { db: { upstream: { http: { url: server.url } } } } })
  await (await openSession({ gateway })).call('query', { sql: 'SELECT 1' })
  session = String(at(ofKind(await recordsOf(gateway), 'intent').at(-1), 'session', 'id'))
}, 240_000)
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

describe('a look at the log', () => {
  it('is a record before anything is shown, with who, which session and how much', async () => {
    const { stderr } = await run(gateway, ['replay', session])
    expect(stderr).toBe('')
    await run(gateway, ['export', '--who', 'alice@example.com', '--format', 'csv'])
    const records = await recordsOf(gateway)
    expect(ofKind(records, 'replay.viewed')).toMatchObject([
      { view: { session, rows: expect.any(Number), os_uid: expect.any(Number) }, integrity: { state: 'verified' } },
    ])
    expect(ofKind(records, 'export')).toMatchObject([{ view: { format: 'csv', who: 'named' } }])
    expect(JSON.stringify(ofKind(records, 'export'))).not.toContain('alice')
  })

  it('is a record of tail, sessions and search too, without what was searched for', async () => {
    await run(gateway, ['tail', '--no-follow'])
    await run(gateway, ['sessions'])
    await run(gateway, ['search', 'who:alice@example.com', '-tool:query', 'zanzibar', '--count'])
    const views = ofKind(await recordsOf(gateway), 'view')
    expect(views).toMatchObject([
      { view: { what: 'tail', os_uid: expect.any(Number) } },
      { view: { what: 'sessions' } },
      { view: { what: 'search', fields: 'text,tool,who', rows: 0 }, integrity: { state: 'verified' } },
    ])
    expect(JSON.stringify(views)).not.toMatch(/alice|zanzibar/)
  })

  it('stays on file while no gateway runs, and is recorded by the next', async () => {
    await gateway.process().stop()
    const { stderr } = await run(gateway, ['replay', session])
    expect(stderr).toMatch(/is on file, and is recorded when a gateway next starts/)
    const looks = join(gateway.dataFolder, 'looks')
    writeFileSync(join(looks, 'look-bad.json'), '{"v":1,"kind":"outcome","at":1,"view":{}}')
    await gateway.restart()
    for (let left = 50; left > 0 && readdirSync(looks).some((name) => name.startsWith('look-')); left--)
      await sleep(100)
    const records = await recordsOf(gateway)
    expect(ofKind(records, 'replay.viewed')).toHaveLength(2)
    expect(gateway.process().stderr()).toContain('a file among the looks is none')
    const { stdout } = await run(gateway, ['audit', 'verify', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ findings: [] })
  })

  it('cannot be recorded in a copy of the log, and says so', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'looks-copy-'))
    copyRunning(join(gateway.dataFolder, 'audit'), join(copy, 'audit'))
    const done = await gateway.command(['replay', session, '--data', copy])
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/is not recorded: .* is not the data folder/) })
    expect(readdirSync(copy)).toEqual(['audit'])
    rmSync(copy, { recursive: true })
  })
})
