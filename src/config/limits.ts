import { GIB, HOUR_MS, KIB, MIB, MINUTE_MS, parseDuration, parseSize, SECOND_MS } from '../base/units.ts'

export type LimitKind = 'size' | 'count' | 'duration'

export interface LimitRow {
  /** Name in the file. */
  readonly key: string
  /** Bytes, pieces or milliseconds. */
  readonly kind: LimitKind
  readonly value: number
  /** Below `least` nothing would work, above `most` the limit protects nobody. */
  readonly least: number
  readonly most: number
  /** May be set on a connection too. */
  readonly perConnection: boolean
  readonly why: string
}

/** Everything that grows, waits or repeats has a row here, with its unit in the name. */
export const LIMIT_TABLE = {
  requestBytes: perConnection(
    size(
      'request_body',
      [4 * MIB, 1 * KIB, 64 * MIB],
      'One request is held whole until it is judged; SDK servers accept as much.',
    ),
  ),
  requestHeaderBytes: size(
    'request_headers',
    [16 * KIB, 4 * KIB, 64 * KIB],
    'Room for a large access token, and for nothing larger.',
  ),
  requestHeaderCount: count('request_header_count', [100, 20, 1000], 'Clients send about twenty.'),
  nestingMax: perConnection(
    count('json_nesting', [64, 8, 512], 'Deeper JSON is an attack on the stack of whoever reads it.'),
  ),
  keysPerObjectMax: perConnection(
    count('json_keys_per_object', [1000, 10, 100_000], 'Every key is compared with the others of its object.'),
  ),
  keysPerMessageMax: perConnection(count('json_keys', [20_000, 100, 1_000_000], 'Bounds the work of the strict scan.')),
  replyBytes: perConnection(
    size('reply_body', [16 * MIB, 1 * KIB, 256 * MIB], 'A reply is held whole until it is masked and recorded.'),
  ),
  eventBytes: perConnection(
    size('stream_event', [16 * MIB, 1 * KIB, 256 * MIB], 'An event of a stream is masked and recorded as one piece.'),
  ),
  bufferedBytes: size(
    'buffered',
    [256 * MIB, 16 * MIB, 64 * GIB],
    'All bodies held at the same moment, of all calls; beyond it reading waits.',
  ),
  connectionsTotal: count(
    'client_connections',
    [20_000, 10, 1_000_000],
    'Sockets of clients; each costs memory before anybody is known.',
  ),
  streamsPerSession: count(
    'streams_per_session',
    [4, 1, 1000],
    'A client needs one; the rest is for reconnecting before the old one is seen to be gone.',
  ),
  streamsTotal: count('streams', [10_000, 1, 1_000_000], 'Open event streams of all clients; each holds two sockets.'),
  sessionsPerPrincipal: count(
    'sessions_per_principal',
    [100, 1, 100_000],
    'One person with many windows; more is a client that never ends its sessions.',
  ),
  sessionIdleMs: duration(
    'session_idle',
    [24 * HOUR_MS, MINUTE_MS, 720 * HOUR_MS],
    'A session that nobody has used for a day is gone.',
  ),
  keepAliveMs: duration(
    'stream_keep_alive',
    [15 * SECOND_MS, SECOND_MS, 5 * MINUTE_MS],
    'A comment on a quiet stream keeps proxies and clients from giving up.',
  ),
  headerReceiveMs: duration(
    'header_receive',
    [10 * SECOND_MS, SECOND_MS, 5 * MINUTE_MS],
    'A client that sends its headers byte by byte must not hold a socket.',
  ),
  bodyReceiveMs: duration('body_receive', [30 * SECOND_MS, SECOND_MS, HOUR_MS], 'The same for the body.'),
  clientStallMs: duration(
    'client_stall',
    [MINUTE_MS, SECOND_MS, HOUR_MS],
    'A client that takes nothing of its answer for so long holds memory that the answers of others wait for.',
  ),
  connectMs: perConnection(
    duration('upstream_connect', [5 * SECOND_MS, 100, 2 * MINUTE_MS], 'A server that is up accepts in milliseconds.'),
  ),
  firstByteMs: perConnection(
    duration(
      'upstream_first_byte',
      [5 * MINUTE_MS, SECOND_MS, 24 * HOUR_MS],
      'Tools may think long; clients give up after one to five minutes.',
    ),
  ),
  streamIdleMs: perConnection(
    duration(
      'upstream_stream_idle',
      [10 * MINUTE_MS, SECOND_MS, 24 * HOUR_MS],
      'Silence between two events of the answer to a call; comments and progress count as signs of life.',
    ),
  ),
  callTotalMs: perConnection(
    duration('upstream_total', [HOUR_MS, SECOND_MS, 168 * HOUR_MS], 'The end of every call, whatever keeps it alive.'),
  ),
  processesTotal: count(
    'stdio_processes',
    [100, 1, 10_000],
    'Processes of servers that speak over standard input and output, of all sessions.',
  ),
  processIdleMs: perConnection(
    duration('stdio_idle', [30 * MINUTE_MS, SECOND_MS, 168 * HOUR_MS], 'A process that nobody uses is ended.'),
  ),
  processStopMs: perConnection(
    duration('stdio_stop', [2 * SECOND_MS, 100, 2 * MINUTE_MS], 'After each of: closed input, TERM; then KILL.'),
  ),
  stderrLinesPerSecond: perConnection(
    count(
      'stdio_stderr_lines',
      [50, 1, 10_000],
      'Lines of a process that are logged per second; the others are counted.',
    ),
  ),
  stderrLineBytes: perConnection(size('stdio_stderr_line', [4 * KIB, 128, 64 * KIB], 'A longer line is cut.')),
} as const satisfies Record<string, LimitRow>

export type LimitName = keyof typeof LIMIT_TABLE

/** Every limit as a number, in the unit of its name. */
export type Limits = Readonly<Record<LimitName, number>>

export const LIMIT_NAMES: readonly LimitName[] = Object.keys(LIMIT_TABLE).filter(isLimitName)

export const DEFAULT_LIMITS: Limits = limitsFrom((name) => LIMIT_TABLE[name].value)

/** `base` with what a file says otherwise. The values have passed the schema; ranges are for `outOfRange`. */
export function limitsWith(base: Limits, given: Readonly<Record<string, unknown>>): Limits {
  return limitsFrom((name) => readLimit(LIMIT_TABLE[name], given[LIMIT_TABLE[name].key]) ?? base[name])
}

/** A number in the row's unit; undefined where the value is absent or not of the row's kind. */
export function readLimit(row: LimitRow, given: unknown): number | undefined {
  switch (row.kind) {
    case 'count':
      return typeof given === 'number' ? given : undefined
    case 'size':
      return typeof given === 'string' ? parseSize(given) : undefined
    case 'duration':
      return typeof given === 'string' ? parseDuration(given) : undefined
  }
}

function limitsFrom(value: (name: LimitName) => number): Limits {
  const numbers: Partial<Record<LimitName, number>> = {}
  for (const name of LIMIT_NAMES) numbers[name] = value(name)
  if (!isComplete(numbers)) throw new Error('a limit is missing')
  return Object.freeze(numbers)
}

function isComplete(numbers: Partial<Record<LimitName, number>>): numbers is Record<LimitName, number> {
  return LIMIT_NAMES.every((name) => numbers[name] !== undefined)
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(LIMIT_TABLE, name)
}

/** Default, least, most. */
type Values = readonly [value: number, least: number, most: number]

function size(key: string, values: Values, why: string): LimitRow {
  return limit('size', key, values, why)
}

function count(key: string, values: Values, why: string): LimitRow {
  return limit('count', key, values, why)
}

function duration(key: string, values: Values, why: string): LimitRow {
  return limit('duration', key, values, why)
}

function limit(kind: LimitKind, key: string, [value, least, most]: Values, why: string): LimitRow {
  return { key, kind, value, least, most, perConnection: false, why }
}

function perConnection(row: LimitRow): LimitRow {
  return { ...row, perConnection: true }
}
