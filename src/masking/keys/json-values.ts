import type { FoundBy } from '../find/finding.ts'
import { isOfKind, isOfKindInDigits } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { quoteDepth, readMember, readQuoted, readScalar, type Scalar } from './json-walk.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { TYPE_NAMES } from './no-values.ts'
import { splitKey } from './split-key.ts'
import {
  BACKSLASH,
  byteAt,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
} from './text-bytes.ts'
import { skipValue } from './walk.ts'

/** Where a value stands in JSON, and how many backslashes the quotes have there. */
export interface JsonPlace {
  readonly at: number
  readonly depth: number
  readonly by?: FoundBy
}

/** Reports the value that stands there, or everything below it; false where it is no JSON. */
export function addJsonValue(look: Look, kind: KeyKind, place: JsonPlace): boolean {
  const { bytes } = look.view
  const byte = bytes[place.at]
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
    addLeaves(look, kind, place)
    return true
  }
  const scalar = readScalar(bytes, place.at, place.depth)
  if (scalar === undefined) return false
  // Most values of a message that was masked are stand-ins, and to read each of them would cost more than to find it.
  const isOurs = look.sink.isOurs?.(scalar.start, scalar.end) === true
  if (!isOurs && isValue(look, kind, scalar)) addFound(look, kind, scalar, place.by)
  return true
}

function isValue(look: Look, kind: KeyKind, scalar: Scalar): boolean {
  if (scalar.kind === 'null' || scalar.end <= scalar.start) return false
  const told = scalar.kind === 'string' ? isOfKindInDigits(kind, look.view.bytes, scalar) : undefined
  return told ?? isOfKind(kind, textOf(look, scalar), scalar.kind)
}

/** Members that tell about a value and are none themselves, in objects of persons and in lists of secrets. */
const TELLS: ReadonlySet<string> = new Set(
  'id ids uuid type kind created updated at date count verified primary default status label enabled version index order issued expires expiry'.split(
    ' ',
  ),
)
const TELLS_OF_SECRETS: ReadonlySet<string> = new Set([...TELLS, ...'name title description scope scopes'.split(' ')])
/** What a JSON Schema says about a value. */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(
  'type format description title pattern minLength maxLength minimum maximum multipleOf $ref readOnly writeOnly nullable required contentEncoding deprecated'.split(
    ' ',
  ),
)

/** Every string and number below an object or array. */
function addLeaves(look: Look, kind: KeyKind, place: JsonPlace): void {
  const { bytes } = look.view
  if (look.memo.isCovered(kind.entity, place.at)) return
  const isSchema = isJsonSchema(look, place)
  let own: Span | undefined
  let open = 0
  let at = place.at
  while (at < bytes.length) {
    const turn = NESTING[byteAt(bytes, at)] ?? 0
    if (turn !== 0) {
      open += 2 - turn
      if (open === 0) break
      at = skipSpace(bytes, at + 1)
      continue
    }
    const scalar = readScalar(bytes, at, place.depth) ?? keyAt(bytes, at, place.depth)
    if (scalar === undefined) break
    at = skipSpace(bytes, scalar.after)
    if (bytes[at] === COLON) own = scalar
    else if (isLeaf(look, kind, { scalar, own, isSchema })) addFound(look, kind, scalar, place.by)
  }
  look.sink.spend(at - place.at)
  look.memo.cover(kind.entity, place.at, at)
}

/** 1: opens. 2: stands between. 3: closes. */
const NESTING = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1
  if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return 3
  return byte === COMMA || byte === COLON ? 2 : 0
})

function keyAt(bytes: Uint8Array, at: number, depth: number): Scalar | undefined {
  if (bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) return undefined
  if (quoteDepth(bytes, at) !== depth) return undefined
  return { kind: 'string', ...readQuoted(bytes, at, depth) }
}

interface Leaf {
  readonly scalar: Scalar
  readonly own: Span | undefined
  readonly isSchema: boolean
}

function isLeaf(look: Look, kind: KeyKind, { scalar, own, isSchema }: Leaf): boolean {
  if (scalar.kind === 'boolean' || scalar.kind === 'null' || scalar.end === scalar.start) return false
  const key = own === undefined ? '' : textOf(look, own)
  if ((isSchema && SCHEMA_WORDS.has(key)) || tellsOnly(kind, key)) return false
  if (kind.demand !== 'address' || scalar.kind !== 'number') return isOfKind(kind, textOf(look, scalar), scalar.kind)
  // A number in an address is of a house, unless its own key says something else.
  return own !== undefined && look.kindOf(own.start, own.end) === undefined
}

function tellsOnly(kind: KeyKind, key: string): boolean {
  if (kind.isSecret && !kind.plural) return false
  return (kind.isSecret ? TELLS_OF_SECRETS : TELLS).has(splitKey(key).at(-1) ?? '')
}

/** Members that are looked at for the mark of a schema. */
const SCHEMA_MEMBERS_MAX = 8

/** `"password": {"type": "string", "description": "..."}` says what a password is like and has none. */
function isJsonSchema(look: Look, { at, depth }: JsonPlace): boolean {
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
