// What was sealed and encrypted is found and opened like everything else; what was erased is found no more, in no file either.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { filesWith } from '../support/files.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { at } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const PLANTED = 'quetzalcoatl'
/** What a full-text index always writes of it: words that begin like the one before them are kept without that beginning. */
const IN_FILES = 'zalcoatl'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { audit: { segment: { size: '1MiB', seal_after: '1s' }, view: { auditors: ['auditors'] } } },
  })
  const bob = await openSession({ gateway, person: 'bob' })
  await bob.call('query', { note: PLANTED })
  const alice = await openSession({ gateway })
  // Enough for whole blocks, which is what is sealed.
  for (let n = 0; n < 300; n += 1) await alice.call('query', { note: `ordinary ${n}` })
})
afterAll(async () => {
  await gateway.stop()
  await server[Symbol.asyncDispose]()
})

it('a record that was sealed and encrypted is found, and its content is opened', async () => {
  await until(() => filesUnder('audit').some((name) => name.endsWith('.pack')))
  const [hit] = hitsOf(await search(PLANTED))
  expect(at(hit, 'integrity', 'state')).toBe('verified')
  expect(String(at(hit, 'body', 'req', 'text'))).toContain(PLANTED)
  const inTerminal = await gateway.command(['search', PLANTED, '-c', gateway.configFile])
  expect(inTerminal.stdout).toContain(`»${PLANTED}«`)
  const withoutKey = await gateway.command(['search', PLANTED, '--data', gateway.dataFolder])
  expect(withoutKey.stdout).toContain('is encrypted: name the configuration with -c for its key.')
  expect(withoutKey.stdout).not.toContain(`»${PLANTED}«`)
})

it('by a regular expression too, which says what it could not open', async () => {
  expect(hitsOf(await search('/quetzal\\w+/'))).toHaveLength(1)
  const inTerminal = await gateway.command(['search', '/quetzal\\w+/ kind:intent', '-c', gateway.configFile])
  expect(inTerminal.stdout).toContain(`»${PLANTED}«`)
  expect(inTerminal.stderr).not.toContain('stayed closed')
  const withoutKey = await gateway.command(['search', '/quetzal\\w+/ kind:intent', '--data', gateway.dataFolder])
  expect(withoutKey.stdout).toBe('')
  expect(withoutKey.stderr).toMatch(/\d+ more are encrypted and stayed closed/)
})

it('and once it is erased, it is found no more, and its words are in no file of the index', async () => {
  await until(() => indexFilesWith(IN_FILES).length > 0)
  const asked = await gateway.command([
    'audit',
    'erase',
    '--subject',
    'bob',
    '--basis',
    'GDPR Art. 17',
    '--request',
    'DSR-7',
    '-c',
    gateway.configFile,
  ])
  const id = /approve ([0-9a-f-]{36})/.exec(asked.stdout)?.[1] ?? ''
  askedBySomebodyElse(id)
  const done = await gateway.command(['audit', 'erase', 'approve', id, '-c', gateway.configFile])
  expect(done.stderr + done.stdout).toContain('Erased:')
  expect(indexFilesWith(IN_FILES)).toEqual([])
  expect(hitsOf(await search(PLANTED))).toEqual([])
  expect(hitsOf(await search('/quetzal\\w+/'))).toEqual([])
  expect(hitsOf(await search('"ordinary 299"'))).toHaveLength(1)
})

async function search(q: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${await gateway.token('ada')}` }
  const response = await fetch(
    `${gateway.base()}/api/v1/search?${new URLSearchParams({ q: `${q} kind:intent` }).toString()}`,
    { headers },
  )
  return response.json()
}

function hitsOf(body: unknown): readonly unknown[] {
  const hits = at(body, 'hits')
  if (!Array.isArray(hits)) throw new Error(JSON.stringify(body))
  return hits
}

/** As another user of the operating system would have asked, of which a test has one only. */
function askedBySomebodyElse(id: string): void {
  using database = new DatabaseSync(join(gateway.dataFolder, 'control.db'))
  database.prepare('UPDATE audit_erasure SET requester = ? WHERE id = ?').run('os:somebody-else', id)
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(gateway.dataFolder, folder), { recursive: true, encoding: 'utf8' })
}

function indexFilesWith(word: string): string[] {
  return filesWith(join(gateway.dataFolder, 'index'), word)
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !holds(); i += 1) await sleep(100)
  expect(holds()).toBe(true)
}
