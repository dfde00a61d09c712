import { readMember, readScalar } from './json-walk.ts'
import { type Look, textOf } from './look.ts'
import { TYPE_NAMES } from './no-values.ts'
import { COMMA, OPEN_BRACE, skipSpace } from './text-bytes.ts'
import { skipValue } from './walk.ts'

/** What a JSON Schema says about a value. */
export const SCHEMA_WORDS: ReadonlySet<string> = new Set(
  'type format description title pattern minLength maxLength minimum maximum multipleOf $ref readOnly writeOnly nullable required contentEncoding deprecated'.split(
    ' ',
  ),
)

/** Members that are looked at for the mark of a schema. */
const SCHEMA_MEMBERS_MAX = 8

/** `"password": {"type": "string", "description": "..."}` says what a password is like and has none. */
export function isJsonSchema(look: Look, { at, depth }: { at: number; depth: number }): boolean {
  const { bytes } = look.view
  if (bytes[at] !== OPEN_BRACE) return false
  let next = at + 1
  for (let i = 0; i < SCHEMA_MEMBERS_MAX; i++) {
    const member = readMember(bytes, next, depth)
    if (member?.key === undefined) return false
    const key = textOf(look, member.key)
    const value = readScalar(bytes, member.value, depth)
    if (key === '$ref') return true
    if (key === 'type') return value !== undefined && TYPE_NAMES.has(textOf(look, value).toLowerCase())
    if (value === undefined) {
      const after = skipValue(look, member.value, depth)
      if (after < 0) return false
      next = skipSpace(bytes, after)
    } else next = skipSpace(bytes, value.after)
    if (bytes[next] !== COMMA) return false
    next++
  }
  return false
}
