import type { JsonObject, JsonValue } from '../base/json.ts'
import { stringifyJson } from '../base/json.ts'
import { decodeUtf8 } from '../base/bytes.ts'
import type { SchemaChecks } from './replace/schema-shape.ts'
import { partOf } from './still-fits.ts'
import { type Edit, splice } from './views/splice.ts'

/** A form of the server that a message of the client answers (elicitation). */
export interface AnsweredForm {
  /** Keys that lead to what was filled in, from the message down. */
  readonly at: readonly string[]
  /** `requestedSchema`, as the client saw it. */
  readonly schema: JsonObject
}

/** What a person is asked to fill in takes a few hundred characters. A form that is longer, or its name, is not remembered: it is no sink. */
export const FORM_CHARS_MAX = 65_536

interface Restoration {
  /** The message before anything turned back in it, and what turns back. */
  readonly bytes: Uint8Array
  readonly edits: readonly Edit[]
}

/** Whether what is filled in is what each form takes, with the values in it. */
export function fitsForms(
  { bytes, edits }: Restoration,
  forms: readonly AnsweredForm[],
  checksOf: (schema: JsonObject) => SchemaChecks | undefined,
): boolean {
  return forms.every(({ at, schema }) => {
    const checks = checksOf(schema)
    if (checks === undefined) return true
    // What may be chosen was shown as stand-ins, and the values of those are the server's own words.
    const offered = stringifyJson(schema)
    const typed = edits.filter(({ start, end }) => !offered.includes(`"${decodeUtf8(bytes, start, end)}"`))
    const filled: JsonValue = partOf(splice(bytes, typed), at)
    return filled === null || checks.accepts('#', filled)
  })
}
