// The words of JSON: strings, numbers, literals and white space, read from bytes (RFC 8259, sections 2, 6 and 7).
// Only `json.ts` uses this; it knows what the words are put together to.

// `"`, `\`, and the letters that may follow a backslash: `"\/bfnrt`.
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74])

export type TokenFault = 'syntax' | 'lone_surrogate' | 'too_long'

/** Each method takes a place and returns the place after what it read, or -1, and then `reason` and `faultAt` tell. */
export class JsonTokens {
  readonly bytes: Uint8Array
  readonly end: number
  readonly #stringBytesMax: number
  /** Whether the last string has escapes. */
  escaped = false
  reason: TokenFault = 'syntax'
  faultAt = 0

  constructor(bytes: Uint8Array, stringBytesMax: number) {
    this.bytes = bytes
    this.end = bytes.length
    this.#stringBytesMax = stringBytesMax
  }

  is(at: number, byte: number): boolean {
    return at < this.end && this.bytes[at] === byte
  }

  space(at: number): number {
    const bytes = this.bytes
    const end = this.end
    let i = at
    while (i < end) {
      const c = bytes[i] ?? 0
      if (c > 0x20 || (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09)) break
      i += 1
    }
    return i
  }

  /** A string whose opening quote is at `at`. */
  string(at: number): number {
    const bytes = this.bytes
    const end = this.end
    this.escaped = false
    let i = at + 1
    while (i < end) {
      const c = bytes[i] ?? 0
      if (c !== QUOTE && c !== BACKSLASH && c >= 0x20) i += 1
      else if (c === BACKSLASH) {
        i = this.#escape(i)
        if (i < 0) return i
      } else if (c < 0x20) return this.fault('syntax', i)
      else return i - at - 1 > this.#stringBytesMax ? this.fault('too_long', at) : i + 1
    }
    return this.fault('syntax', end)
  }

  #escape(at: number): number {
    this.escaped = true
    const letter = this.bytes[at + 1] ?? 0
    if (SIMPLE_ESCAPES.has(letter)) return at + 2
    const unit = letter === 0x75 ? this.#hex(at + 2) : -1
    if (unit < 0) return this.fault('syntax', at)
    if (unit < 0xd800 || unit > 0xdfff) return at + 6
    // Half a character is read differently by different readers, or replaced (protocol.md, 7.2).
    const isPair = unit < 0xdc00 && this.is(at + 6, BACKSLASH) && this.is(at + 7, 0x75)
    const low = isPair ? this.#hex(at + 8) : -1
    return low >= 0xdc00 && low <= 0xdfff ? at + 12 : this.fault('lone_surrogate', at)
  }

  /** The code unit of four hexadecimal digits, or -1. */
  #hex(at: number): number {
    if (at + 4 > this.end) return -1
    let unit = 0
    for (let i = at; i < at + 4; i += 1) {
      const digit = hexDigit(this.bytes[i] ?? 0)
      if (digit < 0) return -1
      unit = unit * 16 + digit
    }
    return unit
  }

  number(at: number): number {
    const whole = this.is(at, 0x2d) ? at + 1 : at
    let i = this.#digits(whole)
    // No leading zero: `012` is octal to some readers.
    if (i === whole || (i > whole + 1 && this.is(whole, 0x30))) return this.fault('syntax', at)
    if (this.is(i, 0x2e)) {
      const fraction = i + 1
      i = this.#digits(fraction)
      if (i === fraction) return this.fault('syntax', i)
    }
    return this.is(i, 0x65) || this.is(i, 0x45) ? this.#exponent(i + 1) : i
  }

  #exponent(at: number): number {
    const from = this.is(at, 0x2b) || this.is(at, 0x2d) ? at + 1 : at
    const end = this.#digits(from)
    return end === from ? this.fault('syntax', from) : end
  }

  #digits(at: number): number {
    let i = at
    while (i < this.end) {
      const c = this.bytes[i] ?? 0
      if (c < 0x30 || c > 0x39) break
      i += 1
    }
    return i
  }

  /** `true`, `false` or `null`. */
  word(at: number, word: string): number {
    for (let i = 0; i < word.length; i += 1)
      if (!this.is(at + i, word.charCodeAt(i))) return this.fault('syntax', at + i)
    return at + word.length
  }

  fault(reason: TokenFault, at: number): -1 {
    this.reason = reason
    this.faultAt = at
    return -1
  }
}

function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30
  const lower = c | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
