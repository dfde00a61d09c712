import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { STANDARD_TERMS } from '../src/audit/retention-class.ts'
import { clock } from '../src/base/clock.ts'
import { sessionId } from '../src/base/ids.ts'
import { DAY_MS } from '../src/base/units.ts'
import { parseMasterKey } from '../src/credentials/master-key.ts'
import { mask, maskText, Unmasked } from '../src/masking/masked.ts'
import { writeEnvelope } from '../src/recording/envelope.ts'
import type { Life } from '../src/store/life/life.ts'
import { lifeEntry } from '../src/store/life/life-entry.ts'
import { runRetention } from '../src/store/life/retention.ts'
import { sealOldest, sealUpTo } from '../src/store/life/sealing.ts'
import { KeyRing } from '../src/store/packs/keys.ts'
import { openSegmentLog, type SegmentLog } from '../src/store/segments/segment-log.ts'
import { findStream } from '../src/store/segments/stream.ts'
import { verifyFolder } from '../src/store/segments/verify.ts'
import { ControlDatabase } from '../src/store/sqlite/control.ts'

const MASTER = parseMasterKey('07'.repeat(32), 'the benchmark')
const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }
/** Sessions that are busy at the same time, and records of each before the next takes its place. */
const SESSIONS = 32
const AT_ONCE = 512

export interface Retention {
  readonly records: number
  readonly keys: 'session' | 'class'
  /** Per record: what was recorded; packs, entries and tiles on disk. */
  readonly content: number
  readonly packs: number
  readonly entries: number
  readonly tiles: number
  readonly sealMicros: number
  readonly expireMs: number
  readonly verified: boolean
}

/** What sealed records take, and how long it takes that all of them expire. */
export async function measureRetention(tell: (line: string) => void, records: number): Promise<readonly Retention[]> {
  return [await measure(records, 'session', tell), await measure(Math.min(records, 100_000), 'class', tell)]
}

async function measure(records: number, keys: Retention['keys'], tell: (line: string) => void): Promise<Retention> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  try {
    const log = await openSegmentLog({
      folder,
      policyEpoch: new Uint8Array(16),
      onFatal: (failure) => tell(failure.message),
    })
    using control = ControlDatabase.open(folder)
    const life = lifeOf(folder, log, { control, keys })
    tell(`recording ${records} records, keys: ${keys}`)
    const content = await record(log, records)
    tell('sealing')
    const since = process.cpuUsage()
    while (sealOldest(life));
    await sealUpTo(life, records)
    await sealUpTo(life, records + 256)
    const { system, user } = process.cpuUsage(since)
    const sealMicros = (user + system) / records
    const sizes = ['payload', 'tile/entries', 'tile/0'].map((part) => bytesBelow(join(life.folder, part)) / records)
    tell('expiring')
    const later = { ...life, now: () => clock.nowMicros() + 402 * DAY_MS * 1000 }
    const begun = clock.monoMicros()
    const { expired } = await runRetention({ ...later, append: appendAt(log, later.now) })
    const expireMs = (clock.monoMicros() - begun) / 1000
    await log.close()
    tell(`expired ${expired} blocks; verifying`)
    const [packs = 0, entries = 0, tiles = 0] = sizes
    const { ok, records: states } = verifyFolder(folder)
    const verified = ok && states.missing === 0 && states.erased >= records * 0.99
    return { records, keys, content: content / records, packs, entries, tiles, sealMicros, expireMs, verified }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function lifeOf(folder: string, log: SegmentLog, of: { control: ControlDatabase; keys: Retention['keys'] }): Life {
  const stream = findStream(folder)
  if (stream === undefined) throw new Error('the log is open')
  const { database } = of.control
  const terms = { ...STANDARD_TERMS, entryDays: 800, keys: of.keys }
  return {
    dataFolder: folder,
    folder: dirname(stream.folder),
    origin: stream.origin,
    database,
    keys: new KeyRing(database, MASTER),
    classes: [{ n: 1, version: 1, name: 'standard', terms }],
    append: appendAt(log, NOW),
    roll: () => log.roll(),
    now: NOW,
    hooks: { erased: () => undefined, expired: () => undefined },
  }
}

function appendAt(log: SegmentLog, micros: () => number): Life['append'] {
  const maker = { now: { micros, mono: micros }, ids: { record: () => ID } }
  return async (kind, members) => (await log.append(lifeEntry(kind, members, maker))).index
}

const NOW = (): number => clock.nowMicros()
const ID = '019aaa00-0000-7000-8000-000000000000'
const FIRST = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Tony', 'Leslie', 'Robin', 'Niklaus', 'Frances']
const LAST = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Knuth', 'Hoare', 'Lamport', 'Milner', 'Wirth', 'Allen']

/** Pairs of intent and outcome, 1.5 KiB each on average, of sessions that take turns. Returns the bytes of content. */
async function record(log: SegmentLog, records: number): Promise<number> {
  let content = 0
  for (let made = 0; made < records; made += 2 * AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, i) => {
        const n = made / 2 + i
        const request = REQUESTS[n % BODIES] ?? ''
        const intent = entryOf('intent', n, { request: masked(request) })
        const { index } = await log.append(intent.entry)
        const response = RESPONSES[n % BODIES] ?? ''
        const outcome = entryOf('outcome', n, { response: masked(response), of: index })
        await log.append(outcome.entry)
        content += intent.bytes + outcome.bytes + request.length + response.length
      }),
    )
  return content
}

function bodyOf(side: 'request' | 'response', n: number): string {
  const rows = Array.from({ length: side === 'request' ? 4 : 12 }, (_, i) => {
    const at = n * 31 + i * 7
    return {
      id: (at * 7919) % 1_000_003,
      name: `${FIRST[at % 10]} ${LAST[(at >> 3) % 10]}`,
      total: (at * 104_729) % 99_991,
      at: `2026-11-${10 + (at % 19)}T${10 + (at % 13)}:${10 + (at % 49)}:00Z`,
    }
  })
  if (side === 'request')
    return JSON.stringify({
      jsonrpc: '2.0',
      id: n,
      method: 'tools/call',
      params: {
        name: 'query',
        arguments: {
          sql: `SELECT id, name, total FROM invoices WHERE customer IN (${rows.map(({ id }) => id).join(', ')}) AND total > ${n % 997} ORDER BY at`,
          hints: rows.map(({ name }) => name),
        },
      },
    })
  const text = JSON.stringify(rows)
  return JSON.stringify({ jsonrpc: '2.0', id: n, result: { content: [{ type: 'text', text }], isError: false } })
}

/** Far more than a block holds, so that none is in one twice; to make each anew takes longer than to record it. */
const BODIES = 4096
const REQUESTS = Array.from({ length: BODIES }, (_, n) => bodyOf('request', n))
const RESPONSES = Array.from({ length: BODIES }, (_, n) => bodyOf('response', n))

function entryOf(kind: 'intent' | 'outcome', n: number, more: { request?: Masked; response?: Masked; of?: Index }) {
  const time = clock.nowMicros()
  const who = n % SESSIONS
  const session = sessionId(new Uint8Array(16).fill(1 + who, 0, 8).fill(1 + (Math.floor(n / 2048) % 200), 8))
  const { of, request, response } = more
  const text = writeEnvelope({
    id: `019aaa00-${(n % 65_536).toString(16).padStart(4, '0')}-7000-8000-${(n * 48_271).toString(16).padStart(12, '0').slice(-12)}`,
    kind,
    dir: 'c2s',
    of,
    ts: time,
    mono_us: clock.monoMicros(),
    actor: {
      sub: `user-${who}`,
      iss: 'https://login.example.com',
      email: `user-${who}@example.com`,
      groups: ['engineers', 'payments'],
      client: { id: 'agent', name: 'agent', version: '1.4.2' },
      ip: `10.0.0.${who}`,
      ua: 'node',
    },
    conn: { name: 'invoices-prod', type: 'mcp-http', labels: { env: 'prod', kind: 'postgres' } },
    session: { id: session, basis: 'mcp-session-id', n },
    mcp: {
      era: 'legacy',
      proto: '2025-06-18',
      transport: 'http',
      method: 'tools/call',
      target: 'query',
      req_id: String(n),
    },
    decision:
      kind === 'intent'
        ? {
            effect: 'allow',
            rule: 'engineers-read',
            matched: ['engineers-read'],
            policy: '02dcba8bf2ba',
            mode: 'enforce',
            latency_us: n % 900,
          }
        : undefined,
    io: { bytes_in: 700 + (n % 90), total_us: 9000 + (n % 5000) },
    outcome: kind === 'outcome' ? { status: 'ok' } : undefined,
  })
  const envelope = maskText(new Unmasked(text), NOTHING_HIDDEN)
  return { bytes: text.length, entry: { kind, time, session, envelope, request, response } as const }
}

type Masked = ReturnType<typeof masked>
type Index = Awaited<ReturnType<SegmentLog['append']>>['index']

function masked(text: string) {
  return mask(new Unmasked(new TextEncoder().encode(text)), NOTHING_HIDDEN)
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
}

export function printedRetention(measured: readonly Retention[]): string {
  return measured
    .map(({ content, entries, expireMs, keys, packs, records, sealMicros, tiles, verified }) => {
      const sum = packs + entries + tiles
      const ratio = (content / packs).toFixed(2)
      return [
        `keys: ${keys}, ${records} records of ${(content / 1024).toFixed(2)} KiB`,
        `  on disk          ${(sum / 1024).toFixed(3)} KiB each, asked: at most 0.75 (packs ${packs.toFixed(0)} B, ratio ${ratio}; entries ${entries.toFixed(0)} B; level-0 tiles ${tiles.toFixed(0)} B)`,
        `  sealing          ${sealMicros.toFixed(1)} µs of CPU each, on a thread of its own`,
        `  all expired in   ${expireMs.toFixed(0)} ms, asked: at most 2000 for 1,000,000`,
        `  the rest         ${verified ? 'verifies' : 'DOES NOT VERIFY'}`,
      ].join('\n')
    })
    .join('\n')
}
