// Records as a gateway writes them, made up: a thousand people, twenty connections, texts of words that are as rare as words are.
import type { StoredRecord } from '../src/audit/stored.ts'
import { recordId } from '../src/audit/record-id.ts'
import { encodeUtf8 } from '../src/base/bytes.ts'
import { writeEnvelope } from '../src/recording/envelope.ts'

export const DAY_MICROS = 86_400_000_000
export const FIRST_DAY = Date.UTC(2026, 10, 1) * 1000

const WORDS = 60_000
const NOTHING = new Uint8Array(32)

/** The same numbers in each run. */
export class Chance {
  #state: number

  /** Two seeds that are close together have nothing in common. */
  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) ^ 0x2545f491 || 1
    for (let i = 0; i < 8; i += 1) this.below(1)
  }

  below(n: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % n
  }
}

/** Word number 0 is the most frequent one, and each is in there about as often as its place in the list allows. */
const DRAWN = Array.from({ length: 1_000_000 }, (_, i) =>
  wordOfRank(Math.floor(Math.exp((i / 1_000_000) * Math.log(WORDS)))),
)

function word(chance: Chance): string {
  return DRAWN[chance.below(DRAWN.length)] ?? ''
}

export function wordOfRank(rank: number): string {
  return `w${(rank * 7919).toString(36)}`
}

/** Record number `seq` of `total`, spread evenly over so many days; always the same one. */
export function recordOf(seq: number, { total, days }: { total: number; days: number }): StoredRecord {
  const chance = new Chance(seq)
  const time = FIRST_DAY + Math.floor((seq / total) * days * DAY_MICROS)
  const kind = seq % 2 === 0 ? 'intent' : 'outcome'
  const person = chance.below(1000)
  const random = new Uint8Array(16).map(() => chance.below(256))
  const words = Array.from({ length: 110 }, () => word(chance)).join(' ')
  const denied = chance.below(20) === 0
  const envelope = writeEnvelope({
    id: recordId(time, random),
    kind,
    dir: 'c2s',
    ts: time,
    mono_us: seq,
    actor: {
      sub: `person-${person}`,
      iss: 'https://login.example.com',
      email: `person-${person}@example.com`,
      groups: [`team-${person % 20}`, 'staff'],
      client: { id: 'client', name: 'agent', version: '1.0' },
      ip: `10.0.${person % 256}.${chance.below(4)}`,
    },
    conn: { name: `connection-${chance.below(20)}`, type: 'mcp-http', labels: { env: 'prod' } },
    mcp: { era: 'legacy', transport: 'http', method: 'tools/call', target: `tool-${chance.below(60)}` },
    decision: {
      effect: denied ? 'deny' : 'allow',
      rule: `rule-${chance.below(30)}`,
      policy: 'p1',
      mode: 'enforce',
      latency_us: 40,
    },
    masking: chance.below(10) === 0 ? { entities: { email: { redact: 1 } } } : undefined,
    outcome: kind === 'outcome' ? { status: 'ok' } : undefined,
    io: { bytes_in: 412, bytes_out: 1630, total_us: chance.below(300_000) },
  })
  const body = encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: seq, text: words }))
  return {
    origin: 'bench/bench/bench',
    seq,
    leaf: NOTHING,
    inTree: true,
    entry: {
      kind,
      flags: kind === 'intent' ? 2 : 4,
      retentionClass: 1,
      seq,
      time,
      // Twelve records to a session.
      session: new Uint8Array(16).map((_, i) => Math.floor(seq / 12 / 256 ** (i % 4)) % 256),
      policyEpoch: NOTHING.subarray(0, 16),
      envelope: NOTHING,
      request: kind === 'intent' ? NOTHING : undefined,
      response: kind === 'outcome' ? NOTHING : undefined,
      prev: undefined,
    },
    parts: {
      envelope: { bytes: encodeUtf8(envelope), opens: true },
      [kind === 'intent' ? 'request' : 'response']: { bytes: body, opens: true },
    },
  }
}
