// What is kept and printed beside the messages themselves: what decisions were made from, names and addresses of what was
// called, what clients say of themselves, counters, lines that a process prints. None of it may hold a value either.
import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Gateway } from '../support/gateway.ts'
import { startGateway } from '../support/gateway.ts'
import { leftIn } from '../support/masking/left-behind.ts'
import { goodHeaders, initialize, openSession, post } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { scripted } from '../support/scripted-stdio.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'
import { collectPrinted } from '../support/secrets.ts'

const MAIL = 'erika.muster@example.com'
const CARD = '4111111111111111'
const PHONE = '+49 1512 3456789'
const KEY = ['gh', 'p_', 'a1B2'.repeat(9)].join('')
const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj'
const PLANTED = [MAIL, CARD, PHONE, KEY, KEY_LINE]

const ALL = { id: 'all', effect: 'allow', match: { connections: ['*'] } }
const POLICY = {
  version: 1,
  rules: [
    ALL,
    {
      id: 'looks-at-words',
      effect: 'deny',
      match: { connections: ['shell'] },
      when: '"never" in shell.programs || shell.commands.exists(c, "never" in c.args) || (has(identity.claims.phone_number) && identity.claims.phone_number == "1")',
    },
    { id: 'few', effect: 'limit', match: { connections: ['shell'] }, limit: [{ calls: 1, per: '1h', by: ['tool'] }] },
  ],
}

/** Prints what it is told, as programs do. */
const CHATTY = scripted(
  `{ print: (message, reply) => { process.stderr.write(message.params.arguments.lines.join('\\n') + '\\n'); reply({ content: [] }) } }`,
)

let server: ScriptedServer
let gateway: Gateway
let printed: () => string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      shell: { upstream: { http: { url: server.url } }, inspect: { shell: '$.args.run' } },
      process: { upstream: { stdio: { command: process.execPath, args: ['--input-type=module', '-e', CHATTY] } } },
    },
    policy: POLICY,
  })
  printed = collectPrinted(gateway)
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

async function settled(): Promise<void> {
  // Counters are saved once a second.
  await wait(2_500)
}

function foundIn(text: string): string[] {
  return PLANTED.filter((value) => text.includes(value))
}

it('lines of a process are hidden, and a key over many lines', async () => {
  const session = await openSession({ gateway, connection: 'process' })
  const dashes = '-'.repeat(5)
  const key = [`${dashes}BEGIN PRIVATE KEY${dashes}`, KEY_LINE, `${dashes}END PRIVATE KEY${dashes}`]
  const lines = [`welcome ${MAIL}`, `{"phone":"${PHONE}"}`]
  await session.call('print', { lines: [...lines, 'last line'] })
  await expect.poll(printed).toContain('last line')
  await session.call('print', { lines: [...key, 'very last line'] })
  await expect.poll(printed).toContain('very last line')
  expect(foundIn(printed())).toEqual([])
  expect(printed()).toContain('redacted:private_key')
  expect(printed()).toContain('welcome')
})

it('what a client says of itself, what a call is about and what it was decided by are hidden in records', async () => {
  const headers = await goodHeaders({ gateway, connection: 'shell' })
  const hello = initialize()
  const clientInfo = { name: `agent of ${MAIL}`, version: PHONE }
  const body = JSON.stringify({ ...hello, params: { ...(hello['params'] as object), clientInfo } })
  await post(gateway.url('shell'), body, { ...headers, 'user-agent': `tool (${MAIL})` })
  const token = await gateway.token('alice', { phone_number: PHONE })
  const session = await openSession({ gateway, connection: 'shell', token })
  await session.call('run', { run: `mail -s hello ${MAIL}` })
  await session.call(`tool-${CARD}`, {})
  await session.call(`tool ${MAIL}`, {})
  await session.ask('resources/read', { uri: `crm://customers/${MAIL}` })
  await session.ask('resources/read', { uri: `crm://cards/${CARD}` })
  const twice = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"${MAIL}":1,"${MAIL}":2}}}`
  await post(gateway.url('shell'), twice, headers)
  const records = await recordsOf(gateway)
  expect(foundIn(JSON.stringify(records))).toEqual([])
  const mailed = ofKind(records, 'intent').find((record) => at(record, 'facts', 'shell') !== undefined)
  expect(at(mailed, 'facts', 'masked')).toEqual(expect.arrayContaining(['shell']))
  expect(at(mailed, 'facts', 'args_whole')).toBeUndefined()
  expect(at(mailed, 'facts', 'shell', 'programs')).toEqual(['mail'])
})

it('a trial of a policy shows no value in its example', async () => {
  const file = `${gateway.folder}/new.yaml`
  await writeFile(
    file,
    `version: 1\nrules:\n- { id: all, effect: allow, match: { connections: ['*'] } }\n- { id: none, effect: deny, match: { resources: ['crm://**'] } }\n`,
  )
  await gateway.command(['policy', 'shadow', file, '-c', gateway.configFile])
  const session = await openSession({ gateway, connection: 'shell' })
  const report = async (): Promise<string> => {
    await session.ask('resources/read', { uri: `crm://customers/${MAIL}` })
    return (await gateway.command(['policy', 'shadow', '--json', '-c', gateway.configFile])).stdout
  }
  await expect.poll(report, { timeout: 30_000, interval: 500 }).toContain('"rule":"none"')
  expect(foundIn(await report())).toEqual([])
})

it('no file that is left and nothing that was printed holds a value', async () => {
  await settled()
  const found = leftIn(gateway.dataFolder).flatMap(({ name, bytes }) =>
    foundIn(new TextDecoder('latin1').decode(bytes)).map((value) => `${value} in ${name}`),
  )
  expect(found).toEqual([])
  expect(foundIn(printed())).toEqual([])
})
