import type { Document } from '../document.ts'
import { leafTokens } from '../structure/leaves.ts'
import { pathAt } from '../structure/leaves.ts'
import type { Structure } from '../structure/structure.ts'
import type { Token } from '../structure/tokens.ts'

/** A text of a notification, and the row of texts that it goes on with. */
export interface NoticeText {
  readonly token: Token
  readonly row: string
}

/** What notifications say in words: of progress and tasks (2025-11-25, 2026-07-28), and to the log. */
const WORDS = ['message', 'data', 'statusMessage']

/** The texts of a notification; none of what is something else. */
export function noticeTexts({ structure }: Document): readonly NoticeText[] {
  if (structure === undefined || structure.kind(0) !== 'object') return NONE
  const method = textAt(structure, ['method'])
  if (method === undefined || pathAt(structure, ['id']) >= 0) return NONE
  // Progress of several calls runs together on one stream, and what is logged is one row.
  const about = textAt(structure, ['params', 'progressToken']) ?? ''
  return WORDS.flatMap((word) => leafTokens(structure, pathAt(structure, ['params', word]))).map((token) => ({
    token,
    row: `${method} ${about} ${structure.path(token).replaceAll(/\[\d+\]/g, '[]')}`,
  }))
}

const NONE: readonly NoticeText[] = []

function textAt(structure: Structure, path: readonly string[]): string | undefined {
  const token = pathAt(structure, path)
  return token < 0 || structure.isContainer(token) ? undefined : structure.text(token)
}

/**
 * False for what is surely no notification, seen from its first members: most events are replies, and need not be read for
 * this. Members whose names are escaped, or that come after an object, are left to whoever reads it all.
 */
export function mayBeNotice(bytes: Uint8Array): boolean {
  const text = new Beginning(bytes)
  if (!text.take(BRACE)) return true
  for (;;) {
    const key = text.string()
    if (key === undefined || !text.take(COLON)) return true
    if (key === 'result' || key === 'error') return false
    if (key === 'method' || !text.scalar() || !text.take(COMMA)) return true
  }
}

const BRACE = 0x7b
const COLON = 0x3a
const COMMA = 0x2c
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BLANK_MAX = 0x20
/** No name or value that comes before the ones that decide is longer. */
const SHORT_MAX = 256

class Beginning {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(byte: number): boolean {
    this.#skipBlanks()
    if (this.#bytes[this.#at] !== byte) return false
    this.#at += 1
    return true
  }

  /** Undefined where it is none, is long, or has an escape. */
  string(): string | undefined {
    if (!this.take(QUOTE)) return undefined
    const from = this.#at
    for (; this.#at - from < SHORT_MAX; this.#at += 1) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined || byte === BACKSLASH) return undefined
      if (byte === QUOTE) return String.fromCharCode(...this.#bytes.subarray(from, this.#at++))
    }
    return undefined
  }

  /** A short string, a number or a literal. */
  scalar(): boolean {
    this.#skipBlanks()
    if (this.#bytes[this.#at] === QUOTE) return this.string() !== undefined
    const from = this.#at
    while (isOfWord(this.#bytes[this.#at]) && this.#at - from < SHORT_MAX) this.#at += 1
    return this.#at > from
  }

  #skipBlanks(): void {
    while ((this.#bytes[this.#at] ?? QUOTE) <= BLANK_MAX) this.#at += 1
  }
}

/** Letters, digits, and the signs of numbers. */
function isOfWord(byte = 0): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e
}
