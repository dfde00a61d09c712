import { maskedKinds, safe } from '../print.ts'
import { isRefusal, numberAt, type RecordedRecord, textAt } from '../read.ts'

/** Names of our own fields in CEF's numbered ones. */
const LABELS = {
  cs1: 'target',
  cs2: 'session',
  cs3: 'rule',
  cs4: 'stream',
  cs5: 'policy',
  cs6: 'method',
  cn1: 'seq',
  cn2: 'masked',
} as const

/**
 * A record as one line of CEF 0. Every record has one: that a log was opened or a policy changed is an event too. Recorded
 * text is made harmless first, so a line is one line whatever a client wrote.
 */
export function cefLine(record: RecordedRecord, version: string): string {
  const { envelope, stored } = record
  const method = textAt(envelope, 'mcp', 'method') ?? ''
  // Readers in use stumble over escapes in the head, so a method of another form stands in cs6 alone.
  const event = PLAIN.test(method) ? method : stored.entry.kind
  const head = ['Sallyport', 'MCP gateway', version, event, nameOf(record), String(severityOf(record))]
  return `CEF:0|${head.map(headText).join('|')}|${extension(record)}`
}

const PLAIN = /^[\w/.-]{1,100}$/

function nameOf({ envelope, stored }: RecordedRecord): string {
  const word = textAt(envelope, 'decision', 'effect') ?? textAt(envelope, 'outcome', 'status') ?? ''
  return PLAIN.test(word) ? `${stored.entry.kind} ${word}` : stored.entry.kind
}

/** 0 to 10: what was refused or is not what was written deserves a look. */
function severityOf(record: RecordedRecord): number {
  const { envelope, integrity } = record
  if (integrity === 'altered' || integrity === 'missing') return 10
  if (isRefusal(record)) return 6
  const status = textAt(envelope, 'outcome', 'status')
  return status === undefined || status === 'ok' ? 3 : 5
}

function extension(record: RecordedRecord): string {
  const { envelope, stored } = record
  const masked = Object.values(maskedKinds(envelope)).reduce((sum, count) => sum + count, 0)
  const fields: Readonly<Record<string, string | number | undefined>> = {
    rt: Math.floor(stored.entry.time / 1000),
    externalId: textAt(envelope, 'id'),
    src: textAt(envelope, 'actor', 'ip') ?? textAt(envelope, 'view', 'address'),
    suid: textAt(envelope, 'actor', 'sub') ?? textAt(envelope, 'view', 'sub'),
    suser: textAt(envelope, 'actor', 'email'),
    requestClientApplication: textAt(envelope, 'actor', 'client', 'name'),
    dhost: textAt(envelope, 'conn', 'name'),
    act: textAt(envelope, 'decision', 'effect'),
    outcome: textAt(envelope, 'outcome', 'status'),
    reason: textAt(envelope, 'decision', 'reason'),
    in: numberAt(envelope, 'io', 'bytes_in'),
    out: numberAt(envelope, 'io', 'bytes_out'),
    cs1: textAt(envelope, 'mcp', 'target'),
    cs2: textAt(envelope, 'session', 'id'),
    cs3: textAt(envelope, 'decision', 'rule'),
    cs4: stored.origin,
    cs5: textAt(envelope, 'decision', 'policy'),
    cs6: textAt(envelope, 'mcp', 'method'),
    cn1: stored.seq,
    cn2: masked === 0 ? undefined : masked,
  }
  return Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${valueText(value)}`, ...labelOf(key)]))
    .join(' ')
}

function labelOf(key: string): string[] {
  return Object.entries(LABELS).flatMap(([field, label]) => (field === key ? [`${field}Label=${label}`] : []))
}

/** In the head a bar ends a field; in both a backslash escapes. Line ends were made visible before. */
function headText(text: string): string {
  return safe(text).replaceAll(/[\\|]/g, (one) => `\\${one}`)
}

function valueText(value: string | number): string {
  return typeof value === 'number' ? String(value) : safe(value).replaceAll(/[\\=]/g, (one) => `\\${one}`)
}
