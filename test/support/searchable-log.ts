// A log of records that the test chose, written by the log of the gateway.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { EntryKind } from '../../src/audit/entry.ts'
import { recordId } from '../../src/audit/record-id.ts'
import type { SessionId } from '../../src/base/ids.ts'
import { mask, maskText, Unmasked } from '../../src/masking/masked.ts'
import { writeEnvelope } from '../../src/recording/envelope.ts'
import { openSegmentLog, type SegmentLog } from '../../src/store/segments/segment-log.ts'

export interface Made {
  readonly kind?: EntryKind
  /** Microseconds. */
  readonly time: number
  readonly who?: string
  readonly groups?: readonly string[]
  readonly connection?: string
  readonly tool?: string
  readonly effect?: 'allow' | 'deny'
  readonly rule?: string
  readonly reason?: string
  readonly entities?: readonly string[]
  readonly status?: number
  readonly micros?: number
  readonly ip?: string
  readonly session?: SessionId
  readonly request?: string
  readonly response?: string
}

export const ISSUER = 'https://login.example.com'
const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }

export interface SearchableLog extends AsyncDisposable {
  readonly folder: string
  readonly log: SegmentLog
  write(records: readonly Made[]): Promise<void>
}

export async function searchableLog(records: readonly Made[] = []): Promise<SearchableLog> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-search-'))
  const log = await openSegmentLog({
    folder,
    policyEpoch: new Uint8Array(16).fill(1),
    segmentBytes: 1024 * 1024,
    onFatal: () => undefined,
  })
  const write = async (more: readonly Made[]): Promise<void> =>
    void (await Promise.all(more.map((made) => log.append(entryOf(made)))))
  await write(records)
  return {
    folder,
    log,
    write,
    [Symbol.asyncDispose]: async () => {
      await log.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function entryOf(made: Made) {
  const { kind = 'intent', time, session } = made
  return {
    kind,
    time,
    session,
    envelope: maskText(new Unmasked(envelopeOf(made, kind)), NOTHING_HIDDEN),
    ...(made.request === undefined ? {} : { request: bodyOf(made.request) }),
    ...(made.response === undefined ? {} : { response: bodyOf(made.response) }),
  }
}

function bodyOf(text: string) {
  return mask(new Unmasked(new TextEncoder().encode(text)), NOTHING_HIDDEN)
}

function envelopeOf(made: Made, kind: EntryKind): string {
  const { time, connection, tool, entities = [] } = made
  return writeEnvelope({
    id: recordId(time, randomBytes(10)),
    kind,
    dir: 'c2s',
    ts: time,
    mono_us: 1,
    session: made.session && { id: made.session, basis: 'window', n: 1 },
    actor: actorOf(made),
    conn: connection === undefined ? undefined : { name: connection, type: 'mcp-http', labels: { env: 'prod' } },
    mcp: tool === undefined ? undefined : { era: 'legacy', transport: 'http', method: 'tools/call', target: tool },
    decision: decisionOf(made),
    masking:
      entities.length === 0
        ? undefined
        : { entities: Object.fromEntries(entities.map((name) => [name, { redact: 1 }])) },
    io: { status: made.status, total_us: made.micros },
  })
}

function actorOf({ who, groups = [], ip = '10.0.0.1' }: Made) {
  if (who === undefined) return undefined
  return { sub: who, iss: ISSUER, email: `${who}@Example.com`, groups, client: { name: 'test' }, ip }
}

function decisionOf({ effect, rule = 'r1', reason }: Made) {
  return effect && ({ effect, rule, reason, policy: 'p1', mode: 'enforce', latency_us: 5 } as const)
}
