// The masking of one connection with everything real behind it, for tests that need no gateway.
import { SchemaValidators } from '../../../src/cli/schema-checks.ts'
import type { ConnectionMasking } from '../../../src/masking/connection-masking.ts'
import { credentialHide } from '../../../src/masking/credential-echo.ts'
import type { Evidence } from '../../../src/masking/evidence.ts'
import { Masker } from '../../../src/masking/masker.ts'
import type { FullScope } from '../../../src/masking/restoring.ts'
import type { PassageAbout, PassageMasking } from '../../../src/masking/passage.ts'
import type { OwnDetector } from '../../../src/masking/patterns/own-detector.ts'
import { Scanners } from '../../../src/masking/scanners.ts'
import { Sealer } from '../../../src/masking/sealing.ts'
import { NOW, openSurrogates, rootOf } from '../surrogates.ts'

interface MaskerOptions {
  readonly terms?: Partial<ConnectionMasking>
  /** The connection's own. */
  readonly credential?: string
  readonly now?: () => number
  /** Stand-ins that a caller may have. */
  readonly perScope?: number
  /** Kinds of the configuration. */
  readonly own?: readonly OwnDetector[]
}

const scanners = new Scanners([])

export function openMasker({ terms, credential, now = () => NOW, perScope, own = [] }: MaskerOptions = {}) {
  const world = openSurrogates({ rowsPerScopeMax: perScope })
  const schemas = new SchemaValidators()
  const full: FullScope[] = []
  let hits = 0
  const hide = credentialHide(credential === undefined ? [] : [credential], (places) => {
    hits += places
  })
  const takeHits = (): number => {
    const taken = hits
    hits = 0
    return taken
  }
  const masker = new Masker(
    {
      scanners: own.length === 0 ? scanners : new Scanners(own),
      own,
      vault: world.vault,
      sealer: new Sealer(rootOf(1)),
      restoresPerMinute: 1_000,
      onFull: (whose) => full.push(whose),
      nowMs: now,
      checksOf: (schema) => schemas.of(schema),
    },
    {
      name: 'crm',
      terms: {
        profile: 'default',
        binary: 'pass',
        group: 'crm',
        restore: undefined,
        analyzer: undefined,
        ...terms,
      },
      group: ['crm'],
      judged: [],
      credentials: { ...hide, takeHits },
    },
  )
  return {
    masker,
    /** Whose stand-ins had no room. */
    full,
    passage: (about: Partial<PassageAbout> = {}): PassageMasking => masker.passage({ ...ABOUT, call: {}, ...about }),
    [Symbol.dispose]: () => world[Symbol.dispose](),
  }
}

const ABOUT: PassageAbout = {
  principal: 'pri_alice',
  client: 'desk',
  method: 'tools/call',
  tool: 'find',
  results: [],
  arguments: [],
  isOpenWorld: false,
  digested: () => new Uint8Array(0),
  outputSchema: undefined,
  inputSchema: undefined,
  forms: [],
  call: {},
}

export interface Seen {
  readonly text: string
  readonly evidence: Evidence | undefined
}

/** What a client gets of the events of one stream. */
export function seenOf({ results }: PassageMasking, events: readonly string[]): Seen[] {
  return events.map((event) => {
    const bytes = new TextEncoder().encode(event)
    const text = new TextDecoder().decode(results.event?.(bytes) ?? results.bytes(bytes))
    return { text, evidence: results.takeEvidence?.() }
  })
}

export function progress(message: string, token: string | number = 7): string {
  return notice('progress', { progressToken: token, progress: 1, message })
}

export function logged(data: unknown): string {
  return notice('message', { level: 'info', data })
}

function notice(name: string, params: Record<string, unknown>): string {
  return JSON.stringify({ jsonrpc: '2.0', method: `notifications/${name}`, params })
}

/** What a notification of `seenOf` says. */
export function wordsOf({ text }: Seen): unknown {
  const { params } = JSON.parse(text) as { params?: Record<string, unknown> }
  return params?.['message'] ?? params?.['data']
}
