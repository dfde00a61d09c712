import { decodeUtf8, isUtf8, toBase64 } from '../base/bytes.ts'
import { sessionId } from '../base/ids.ts'
import { isObject, type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { StoredPart } from '../audit/stored.ts'
import { numberAt, objectAt, type RecordedRecord, textAt } from './read.ts'

/** One line for a terminal: when, what, who, where, and how it ended. */
export function printLine({ envelope, integrity, stored }: RecordedRecord): string {
  const { entry, seq } = stored
  const session = entry.session === undefined ? undefined : sessionId(entry.session).slice(0, 'ses_'.length + SHORT)
  const parts = [
    isoMicros(entry.time).replace(/\d{3}Z$/, 'Z'),
    `#${seq}`,
    session ?? '-',
    entry.kind.padEnd(KIND_WIDTH),
    whoOf(envelope) ?? '-',
    whatOf(envelope),
    resultOf(envelope),
    viewOf(envelope),
    changeOf(envelope),
    ...(integrity === 'verified' ? [] : [`** ${integrity.toUpperCase()} **`]),
  ]
  return safe(parts.filter((part) => part !== '').join(' '))
}

/** Enough of a session's id to tell sessions apart by eye. */
const SHORT = 8
const KIND_WIDTH = 'session.start'.length

/** The record as one JSON object: its envelope, and what the place of the record adds (audit.md, 12.2, fields marked +). */
export function printJson(record: RecordedRecord, shown: { readonly bodies: boolean } = { bodies: true }): string {
  return stringifyJson(jsonOf(record, shown))
}

export function jsonOf(
  { envelope, integrity, stored }: RecordedRecord,
  { bodies }: { readonly bodies: boolean },
): JsonObject {
  const { entry, leaf, origin, parts, seq } = stored
  const body: Record<string, JsonObject> = {}
  if (parts.request !== undefined) body['req'] = bodyOf(parts.request, bodies)
  if (parts.response !== undefined) body['res'] = bodyOf(parts.response, bodies)
  return {
    ...envelope,
    origin,
    seq,
    leaf: toBase64(leaf),
    time: isoMicros(entry.time),
    retention: entry.retentionClass,
    integrity: { state: integrity },
    body,
  }
}

function bodyOf({ bytes }: StoredPart, whole: boolean): JsonObject {
  return { bytes: bytes.length, ...(whole ? { text: textOf(bytes) } : {}) }
}

/**
 * Makes recorded text harmless for a terminal: an escape sequence in a tool's reply could hide lines, rename the window or
 * type into the shell. Bidirectional controls could show another order of words than was sent.
 */
export function safe(text: string): string {
  return text.replaceAll(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// C0 and C1 controls, line and paragraph separators, marks and overrides of direction, and the byte order mark.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** What a person recognises a caller by. */
export function whoOf(envelope: JsonObject): string | undefined {
  return (
    textAt(envelope, 'actor', 'email') ??
    textAt(envelope, 'actor', 'sub') ??
    textAt(envelope, 'change', 'os_user') ??
    textAt(envelope, 'view', 'os_user')
  )
}

/** Of a refused token: from where, for what, how often. */
function viewOf(envelope: JsonObject): string {
  return Object.entries(objectAt(envelope, 'view') ?? {})
    .map(([key, value]) => `${key} ${namesIn(value)}`)
    .join(', ')
}

/** Of what an administrator did: `start: connections db files, credentials db/key, policy 02dcba8bf2ba`. */
function changeOf(envelope: JsonObject): string {
  const change = objectAt(envelope, 'change')
  if (change === undefined) return ''
  const named = Object.entries(change)
    .filter(([key]) => key !== 'what' && !key.startsWith('os_'))
    .map(([key, value]) => `${key} ${namesIn(value)}`)
  return `${textAt(change, 'what') ?? '?'}: ${named.join(', ')}`
}

function namesIn(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(namesIn).join(' ')
  if (isObject(value)) return [textAt(value, 'connection'), textAt(value, 'name')].join('/')
  return typeof value === 'string' ? value : stringifyJson(value ?? null)
}

function whatOf(envelope: JsonObject): string {
  const words = [textAt(envelope, 'conn', 'name'), textAt(envelope, 'mcp', 'method'), textAt(envelope, 'mcp', 'target')]
  return words.filter((word) => word !== undefined).join(' ')
}

function resultOf(envelope: JsonObject): string {
  const effect = textAt(envelope, 'decision', 'effect')
  const status = textAt(envelope, 'outcome', 'status')
  const micros = numberAt(envelope, 'io', 'total_us')
  const masked = maskedOf(envelope)
  const words = [
    effect && `${triedOnly(envelope) ? 'would ' : ''}${effect} by ${textAt(envelope, 'decision', 'rule') ?? '?'}`,
    status && `= ${status}`,
    micros === undefined ? undefined : `${Math.round(micros / 100) / 10} ms`,
    masked === '' ? undefined : `masked ${masked}`,
    restoredWord(envelope),
    objectAt(envelope, 'io')?.['truncated'] === true ? 'content not kept' : undefined,
  ]
  return words.filter((word) => word !== undefined).join(' ')
}

function maskedOf(envelope: JsonObject): string {
  return Object.entries(maskedKinds(envelope))
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
}

/** How many stand-ins turned back into their values before the message went out. */
export function restoredWord(envelope: JsonObject): string | undefined {
  const ids = objectAt(envelope, 'masking')?.['restored']
  return Array.isArray(ids) && ids.length > 0 ? `turned back ${ids.length}` : undefined
}

/** `{ email: { surrogate: 2, redact: 1 } }` is three times email. */
export function maskedKinds(envelope: JsonObject): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const [kind, actions] of Object.entries(objectAt(envelope, 'masking', 'entities') ?? {})) {
    const counts = isObject(actions) ? Object.values(actions) : [actions]
    const sum = counts.reduce<number>((all, count) => all + (typeof count === 'number' ? count : 0), 0)
    if (sum > 0) Object.defineProperty(sums, kind, { value: sum, enumerable: true })
  }
  return sums
}

function textOf(bytes: Uint8Array): string {
  return isUtf8(bytes) ? decodeUtf8(bytes) : toBase64(bytes)
}

/** Under a policy in shadow mode nothing comes of what it says. */
function triedOnly(envelope: JsonObject): boolean {
  return textAt(envelope, 'decision', 'mode') === 'shadow' && textAt(envelope, 'decision', 'effect') !== 'allow'
}
