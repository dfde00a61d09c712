import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'

/** The place of a schema itself. */
const WHOLE = '#'

/**
 * Whether the arguments of a call are what its tool takes, as far as it said so: a tool without a schema takes anything. The
 * bytes are those of a message that was scanned.
 */
export function fitsInput(
  bytes: Uint8Array,
  schema: JsonObject | undefined,
  checksOf: (schema: JsonObject) => SchemaChecks | undefined,
): boolean {
  const checks = schema && checksOf(schema)
  if (checks === undefined) return true
  const message = parseJson(bytes)
  const params = isObject(message) ? message['params'] : undefined
  return checks.accepts(WHOLE, (isObject(params) ? params['arguments'] : undefined) ?? {})
}
