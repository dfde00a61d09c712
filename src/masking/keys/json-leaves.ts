import type { FoundBy } from '../find/finding.ts'
import { hasMonth } from '../numbers/date-shapes.ts'
import { mayBeOther, saysOther } from './beside.ts'
import { isPartOfDate, type Meaning, meaningBelow } from './below.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { isJsonSchema, SCHEMA_WORDS } from './json-schema.ts'
import { quoteDepth, readQuoted, readScalar, type Scalar } from './json-walk.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
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

interface Place {
  readonly at: number
  readonly depth: number
  readonly by?: FoundBy
}

/** Reports what can be a value of the kind below an object or array: what has a name of its own that says something else is none. */
export function addLeaves(look: Look, kind: KeyKind, place: Place): void {
  const { bytes } = look.view
  if (look.memo.isCovered(kind.entity, place.at)) return
  const walk = new Walk(look, kind, place)
  let at = place.at
  while (at < bytes.length) {
    const turn = NESTING[byteAt(bytes, at)] ?? 0
    if (turn !== 0) {
      if (turn === 1) walk.open()
      else if (turn === 3 && walk.close()) break
      at = skipSpace(bytes, at + 1)
      continue
    }
    const scalar = readScalar(bytes, at, place.depth) ?? keyAt(bytes, at, place.depth)
    if (scalar === undefined) break
    at = skipSpace(bytes, scalar.after)
    if (bytes[at] === COLON) walk.name(scalar)
    else walk.take(scalar)
  }
  walk.end()
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

/** An object or array on the way. */
interface Level {
  /** How many values were found before it. */
  readonly found: number
  /** It stands under a key of the kind, so that what is around it says nothing of it. */
  readonly isNamed: boolean
  /** Its key says that nothing below it is a value. */
  readonly isApart: boolean
  key: Span | undefined
  meaning: Meaning
  /** The key is one of the kind. */
  isKeyNamed: boolean
  /** One of its members says that it is about something else. */
  isOther: boolean
}

/** Longer numbers are hardly the same by chance. */
const COMMON_DIGITS_MAX = 7

class Walk {
  readonly #look: Look
  readonly #kind: KeyKind
  readonly #by: FoundBy | undefined
  readonly #isSchema: boolean
  readonly #mayBeOther: boolean
  readonly #levels: Level[] = []
  readonly #found: Scalar[] = []

  constructor(look: Look, kind: KeyKind, place: Place) {
    this.#look = look
    this.#kind = kind
    this.#by = place.by
    this.#isSchema = isJsonSchema(look, place)
    this.#mayBeOther = mayBeOther(kind)
  }

  open(): void {
    const around = this.#levels.at(-1)
    const isNamed = around === undefined || around.isKeyNamed
    this.#levels.push({
      found: this.#found.length,
      isNamed,
      isApart: !isNamed && (around.isApart || around.meaning === 'apart'),
      key: isNamed ? undefined : around.key,
      meaning: isNamed ? 'part' : around.meaning,
      isKeyNamed: false,
      isOther: false,
    })
  }

  /** True where the last one closes. */
  close(): boolean {
    const level = this.#levels.pop()
    if (level === undefined) return true
    if (level.isOther) this.#found.length = level.found
    else if (level.isNamed) this.#report(level.found)
    return this.#levels.length === 0
  }

  /** Closes what the text leaves open. */
  end(): void {
    while (this.#levels.length > 0) this.close()
  }

  name(key: Scalar): void {
    const level = this.#levels.at(-1)
    if (level === undefined) return
    const text = textOf(this.#look, key)
    level.key = key
    level.meaning = this.#isSchema && SCHEMA_WORDS.has(text) ? 'other' : meaningBelow(this.#kind, text)
    level.isKeyNamed = this.#look.kindOf(key.start, key.end)?.entity === this.#kind.entity
    // What the key has for a value may still be an object.
    if (this.#mayBeOther && !level.isOther) level.isOther = saysOther(this.#look, this.#kind, key, undefined)
  }

  take(scalar: Scalar): void {
    const level = this.#levels.at(-1)
    if (level === undefined) return
    const { key } = level
    if (key !== undefined && this.#mayBeOther && !level.isOther)
      level.isOther = saysOther(this.#look, this.#kind, key, scalar)
    if (this.#isValue(level, scalar)) this.#found.push(scalar)
  }

  #isValue({ key, meaning, isApart }: Level, scalar: Scalar): boolean {
    if (isApart || meaning === 'apart' || meaning === 'other') return false
    if (scalar.kind === 'boolean' || scalar.kind === 'null' || scalar.end === scalar.start) return false
    const kind = this.#kind
    const text = textOf(this.#look, scalar)
    const name = key && textOf(this.#look, key)
    if (name !== undefined && isPartOfDate(kind, name)) return isDatePart(text)
    if (scalar.kind === 'string') return isText(kind, name, text)
    return this.#isNumber({ key, meaning }, text)
  }

  #isNumber({ key, meaning }: Pick<Level, 'key' | 'meaning'>, text: string): boolean {
    const kind = this.#kind
    if (meaning === 'unknown') return false
    if (kind.demand !== 'address') return isOfKind(kind, text, 'number')
    // A number in an address is of a house, unless its own key says something else.
    return key !== undefined && this.#look.kindOf(key.start, key.end) === undefined
  }

  #report(from: number): void {
    for (let i = from; i < this.#found.length; i++) {
      const scalar = this.#found[i]
      if (scalar !== undefined) addFound(this.#look, this.#kind, scalar, this.#by ?? byOf(scalar))
    }
    this.#found.length = from
  }
}

function isDatePart(text: string): boolean {
  return /\d/.test(text) || hasMonth(text)
}

function byOf({ kind, start, end }: Scalar): FoundBy {
  return kind === 'number' && end - start <= COMMON_DIGITS_MAX ? 'below' : 'key'
}

/** Words of a text longer than this are no pieces of it. */
const PIECE_MAX = 16
const NAME = /^[A-Za-z._-]{1,32}$/

/** `"tokens": ["Hel", "lo"]` are of a text, and the `key` of a secret may be what it is called: such look like nothing else. */
function isText(kind: KeyKind, key: string | undefined, text: string): boolean {
  const isPiece = kind.word === 'token' && kind.plural && text.length < PIECE_MAX
  const isName = kind.isSecret && key === 'key' && NAME.test(text)
  return isOfKind(isPiece || isName ? { ...kind, demand: 'opaque' } : kind, text, 'string')
}
