// A person asks to be forgotten, a court asks that something be kept, and both happen beside a gateway that runs.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesWith } from '../support/files.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { ofKind, recordsOf } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const PLANTED = 'planted by the test 4711'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: { upstream: { http: { url: server.url } }, labels: { env: 'test' } },
      ledger: { upstream: { http: { url: server.url } }, labels: { env: 'prod' } },
    },
    config: { audit: { classes: { payments: { payload: '800d', entries: '900d', connections: ['ledger'] } } } },
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: 'SELECT 1' })
  const bob = await openSession({ gateway, person: 'bob' })
  for (let n = 0; n < 3; n++) await bob.call('query', { note: `${PLANTED}, ${n}` })
  const ada = await openSession({ gateway, person: 'ada', connection: 'ledger' })
  await ada.call('query', { sql: 'SELECT 2' })
})
afterAll(async () => {
  await gateway.stop()
  await server[Symbol.asyncDispose]()
})

const audit = (...args: string[]) => gateway.command(['audit', ...args, '-c', gateway.configFile])

/** As another user of the operating system would have asked, of which a test has one only. */
function askedBySomebodyElse(id: string): void {
  using database = new DatabaseSync(join(gateway.dataFolder, 'control.db'))
  database.prepare('UPDATE audit_erasure SET requester = ? WHERE id = ?').run('os:somebody-else', id)
}

async function request(...what: string[]): Promise<string> {
  const asked = await audit('erase', ...what, '--basis', 'GDPR Art. 17', '--request', 'DSR-7')
  expect(asked.code).toBe(0)
  return /approve ([0-9a-f-]{36})/.exec(asked.stdout)?.[1] ?? ''
}

describe('records once they are written', () => {
  it('have the class that the configuration says, which is on record before them', async () => {
    const records = await recordsOf(gateway)
    const defined = ofKind(records, 'log.class').map((record) => record['class'])
    expect(defined).toContainEqual(
      expect.objectContaining({ n: 2, name: 'payments', payload_days: 800, entry_days: 900 }),
    )
    const classes = ofKind(records, 'intent').map((record) => record['retention'])
    expect(new Set(classes)).toEqual(new Set([1, 2]))
  })

  it('are listed with what is due, held, and for how long there is room', async () => {
    const shown = await audit('retention')
    expect(shown.stdout).toContain('class 2 payments (version 1): content 800 d, entries 900 d')
    expect(shown.stdout).toContain('Nothing is due.')
    expect(shown.stdout).toContain('Holds: 0.')
  })

  it('of a person are previewed, erased after a second person approved, and found in no file any more', async () => {
    expect(filesWith(gateway.dataFolder, PLANTED).length).toBeGreaterThan(0)
    const preview = await audit('erase', '--subject', 'bob', '--preview')
    expect(preview.stdout).toMatch(/^\d+ records; whole sessions: 1; connections: db; days: \d{4}-\d{2}-\d{2}\n$/)
    const id = await request('--subject', 'bob')
    const alone = await audit('erase', 'approve', id)
    expect(alone).toMatchObject({ code: 1 })
    expect(alone.stderr).toContain('somebody else must approve')
    expect(filesWith(gateway.dataFolder, PLANTED).length).toBeGreaterThan(0)
    askedBySomebodyElse(id)
    const done = await audit('erase', 'approve', id)
    expect(done.stderr + done.stdout).toContain('Erased:')
    expect(done.code).toBe(0)
    expect(filesWith(gateway.dataFolder, PLANTED)).toEqual([])
    const verified = await audit('verify')
    expect(verified.stdout).toMatch(/Records: .*\d+ erased/)
    expect(verified.code).toBe(0)
    const again = await audit('erase', '--subject', 'bob', '--preview')
    expect(again.stderr).toContain('Nothing that can still be read fits.')
  })

  it('under a hold stay until it is released, with the gateway running and without', async () => {
    const set = await audit('hold', 'set', '--principal', 'ada', '--reason', 'case 12')
    expect(set.stdout).toMatch(/^Hold [0-9a-f-]{36} is in force: record \d+\.\n$/)
    const hold = /Hold ([0-9a-f-]{36})/.exec(set.stdout)?.[1] ?? ''
    const preview = await audit('erase', '--subject', 'ada', '--preview')
    expect(preview.stdout).toMatch(/^(\d+) records, of which \1 stay: they are under a legal hold; whole sessions: 1;/)
    const id = await request('--subject', 'ada')
    expect((await audit('erase', 'list')).stdout).toMatch(/\d+ records, of which \d+ stay: they are under a legal hold/)
    askedBySomebodyElse(id)
    const done = await audit('erase', 'approve', id)
    expect(done.stderr).toMatch(/^NOT all erased: .*"held_blocks":[1-9].* Ask for it again once the hold is released/)
    expect(done.code).toBe(1)
    expect((await audit('erase', '--subject', 'ada', '--preview')).code).toBe(0)
    await gateway.process().stop()
    const released = await audit('hold', 'release', hold, '--reason', 'closed')
    expect(released.stdout).toContain(`Hold ${hold} is released, on record.`)
    expect((await audit('hold', 'list')).stdout).toBe('')
    expect((await audit('verify')).code).toBe(0)
  })

  it.each([
    [['erase'], 'Say: audit erase'],
    [['erase', '--containing', 'x'], 'at least 4 characters'],
    [['erase', '--seq', '9-3'], 'is no record'],
    [['hold', 'set', '--reason', 'r'], 'Say what to hold'],
    [['hold', 'set', '--principal', 'ada'], 'Say why'],
    [['hold', 'set', '--session', 'x', '--reason', 'r'], 'is no session'],
    [['keys'], 'audit keys rewrap --to FILE'],
  ])('%j called wrongly says how', async (args, said) => {
    const done = await audit(...args)
    expect(done.code).toBe(2)
    expect(done.stderr).toContain(said)
  })

  it.each([
    { args: ['--class', 'payments', '--month', '2999-01'], says: 'not over yet' },
    { args: ['--class', 'nobody', '--month', '2020-01'], says: 'There is no class nobody. There are: ' },
    { args: ['--class', 'payments'], says: 'which month' },
    { args: ['--month', '2020-13', '--class', 'payments'], says: 'which month' },
    { args: ['--month', '2020-01', '--class', 'payments', '--subject', 'bob'], says: 'asked for alone' },
  ])('a month of a class that cannot be meant is refused: $args', async ({ args, says }) => {
    const refused = await audit('erase', ...args, '--preview')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(says)
  })
})
