// Faults of the wire, made of what the strict scan found. They name keys and places, never values.
import type { JsonFault, JsonMember } from '../base/json-scan.ts'
import { findMember } from '../base/json-scan.ts'
import { CODES } from './errors.ts'
import { readId } from './id.ts'
import type { IdText, WireFault } from './message.ts'

/** A text that the scan refused. */
export function scanFault(bytes: Uint8Array, fault: JsonFault): WireFault {
  const { reason, sentence } = SCAN_FAULTS[fault.reason]
  const where = fault.path === '' ? `at byte ${fault.at}` : `at byte ${fault.at}, in ${fault.path}`
  // The first of two ids is no more the id than the second.
  const isIdTwice = fault.reason === 'duplicate_key' && fault.path === 'id'
  const id = isIdTwice ? undefined : idOf(bytes, fault.members)
  return { kind: 'fault', reason, status: 400, code: CODES.parse, message: `${sentence} (${where}).`, id }
}

/** No JSON-RPC message of MCP. */
export function invalidRequest(
  message: string,
  id?: IdText,
  reason: WireFault['reason'] = 'invalid_request',
): WireFault {
  return { kind: 'fault', reason, status: 400, code: CODES.invalidRequest, message, id }
}

/** A key that only looks like one of the envelope. */
export function lookAlikeFault(name: string, id?: IdText): WireFault {
  const message = `A key differs from "${name}" in case only. Spell it "${name}" or leave it out.`
  return invalidRequest(message, id, 'look_alike_key')
}

/** Id of a message, wherever it could be read. */
export function idOf(bytes: Uint8Array, members: readonly JsonMember[] | undefined): IdText | undefined {
  const id = findMember(members, 'id')
  return id === undefined ? undefined : readId(bytes, id)
}

const SCAN_FAULTS: Readonly<Record<JsonFault['reason'], { reason: WireFault['reason']; sentence: string }>> = {
  utf8: { reason: 'utf8', sentence: 'The message is not valid UTF-8' },
  bom: { reason: 'parse', sentence: 'The message begins with a byte order mark, which JSON forbids' },
  syntax: { reason: 'parse', sentence: 'The message is not valid JSON' },
  trailing: { reason: 'parse', sentence: 'Something follows the end of the JSON text' },
  duplicate_key: { reason: 'duplicate_key', sentence: 'A key stands twice in one object' },
  lone_surrogate: { reason: 'lone_surrogate', sentence: 'A string holds half of a surrogate pair' },
  too_deep: { reason: 'too_deep', sentence: 'The JSON nests deeper than this gateway reads' },
  too_many: { reason: 'too_many', sentence: 'The JSON has more keys than this gateway reads' },
  too_long: { reason: 'too_many', sentence: 'A string is longer than this gateway reads' },
}

/** The method is known, but its params are not as it wants them. Like any error of a method, it comes with status 200. */
export function invalidParams(message: string, id: IdText | undefined): WireFault {
  return { kind: 'fault', reason: 'invalid_params', status: 200, code: CODES.invalidParams, message, id }
}

/** A mirrored header that is missing, malformed or other than the body (protocol.md, 4.3). */
export function headerMismatch(message: string, id: IdText | undefined): WireFault {
  return { kind: 'fault', reason: 'header_mismatch', status: 400, code: CODES.headerMismatch, message, id }
}
