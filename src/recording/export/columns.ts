import { toBase64 } from '../../base/bytes.ts'
import { sessionId } from '../../base/ids.ts'
import { isoMicros } from '../../audit/iso-time.ts'
import { maskedKinds } from '../print.ts'
import { numberAt, type RecordedRecord, textAt } from '../read.ts'

type Cell = string | number | undefined

/** A column of a flat table: spreadsheets and Parquet. Names and order are part of the format: added at the end only. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'integer'
  readonly of: (record: RecordedRecord) => Cell
}

const text = (name: string, ...path: readonly string[]): Column => ({
  name,
  type: 'text',
  of: ({ envelope }) => textAt(envelope, ...path),
})
const integer = (name: string, ...path: readonly string[]): Column => ({
  name,
  type: 'integer',
  of: ({ envelope }) => numberAt(envelope, ...path),
})

export const COLUMNS: readonly Column[] = [
  { name: 'stream', type: 'text', of: ({ stored }) => stored.origin },
  { name: 'seq', type: 'integer', of: ({ stored }) => stored.seq },
  { name: 'time', type: 'text', of: ({ stored }) => isoMicros(stored.entry.time) },
  { name: 'kind', type: 'text', of: ({ stored }) => stored.entry.kind },
  text('id', 'id'),
  integer('of', 'of'),
  text('direction', 'dir'),
  { name: 'session', type: 'text', of: ({ stored: { entry } }) => entry.session && sessionId(entry.session) },
  text('session_basis', 'session', 'basis'),
  integer('session_n', 'session', 'n'),
  text('subject', 'actor', 'sub'),
  text('issuer', 'actor', 'iss'),
  text('email', 'actor', 'email'),
  text('client', 'actor', 'client', 'name'),
  text('address', 'actor', 'ip'),
  text('connection', 'conn', 'name'),
  text('era', 'mcp', 'era'),
  text('method', 'mcp', 'method'),
  text('target', 'mcp', 'target'),
  text('request_id', 'mcp', 'req_id'),
  text('decision', 'decision', 'effect'),
  text('rule', 'decision', 'rule'),
  text('reason', 'decision', 'reason'),
  text('policy', 'decision', 'policy'),
  text('mode', 'decision', 'mode'),
  text('status', 'outcome', 'status'),
  text('detail', 'outcome', 'detail'),
  integer('http_status', 'io', 'status'),
  integer('bytes_in', 'io', 'bytes_in'),
  integer('bytes_out', 'io', 'bytes_out'),
  integer('upstream_us', 'io', 'upstream_us'),
  integer('total_us', 'io', 'total_us'),
  { name: 'masked', type: 'integer', of: ({ envelope }) => sumOf(maskedKinds(envelope)) },
  { name: 'masked_kinds', type: 'text', of: ({ envelope }) => listOf(maskedKinds(envelope)) },
  { name: 'retention', type: 'integer', of: ({ stored }) => stored.entry.retentionClass },
  { name: 'integrity', type: 'text', of: ({ integrity }) => integrity },
  { name: 'leaf', type: 'text', of: ({ stored }) => toBase64(stored.leaf) },
]

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function listOf(counts: Readonly<Record<string, number>>): string | undefined {
  const kinds = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  return kinds.length === 0 ? undefined : kinds.join(' ')
}
