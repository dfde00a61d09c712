// A whole run: values are planted wherever a server, a client or a stranger can say something, the gateway is killed in the
// middle, and then every file, every line and every answer is searched for each value in every form.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { leftIn } from '../support/masking/left-behind.ts'
import { plant, type Planted, Searcher } from '../support/masking/planted.ts'
import { startPlanted, wordsOf } from '../support/masking/planted-server.ts'
import { plantedStdio } from '../support/masking/planted-stdio.ts'
import { plantedTrouble } from '../support/masking/planted-trouble.ts'
import { type SdkClient, WholeRun } from '../support/masking/whole-run.ts'
import { goodHeaders } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const CREDENTIAL: Planted = {
  what: 'credential of the connection',
  label: 'key',
  key: 'x',
  value: ['made', 'up', 'bureau', 'key', '77Qz'].join('-'),
}
const PLANTED = plant()
const WORDS = wordsOf(PLANTED)
const searcher = new Searcher([...PLANTED, CREDENTIAL])
const trouble = plantedTrouble(WORDS)

const folder = mkdtempSync(join(tmpdir(), 'whole-run-'))
let planted: Awaited<ReturnType<typeof startPlanted>>
let scripted: ScriptedServer
let gateway: Gateway
let run: WholeRun

beforeAll(async () => {
  planted = await startPlanted(PLANTED)
  scripted = await startScriptedServer(trouble.script)
  gateway = await startGateway({
    connections: {
      planted: {
        upstream: { http: { url: planted.url } },
        credentials: [{ name: 'key', header: 'X-Api-Key' }],
        secrets: { key: CREDENTIAL.value },
      },
      stdio: { upstream: { stdio: plantedStdio(folder, WORDS) } },
      scripted: { upstream: { http: { url: scripted.url } } },
    },
    // Small files, for every byte of them is searched.
    config: { audit: { segment: { size: '1MiB' } } },
    policy: {
      version: 1,
      default: 'deny',
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        { id: 'never', effect: 'deny', match: { connections: ['*'], tools: ['forbidden'] } },
      ],
    },
  })
  run = new WholeRun(gateway, PLANTED)
  run.watchOutputs()
  await runItAll()
}, 240_000)
afterAll(async () => {
  await gateway?.stop()
  await scripted?.[Symbol.asyncDispose]()
  await planted?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a run with values planted everywhere', () => {
  it('tells no client and no stranger any of them, in whatever form', () => {
    expect(run.heard.length).toBeGreaterThan(100)
    expect(found(run.heard)).toEqual([])
  })

  it('writes none of them to a log, and no command prints one', () => {
    expect(found(run.written)).toEqual([])
  })

  it('records none of them', async () => {
    const records = await recordsOf(gateway)
    const said = records.map((record) => ({
      what: [record['kind'], at(record, 'mcp', 'method'), at(record, 'mcp', 'target')].map(String).join(' '),
      text: JSON.stringify(record),
    }))
    expect(found(said)).toEqual([])
  })

  it('leaves none of them in any file', () => {
    const files = leftIn(gateway.folder)
    expect(files.map(({ name }) => name.slice(gateway.folder.length + 1))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^data\/.*\.seg/), expect.stringMatching(/surrogates\.db$/)]),
    )
    expect(found(files.map(({ name, bytes }) => ({ what: name, text: bytes })))).toEqual([])
  })

  it('withheld nothing of what can be masked', async () => {
    const withheld = run.heard.filter(({ text }) => text.includes('withheld'))
    expect(withheld.map(({ what }) => what)).toEqual([])
    const places = (await recordsOf(gateway)).filter((record) => 'masking' in record)
    expect(places.length).toBeGreaterThan(40)
  })

  it('met them everywhere, in pieces too, and whoever runs the gateway was told of those', async () => {
    const records = await recordsOf(gateway)
    const methods = new Set(records.map((record) => at(record, 'mcp', 'method')))
    expect(MET.filter((method) => !methods.has(method))).toEqual([])
    expect(records.filter((record) => at(record, 'masking', 'pieces') !== undefined).length).toBeGreaterThan(10)
    expect(run.written.filter(({ text }) => text.includes('sent a value in pieces')).length).toBeGreaterThan(0)
  })

  it('would have been noticed: the search finds what is there, in each form', () => {
    for (const one of [...PLANTED, CREDENTIAL]) expect(searcher.in(`<<${one.value}>>`)).toContain(`${one.what}, plain`)
  })
})

const MET = `initialize tools/list tools/call notifications/message notifications/progress notifications/cancelled
elicitation/create sampling/createMessage (answer) completion/complete prompts/get resources/list resources/read`.split(
  /\s/,
)

function found(said: readonly { readonly what: string; readonly text: string | Uint8Array }[]): string[] {
  return [...new Set(said.flatMap(({ what, text }) => searcher.in(text).map((form) => `${what}: ${form}`)))]
}

async function runItAll(): Promise<void> {
  await useSdk(await run.openV1('planted'), { asks: true })
  // The modern era has no requests of a server.
  await useSdk(await run.openV2('planted'), { asks: false })
  await useStdio()
  await useTrouble()
  await sayEverything()
  await knock()
  await crash()
  await runCommands()
}

/** Calls every tool, reads every resource and prompt of the planted server. */
async function useSdk(sdk: SdkClient, { asks }: { readonly asks: boolean }): Promise<void> {
  const { client } = sdk
  const email = WORDS.values['email'] ?? ''
  const { tools } = await client.listTools()
  expect(tools.length).toBeGreaterThan(15)
  // A tool that is described otherwise would be another one.
  expect(tools.find(({ name }) => name === 'described')?.description).toContain(email)
  const left = new Set(asks ? ['waits'] : ['waits', 'asks', 'samples'])
  // Progress is only reported to who wants to know.
  for (const { name } of tools) if (!left.has(name)) await sdk.callTool(name, {}, { onprogress: () => undefined })
  await client.listPrompts()
  await client.getPrompt({ name: 'prompt', arguments: { start: email } })
  await client.complete({ ref: { type: 'ref/prompt', name: 'prompt' }, argument: { name: 'start', value: email } })
  await client.listResources()
  await client.listResourceTemplates()
  await client.readResource({ uri: 'planted://one' })
  await client.readResource({ uri: `planted://of/${encodeURIComponent(email)}` })
  await cancel(sdk)
  await client.close()
}

async function cancel(sdk: SdkClient): Promise<void> {
  const stop = new AbortController()
  const called = sdk.callTool('waits', { ...run.sendable.fields }, { signal: stop.signal }).catch(() => undefined)
  await sleep(STARTED_MS)
  stop.abort(WORDS.prose)
  await called
  // That it is cancelled goes out by itself, and a client that ends takes it back.
  await sleep(STARTED_MS)
}

/** A call is under way by then. */
const STARTED_MS = 500

async function useStdio(): Promise<void> {
  const sdk = await run.openV1('stdio')
  await sdk.client.listTools()
  for (const name of ['text', 'fails', 'dies']) await sdk.callTool(name, {}).catch(() => undefined)
  await sdk.client.close()
}

async function useTrouble(): Promise<void> {
  for (const tool of trouble.tools) await run.call('scripted', 'tools/call', { name: tool, arguments: {} })
}

/** An agent that sends each value in each way, to a tool that it may call and to one that it may not. */
async function sayEverything(): Promise<void> {
  for (const { byKeyAlone, key, label, value } of PLANTED)
    for (const tool of ['echo', 'forbidden']) {
      const say = (args: Record<string, unknown>) => run.call('planted', 'tools/call', { name: tool, arguments: args })
      await say({ [key]: value })
      await say({ deep: [JSON.stringify({ inner: { [key]: value } })] })
      if (byKeyAlone !== true) await say({ note: `${label}: ${value}` })
    }
  for (const value of PLAIN) {
    await run.call('planted', 'tools/call', { name: value, arguments: {} })
    await run.call('planted', 'resources/read', { uri: `planted://of/${encodeURIComponent(value)}` })
  }
}

/** Values that show by themselves what they are, as far as they go into one line. */
const PLAIN = PLANTED.filter(
  ({ byKeyAlone, needsWord, value }) => byKeyAlone !== true && needsWord !== true && !value.includes('\n'),
).map(({ value }) => value)

/** Streams that a stranger opens are not waited for. */
const GIVE_UP_MS = 2_000

const METADATA = '/.well-known/oauth-protected-resource'
const PAGES = ['/healthz', '/readyz', '/metrics', '/', '/login', METADATA, `${METADATA}/mcp/planted`]

/** Everything that needs no session, and some of it no token. */
async function knock(): Promise<void> {
  const query = new URLSearchParams(WORDS.values)
  const good = await goodHeaders({ gateway })
  for (const path of PAGES) await run.hear(`${gateway.base()}${path}?${query.toString()}`, { method: 'GET' })
  for (const value of PLAIN) {
    const encoded = encodeURIComponent(value)
    await run.hear(`${gateway.base()}/mcp/${encoded}?key=${encoded}`, { method: 'POST', headers: good, body: '{}' })
    await run.hear(gateway.url('planted'), {
      method: 'POST',
      headers: { ...good, authorization: `Bearer ${encoded}` },
      body: '{}',
    })
    await run.hear(gateway.url('planted'), {
      method: 'POST',
      headers: { ...good, 'mcp-session-id': encoded, 'last-event-id': encoded },
      body: value,
    })
    await run.hear(gateway.url('planted'), {
      method: 'GET',
      headers: { ...good, 'mcp-session-id': encoded, 'last-event-id': encoded },
      signal: AbortSignal.timeout(GIVE_UP_MS),
    })
    await run.hear(gateway.url('planted'), {
      method: 'POST',
      headers: good,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: value, params: { [value]: value } }),
    })
  }
}

/** The power goes while calls are under way. */
async function crash(): Promise<void> {
  const sdk = await run.openV1('planted')
  const calls = [1, 2, 3].map(() => sdk.callTool('waits', { ...run.sendable.fields }).catch(() => undefined))
  await sleep(STARTED_MS)
  await gateway.kill()
  await sdk.client.close()
  await Promise.all(calls)
  await gateway.restart()
  run.watchOutputs()
  await run.call('planted', 'tools/call', { name: 'text', arguments: {} })
}

/** Every command that reads what was recorded, and the ones that are shown a text to try on. */
async function runCommands(): Promise<void> {
  const data = ['--data', gateway.dataFolder]
  const file = join(folder, 'text.txt')
  writeFileSync(file, WORDS.prose)
  const fields = join(folder, 'text.json')
  writeFileSync(fields, JSON.stringify(WORDS.fields))
  const listed = await run.command(['sessions', '--json', ...data])
  const sessions = Array.from(listed.matchAll(/"id":"([^"]+)"/g), ([, id = '']) => id)
  const [first = ''] = sessions
  const commands = [
    ['tail', '--no-follow', ...data],
    ['replay', first, '--json', ...data],
    ['audit', 'verify', gateway.dataFolder],
    ['mask', file],
    ['mask', fields, '--json', '--all'],
    ['check', '-c', gateway.configFile],
  ]
  for (const command of commands) await run.command(command)
}
