// JSON from strangers. `JSON.parse` keeps the last of two equal keys without a word, other readers keep
// the first: what policy saw would not be what the upstream reads. So every message is scanned here first,
// in one pass over its bytes, and only then parsed (protocol.md, 7.2).
import { decodeUtf8, isUtf8 } from './bytes.ts'
import { stringAt } from './json.ts'
import { JsonTokens } from './json-tokens.ts'
import { type JsonWatch, NO_WATCH } from './json-watch.ts'

export interface JsonLimits {
  /** Containers inside one another. */
  readonly depthMax: number
  readonly keysPerObjectMax: number
  /** Keys in the whole text. */
  readonly keysMax: number
  /** Bytes between the quotes of one string, as written. Without it the size of the text is the limit. */
  readonly stringBytesMax?: number | undefined
}

/** Why a text is refused. `at` is a byte offset, `path` names keys and indexes, never values. */
export interface JsonFault {
  readonly kind: 'fault'
  readonly reason:
    | 'utf8'
    | 'bom'
    | 'syntax'
    | 'trailing'
    | 'duplicate_key'
    | 'lone_surrogate'
    | 'too_deep'
    | 'too_many'
    | 'too_long'
  readonly at: number
  readonly path: string
  /** Members of the outermost object that were whole before the fault. */
  readonly members: readonly JsonMember[] | undefined
}

/** A member of an object: its key unescaped, its value by place. */
export interface JsonMember {
  readonly key: string
  /** First byte of the value. */
  readonly start: number
  /** The byte after the value. */
  readonly end: number
  /** Of a watched object; undefined for other values. */
  readonly members: readonly JsonMember[] | undefined
}

export interface JsonScan {
  readonly kind: 'scan'
  readonly bytes: Uint8Array
  /** First byte of the value, and the byte after it. */
  readonly start: number
  readonly end: number
  /** Members of the outermost value; undefined where it is no object. */
  readonly members: readonly JsonMember[] | undefined
}

/**
 * Reads a text by the grammar of RFC 8259, more strictly than `JSON.parse` does: valid UTF-8 without a byte order
 * mark, no key twice in one object however it is spelled, no lone surrogate, nothing beyond the limits. Never throws.
 */
export function scanJson(bytes: Uint8Array, limits: JsonLimits, watch: JsonWatch = NO_WATCH): JsonScan | JsonFault {
  if (!isUtf8(bytes)) return { kind: 'fault', reason: 'utf8', at: 0, path: '', members: undefined }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { kind: 'fault', reason: 'bom', at: 0, path: '', members: undefined }
  return new Scanner(bytes, limits, watch).scan()
}

/** The member of that name, exactly so spelled once unescaped. */
export function findMember(members: readonly JsonMember[] | undefined, key: string): JsonMember | undefined {
  if (members === undefined) return undefined
  for (const member of members) if (member.key === key) return member
  return undefined
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

// Above this many keys an object's keys go into a Set: comparing each with each is quadratic.
const KEYS_COMPARED_MAX = 8
// A path is for people; a hostile key may be megabytes long.
const PATH_CHARS_MAX = 200

/** An open object or array on the scanner's stack. */
interface Level {
  readonly isObject: boolean
  /** Where this object's keys begin in the list of open keys. */
  readonly keysFrom: number
  keyCount: number
  itemCount: number
  /** Keys unescaped, once there are many or one is written with escapes. */
  set: Set<string> | undefined
  /** Noted members, where this object is watched. */
  readonly members: JsonMember[] | undefined
  key: string
  valueStart: number
}

/** Every method takes a place and returns the place after what it read, or -1 once a fault was found. */
class Scanner {
  readonly #bytes: Uint8Array
  readonly #tokens: JsonTokens
  readonly #limits: JsonLimits
  readonly #watch: JsonWatch
  readonly #levels: Level[] = []
  /** Start and end of each key of each open object, in order. */
  readonly #keys: number[] = []
  #keysEnd = 0
  #keysSeen = 0
  /** Whether the last step finished a value; if not, a value comes next. */
  #whole = false
  /** Members of the value that was finished last. */
  #closed: readonly JsonMember[] | undefined
  #reason: JsonFault['reason'] | undefined
  #faultAt = 0

  constructor(bytes: Uint8Array, limits: JsonLimits, watch: JsonWatch) {
    this.#bytes = bytes
    this.#tokens = new JsonTokens(bytes, limits.stringBytesMax ?? bytes.length)
    this.#limits = limits
    this.#watch = watch
  }

  scan(): JsonScan | JsonFault {
    const start = this.#tokens.space(0)
    let at = this.#value(start)
    // Not recursive: a text may nest deeper than the stack is high.
    while (at >= 0 && this.#levels.length > 0) at = this.#whole ? this.#next(at) : this.#value(at)
    if (at >= 0 && this.#tokens.space(at) !== this.#tokens.end) this.#fault('trailing', this.#tokens.space(at))
    else if (at >= 0) return { kind: 'scan', bytes: this.#bytes, start, end: at, members: this.#closed }
    const reason = this.#reason ?? this.#tokens.reason
    const faultAt = this.#reason === undefined ? this.#tokens.faultAt : this.#faultAt
    return { kind: 'fault', reason, at: faultAt, path: this.#path(), members: this.#levels[0]?.members }
  }

  /** A scalar, or the opening of a container up to its first value. */
  #value(at: number): number {
    this.#whole = true
    this.#closed = undefined
    if (at >= this.#tokens.end) return this.#fault('syntax', at)
    const c = this.#bytes[at]
    if (c === QUOTE) return this.#tokens.string(at)
    if (c === OPEN_OBJECT || c === OPEN_ARRAY) return this.#open(at, c === OPEN_OBJECT)
    if (c === 0x74) return this.#tokens.word(at, 'true')
    if (c === 0x66) return this.#tokens.word(at, 'false')
    return c === 0x6e ? this.#tokens.word(at, 'null') : this.#tokens.number(at)
  }

  #open(at: number, object: boolean): number {
    const depth = this.#levels.length
    if (depth >= this.#limits.depthMax) return this.#fault('too_deep', at)
    const members = object && this.#watched(depth) ? [] : undefined
    const keysFrom = this.#keysEnd
    const level = {
      isObject: object,
      keysFrom,
      keyCount: 0,
      itemCount: 0,
      set: undefined,
      members,
      key: '',
      valueStart: 0,
    }
    this.#levels.push(level)
    const first = this.#tokens.space(at + 1)
    if (this.#tokens.is(first, object ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#close(first, level)
    this.#whole = false
    return object ? this.#key(first, level) : first
  }

  #watched(depth: number): boolean {
    const parent = this.#levels[depth - 1]
    if (parent === undefined) return true
    return parent.members !== undefined && this.#watch.levels[depth - 1]?.includes(parent.key) === true
  }

  #close(at: number, level: Level): number {
    this.#levels.pop()
    this.#keysEnd = level.keysFrom
    this.#closed = level.members
    this.#whole = true
    return at + 1
  }

  /** After a value inside a container: a comma and what follows it, or the end of the container. */
  #next(at: number): number {
    const level = this.#levels.at(-1)
    if (level === undefined) return this.#fault('syntax', at)
    const { members, key, valueStart } = level
    members?.push({ key, start: valueStart, end: at, members: this.#closed })
    const mark = this.#tokens.space(at)
    if (this.#tokens.is(mark, level.isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#close(mark, level)
    if (!this.#tokens.is(mark, COMMA)) return this.#fault('syntax', mark)
    this.#whole = false
    level.itemCount += 1
    const following = this.#tokens.space(mark + 1)
    return level.isObject ? this.#key(following, level) : following
  }

  #key(at: number, level: Level): number {
    if (!this.#tokens.is(at, QUOTE)) return this.#fault('syntax', at)
    const quote = this.#tokens.string(at)
    if (quote < 0) return quote
    const start = at + 1
    const end = quote - 1
    const twice = this.#isKnown(level, start, end)
    this.#keys[this.#keysEnd] = start
    this.#keys[this.#keysEnd + 1] = end
    this.#keysEnd += 2
    level.keyCount += 1
    this.#keysSeen += 1
    if (twice) return this.#fault('duplicate_key', at)
    if (level.keyCount > this.#limits.keysPerObjectMax || this.#keysSeen > this.#limits.keysMax)
      return this.#fault('too_many', at)
    if (level.members !== undefined) level.key = this.#text(start, end)
    const colon = this.#tokens.space(quote)
    if (!this.#tokens.is(colon, COLON)) return this.#fault('syntax', colon)
    level.valueStart = this.#tokens.space(colon + 1)
    return level.valueStart
  }

  #isKnown(level: Level, start: number, end: number): boolean {
    if (level.set === undefined) {
      if (!this.#tokens.escaped && level.keyCount < KEYS_COMPARED_MAX) return this.#isAmongKeys(level, start, end)
      level.set = this.#keySet(level)
    }
    const key = this.#text(start, end)
    const known = level.set.has(key)
    level.set.add(key)
    return known
  }

  #isAmongKeys(level: Level, start: number, end: number): boolean {
    const keys = this.#keys
    const keysEnd = this.#keysEnd
    for (let i = level.keysFrom; i < keysEnd; i += 2) {
      const other = keys[i] ?? 0
      if ((keys[i + 1] ?? 0) - other === end - start && this.#same(other, start, end - start)) return true
    }
    return false
  }

  #same(a: number, b: number, length: number): boolean {
    const bytes = this.#bytes
    let i = 0
    while (i < length && bytes[a + i] === bytes[b + i]) i += 1
    return i === length
  }

  #keySet(level: Level): Set<string> {
    const set = new Set<string>()
    for (let i = level.keysFrom; i < this.#keysEnd; i += 2)
      set.add(this.#text(this.#keys[i] ?? 0, this.#keys[i + 1] ?? 0))
    return set
  }

  /** Of a key without escapes, or of the string that was read last. */
  #text(start: number, end: number): string {
    if (this.#tokens.escaped) return stringAt(this.#bytes, { start: start - 1, end: end + 1 }) ?? ''
    return this.#watch.keys.find(this.#bytes, start, end) ?? decodeUtf8(this.#bytes, start, end)
  }

  #fault(reason: JsonFault['reason'], at: number): -1 {
    this.#reason = reason
    this.#faultAt = at
    return -1
  }

  /** Keys and indexes down to the last key that was read. */
  #path(): string {
    const steps = this.#levels.map((level, depth) => {
      if (!level.isObject) return String(level.itemCount)
      const keysEnd = this.#levels[depth + 1]?.keysFrom ?? this.#keysEnd
      if (keysEnd === level.keysFrom) return ''
      const start = this.#keys[keysEnd - 2] ?? 0
      return decodeUtf8(this.#bytes, start, Math.min(this.#keys[keysEnd - 1] ?? 0, start + PATH_CHARS_MAX))
    })
    return steps
      .filter((step) => step !== '')
      .join('.')
      .slice(0, PATH_CHARS_MAX)
  }
}
