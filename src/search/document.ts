import { decodeUtf8, isUtf8, indexOf } from '../base/bytes.ts'
import { sessionId } from '../base/ids.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { ENTRY_KINDS, type EntryFields, FLAG } from '../audit/entry.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { numberAt, objectAt, recorded, textAt } from '../recording/read.ts'
import type { NumberField, ValueField } from './fields.ts'

/** The values of one record, by field. */
export type Values = Readonly<{ [field in ValueField]?: readonly string[] | undefined }>

/** What can be asked of a record. The index is filled from this and the tail is tested on this, so they cannot differ. */
export interface SearchDocument {
  readonly seq: number
  readonly time: number
  /** Of the identity that its session is; nobody can ask for it, rights are decided by it. */
  readonly principal: string | undefined
  readonly values: Values
  readonly numbers: Readonly<{ [field in NumberField | 'status']?: number | undefined }>
  /** Request, reply and reason, as they would be read. */
  readonly text: string
  /** Something of it was erased, or cannot be opened: what it said nobody can tell. */
  readonly gone: boolean
}

/** How much of one body is searched; what is behind it is recorded and not found. */
const TEXT_BYTES_MAX = 1024 * 1024
/** Stands between two bodies, so that no phrase goes from one into the other. */
const BETWEEN = ' \u{1F}bodies0boundary\u{1F} '
/** JSON texts within JSON texts that are read as what they are. */
const NESTED_MAX = 3

export function documentOf(record: StoredRecord): SearchDocument {
  const { entry, parts, seq } = record
  const { envelope } = recorded(record)
  const bodies = [parts.request, parts.response].flatMap((part) => (part === undefined ? [] : [textOf(part.bytes)]))
  const reason = textAt(envelope, 'decision', 'reason')
  return {
    seq,
    time: entry.time,
    principal: principalOf(envelope),
    values: valuesOf(record, envelope),
    numbers: {
      seq,
      rows: numberAt(envelope, 'io', 'rows') ?? numberAt(envelope, 'view', 'rows'),
      bytes: sum(numberAt(envelope, 'io', 'bytes_in'), numberAt(envelope, 'io', 'bytes_out')),
      latency: numberAt(envelope, 'io', 'total_us'),
      status: numberAt(envelope, 'io', 'status'),
    },
    text: [...bodies, ...(reason === undefined ? [] : [reason])].join(BETWEEN),
    gone: record.gone !== undefined,
  }
}

/** The text of a record for people: what only keeps its pieces apart is as long as it was, so that places in it hold. */
export function shownText(text: string): string {
  return text.replaceAll(BETWEEN, ' · '.padEnd(BETWEEN.length))
}

/** Request, reply and reason one by one, and where each begins in the text of its record. */
export function piecesOf(text: string): readonly { readonly piece: string; readonly start: number }[] {
  let start = 0
  return text.split(BETWEEN).map((piece) => {
    const found = { piece, start }
    start += piece.length + BETWEEN.length
    return found
  })
}

/** An issuer is a URL and cannot contain the separator, so no subject can be made to look like another's. */
export function principalKey(issuer: string, subject: string): string {
  return `${issuer} ${subject}`
}

function principalOf(envelope: JsonObject): string | undefined {
  const [iss, sub] = [textAt(envelope, 'actor', 'iss'), textAt(envelope, 'actor', 'sub')]
  return iss === undefined || sub === undefined ? undefined : principalKey(iss, sub)
}

function valuesOf({ entry, origin }: StoredRecord, envelope: JsonObject): Values {
  const at = (...path: readonly string[]) => textAt(envelope, ...path)
  const target = at('mcp', 'target')
  const method = at('mcp', 'method') ?? ''
  return {
    who: some(at('actor', 'sub'), at('actor', 'email'), at('actor', 'name'), at('change', 'os_user')),
    group: textsAt(envelope, 'actor', 'groups'),
    client: some(at('actor', 'client', 'id'), at('actor', 'client', 'name')),
    agent: some(at('actor', 'agent', 'uid'), at('actor', 'agent', 'name')),
    behalf: textsAt(envelope, 'actor', 'on_behalf_of'),
    ip: some(at('actor', 'ip'), at('view', 'address')),
    connection: some(at('conn', 'name'), at('view', 'connection')),
    server: some(at('conn', 'server', 'name')),
    label: labelsOf(objectAt(envelope, 'conn', 'labels') ?? {}),
    tool: method.startsWith('tools/') ? some(target) : undefined,
    resource: method.startsWith('resources/') ? some(target) : undefined,
    method: some(at('mcp', 'method')),
    target: some(target),
    session: entry.session === undefined ? undefined : [sessionId(entry.session)],
    trace: some(at('trace', 'trace_id')),
    id: some(at('id')),
    stream: [origin],
    kind: [entry.kind],
    decision: some(at('decision', 'effect')),
    policy: some(at('decision', 'policy'), at('change', 'policy'), at('change', 'after')),
    rule: [...new Set([...(some(at('decision', 'rule')) ?? []), ...textsAt(envelope, 'decision', 'matched')])],
    approver: votersOf(envelope),
    entity: Object.keys(objectAt(envelope, 'masking', 'entities') ?? {}),
    status: some(at('outcome', 'status')),
    is: traitsOf(entry, envelope),
    has: thingsOf(entry, envelope),
    tag: textsAt(envelope, 'tags'),
  }
}

function labelsOf(labels: JsonObject): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [`${key}=${value}`] : []))
}

function traitsOf(entry: EntryFields, envelope: JsonObject): readonly string[] {
  const effect = textAt(envelope, 'decision', 'effect')
  const status = textAt(envelope, 'outcome', 'status') ?? ''
  const number = ENTRY_KINDS[entry.kind]
  const traits: readonly (readonly [string, boolean])[] = [
    ['masked', Object.keys(objectAt(envelope, 'masking', 'entities') ?? {}).length > 0],
    ['denied', effect === 'deny'],
    [
      'error',
      effect === 'error' || entry.kind === 'error' || ['tool_error', 'upstream_error', 'unknown'].includes(status),
    ],
    ['approved', entry.kind === 'approval.granted' || votersOf(envelope).length > 0],
    ['truncated', (entry.flags & FLAG.hashOnly) !== 0],
    ['erased', number >= ENTRY_KINDS.erased && number <= ENTRY_KINDS['tombstone.done']],
    ['held', entry.kind === 'hold.set'],
    ['shadow', textAt(envelope, 'decision', 'mode') === 'shadow'],
  ]
  return traits.filter(([, holds]) => holds).map(([name]) => name)
}

function thingsOf({ flags }: EntryFields, envelope: JsonObject): readonly string[] {
  const body = (flags & (FLAG.request | FLAG.response)) === 0 ? [] : ['body']
  const approval = objectAt(envelope, 'approval') === undefined ? [] : ['approval']
  return [...body, ...approval, ...(objectAt(envelope, 'alert') === undefined ? [] : ['alert'])]
}

function votersOf(envelope: JsonObject): readonly string[] {
  const voters = objectAt(envelope, 'approval')?.['voters']
  if (!Array.isArray(voters)) return []
  return voters.flatMap((voter) =>
    isObject(voter) && voter['vote'] === 'approve' ? (some(textAt(voter, 'sub')) ?? []) : [],
  )
}

function textsAt(envelope: JsonObject, member: string, inner?: string): readonly string[] {
  const value = inner === undefined ? envelope[member] : objectAt(envelope, member)?.[inner]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function some(...values: readonly (string | undefined)[]): readonly string[] | undefined {
  const there = values.filter((value) => value !== undefined)
  return there.length === 0 ? undefined : [...new Set(there)]
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}

/** A body as it would be read: where JSON escapes something, the text that is meant, or `\n` would be the letter n. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > TEXT_BYTES_MAX || !isUtf8(bytes))
    return decodeUtf8(bytes, 0, Math.min(bytes.length, TEXT_BYTES_MAX))
  if (indexOf(bytes, BACKSLASH) < 0) return decodeUtf8(bytes)
  return unescaped(decodeUtf8(bytes), NESTED_MAX)
}

const BACKSLASH = new Uint8Array([0x5c])

function unescaped(text: string, levels: number): string {
  const value = levels === 0 || !/^\s*[[{"]/.test(text) ? undefined : parsed(text)
  if (value === undefined) return text
  const pieces: string[] = []
  gather(value, pieces, levels - 1)
  return pieces.join(' ')
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** In the order of the text. Without recursion over the depth of the text, which a server chooses. */
function gather(value: JsonValue, pieces: string[], levels: number): void {
  const waiting: (JsonValue | undefined)[] = [value]
  while (waiting.length > 0) {
    const one = waiting.pop()
    if (typeof one === 'string') pieces.push(one.includes('\\') ? unescaped(one, levels) : one)
    else if (typeof one === 'number' || typeof one === 'boolean') pieces.push(String(one))
    else if (Array.isArray(one)) for (const item of one.toReversed()) waiting.push(item)
    else if (isObject(one)) for (const [key, inner] of Object.entries(one).toReversed()) waiting.push(inner, key)
  }
}
