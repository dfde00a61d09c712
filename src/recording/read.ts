import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { type Gone, partsExpected, type StoredRecord } from '../audit/stored.ts'

/** A record as a person looks at it. */
export interface RecordedRecord {
  readonly stored: StoredRecord
  /** Empty where it cannot be read; then `integrity` is not `verified`. */
  readonly envelope: JsonObject
  readonly integrity: 'verified' | 'altered' | Gone
}

/** Opens each record before it is shown: what does not open is shown as altered, not hidden (audit.md, 14). */
export async function* readRecorded(
  records: AsyncIterable<StoredRecord>,
): AsyncGenerator<RecordedRecord, void, undefined> {
  for await (const stored of records) yield recorded(stored)
}

export function recorded(stored: StoredRecord): RecordedRecord {
  return { stored, envelope: parseEnvelope(stored.parts.envelope?.bytes), integrity: integrityOf(stored) }
}

function integrityOf({ entry, gone, inTree, parts }: StoredRecord): RecordedRecord['integrity'] {
  const expected = partsExpected(entry).map((name) => parts[name])
  if (expected.some((part) => part?.opens === false)) return 'altered'
  if (expected.includes(undefined)) return gone ?? 'missing'
  return inTree ? 'verified' : 'altered'
}

function parseEnvelope(text: Uint8Array | undefined): JsonObject {
  if (text === undefined) return {}
  try {
    const envelope = parseJson(text)
    return isObject(envelope) ? envelope : {}
  } catch {
    return {}
  }
}

/** Something was turned away: a call, or a token at the door. A login that went well is of kind `auth` too. */
export function isRefusal({ envelope, stored }: RecordedRecord): boolean {
  const { kind } = stored.entry
  return kind === 'refused' || (kind === 'auth' && textAt(envelope, 'outcome', 'status') !== 'ok')
}

/** The member at the end of that path, if it is a text. */
export function textAt(envelope: JsonObject, ...path: readonly string[]): string | undefined {
  const value = valueAt(envelope, path)
  return typeof value === 'string' ? value : undefined
}

export function numberAt(envelope: JsonObject, ...path: readonly string[]): number | undefined {
  const value = valueAt(envelope, path)
  return typeof value === 'number' ? value : undefined
}

export function objectAt(envelope: JsonObject, ...path: readonly string[]): JsonObject | undefined {
  const value = valueAt(envelope, path)
  return isObject(value) ? value : undefined
}

function valueAt(envelope: JsonObject, path: readonly string[]): unknown {
  let value: unknown = envelope
  for (const key of path) value = isObject(value) ? value[key] : undefined
  return value
}
