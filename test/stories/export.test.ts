// Records leave for other tools: into a folder while the gateway runs, and to a receiver of syslog. Nothing is lost, nothing comes
// twice, and no value that was masked leaves by any of these ways.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Buffer } from 'node:buffer'
import { createServer as createTcp, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCursor } from '../../src/cli/export-cursor.ts'
import { runExport } from '../../src/cli/export-run.ts'
import { SyslogSink, syslogPlace } from '../../src/cli/export-syslog.ts'
import { pageParts } from '../../src/cli/page-parts.ts'
import { asciicast } from '../../src/recording/asciicast.ts'
import { LINE_FORMATS } from '../../src/recording/export/formats.ts'
import { har } from '../../src/recording/har.ts'
import { loadSession } from '../../src/recording/load-session.ts'
import { recorded } from '../../src/recording/read.ts'
import { replayPage } from '../../src/recording/replay-page.ts'
import { sessionJson } from '../../src/recording/session-summary.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { portOf } from '../support/issuer.ts'
import { plant, Searcher } from '../support/masking/planted.ts'
import { wordsOf } from '../support/masking/planted-server.ts'
import { openSession } from '../support/mcp-client.ts'
import { replyTo, type ScriptedServer, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'

const PLANTED = plant()
const WORDS = wordsOf(PLANTED)
/** Secrets and cards in arguments are refused. */
const SENDABLE = wordsOf(PLANTED.filter(({ staysHere }) => staysHere !== true))
const searcher = new Searcher(PLANTED)
const OPTIONS = { version: '1', bodies: true }

const folder = mkdtempSync(join(tmpdir(), 'export-story-'))
const exported = join(folder, 'siem')
let server: ScriptedServer
let gateway: Gateway
let stored: readonly StoredRecord[]
beforeAll(async () => {
  server = await startScriptedServer((received, response) =>
    received.method === 'tools/call'
      ? sendJson(response, replyTo(received, { ...textResult(WORDS.prose), structuredContent: WORDS.fields }))
      : false,
  )
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { audit: { segment: { size: '1MiB' }, exports: [{ folder: exported, every: '1s' }] } },
  })
  const alice = await openSession({ gateway })
  for (let i = 0; i < 5; i++) await alice.call('query', { note: SENDABLE.prose, ...SENDABLE.fields })
  await until(async () => seqsIn(exported).length > 5)
  await gateway.restart()
  const bob = await openSession({ gateway, person: 'bob' })
  await bob.call('query', { sql: 'SELECT 1' })
  stored = await allRecords()
  await until(async () => seqsIn(exported).length >= stored.length)
}, 240_000)
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function allRecords(): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const record of readRecords({ folder: gateway.dataFolder })) records.push(record)
  return records
}

describe('a scheduled export', () => {
  it('has every record once, in order, in whole files, over a restart of the gateway', () => {
    const seqs = seqsIn(exported)
    expect(seqs).toEqual(seqs.map((_, i) => i))
    expect(seqs.length).toBeGreaterThanOrEqual(stored.length)
    expect(filesIn(exported).length).toBeGreaterThan(1)
  })
})

describe('values that were masked', () => {
  it('are in no export, replay or page', async () => {
    expect(stored.filter(({ entry }) => entry.kind === 'outcome').length).toBeGreaterThan(6)
    const records = stored.map(recorded)
    const texts = Object.entries(LINE_FORMATS).map(
      ([name, { line }]) => [name, records.map((record) => line(record, OPTIONS)).join('\n')] as const,
    )
    const sessions = new Set(
      records
        .map(({ envelope }) => JSON.stringify(envelope['session'] ?? ''))
        .flatMap((text) => /ses_\w+/.exec(text)?.[0] ?? []),
    )
    for (const id of sessions) {
      const loaded = await loadSession(readRecords({ folder: gateway.dataFolder }), id)
      if (loaded.kind !== 'one') throw new Error(`session ${id} is ${loaded.kind}`)
      const { session } = loaded
      texts.push(['page', replayPage(session, pageParts())], ['asciicast', [...asciicast(session)].join('\n')])
      texts.push(['har', JSON.stringify(har(session, '1'))], ['json', JSON.stringify(sessionJson(session))])
    }
    texts.push([
      'folder',
      filesIn(exported)
        .map((name) => readFileSync(join(exported, name), 'utf8'))
        .join('\n'),
    ])
    expect(sessions.size).toBeGreaterThan(1)
    expect(texts.flatMap(([what, text]) => searcher.in(text).map((form) => `${what}: ${form}`))).toEqual([])
  })
})

describe('syslog', () => {
  it.each(['tcp', 'tls'] as const)(
    'over %s gets each record in a frame of counted octets, and goes on after the receiver was gone',
    async (kind) => {
      const cursor = join(folder, `${kind}.cursor`)
      const receiver = await startReceiver(kind)
      const address = `${kind}://127.0.0.1:${receiver.port}`
      const open = () => SyslogSink.open(syslogPlace(address, receiver.ca), cursor, LINE_FORMATS.cef, OPTIONS)
      const run = { wanted: () => true, cursorPath: cursor, batch: 5, everyMs: 50 }
      receiver.breakAfter(4000)
      await exportTo(await open(), run).catch(() => undefined)
      // Syslog has no answer: what was in flight when the receiver went is lost, what the cursor does not cover comes again.
      const next = readCursor(cursor)?.next ?? 0
      receiver.breakAfter(Infinity)
      await exportTo(await open(), run)
      await until(() => Promise.resolve(framesOf(receiver.received().slice(1)).length >= stored.length - next))
      const frames = framesOf(receiver.received().slice(1))
      for (const frame of frames) expect(frame).toMatch(/^<13[34]>1 \S+Z \S+ sallyport - [\w.]+ - \uFEFFCEF:0\|/)
      const seqs = frames.map((frame) => Number(/cn1=(\d+)/.exec(frame)?.[1]))
      expect(seqs).toEqual(stored.map(({ seq }) => seq).filter((seq) => seq >= next))
      await receiver.close()
    },
  )

  it('says that nobody listens', async () => {
    const place = syslogPlace('tcp://127.0.0.1:1', undefined)
    await expect(SyslogSink.open(place, join(folder, 'x'), LINE_FORMATS.cef, OPTIONS)).rejects.toThrow(
      /cannot be reached/,
    )
    expect(() => syslogPlace('https://siem.example.com', undefined)).toThrow(/is no place for syslog/)
  })
})

// The last one: an export is on record itself.
it('an export can be of those records alone that fit a query, and says where a query is wrong', async () => {
  const { stdout } = await exportOf('who:bob tool:query')
  const seqs = stdout
    .trimEnd()
    .split('\n')
    .map((line) => Number(JSON.parse(line).seq))
  const expected = stored.map(recorded).filter(({ envelope }) => {
    const text = JSON.stringify(envelope)
    return text.includes('"sub":"bob"') && text.includes('"target":"query"')
  })
  expect(expected.length).toBeGreaterThan(0)
  expect(seqs).toEqual(expected.map(({ stored: { seq } }) => seq))
  const wrong = await exportOf('toool:query')
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/toool[\s\S]*tool/) })
})

function exportOf(query: string) {
  return gateway.command(['export', '--data', gateway.dataFolder, '-q', query])
}

async function exportTo(sink: SyslogSink, run: Parameters<typeof runExport>[2]): Promise<void> {
  try {
    await runExport(readRecords({ folder: gateway.dataFolder }), sink, run)
  } finally {
    await sink.close()
  }
}

/** Keeps what each connection brought; breaks a connection off after so many bytes. */
async function startReceiver(kind: 'tcp' | 'tls') {
  const connections: Buffer[][] = []
  let most = Infinity
  const hear = (socket: Socket) => {
    const chunks: Buffer[] = []
    connections.push(chunks)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (chunks.reduce((sum, { length }) => sum + length, 0) > most) socket.destroy()
    })
  }
  const own = kind === 'tls' ? certificate() : undefined
  const listening: Server = own === undefined ? createTcp(hear) : createTls(own, hear)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(listening.address()),
    ca: own === undefined ? undefined : join(folder, 'cert.pem'),
    breakAfter: (bytes: number) => (most = bytes),
    received: () => connections.map((chunks) => Buffer.concat(chunks)),
    close: () => new Promise<void>((resolve) => listening.close(() => resolve())),
  }
}

function certificate() {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** RFC 6587, 3.4.1: a count, a space, so many octets. What was cut off at the end of a connection is none. */
function framesOf(connections: readonly Buffer[]): string[] {
  return connections.flatMap((bytes) => {
    const frames: string[] = []
    for (let place = 0; place < bytes.length;) {
      const space = bytes.indexOf(0x20, place)
      const end = space + 1 + Number(bytes.toString('latin1', place, space))
      if (space === -1 || end > bytes.length) break
      frames.push(bytes.toString('utf8', space + 1, end))
      place = end
    }
    return frames
  })
}

function filesIn(path: string): string[] {
  // The thread makes the folder, in its own time.
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => /^sallyport-\d+-\d+\.jsonl$/.test(name))
    .toSorted()
}

function seqsIn(path: string): number[] {
  return filesIn(path)
    .flatMap((name) => readFileSync(join(path, name), 'utf8').trimEnd().split('\n'))
    .map((line) => Number(JSON.parse(line).seq))
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let left = 100; left > 0 && !(await done()); left -= 1) await sleep(200)
}
