import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import type { Span } from '../decoded-view.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { plainNumber } from '../plain-number.ts'
import { endsWord, startsWord, tableOf } from '../scan/bytes-tables.ts'

const SMALL_E = 0x65
const LARGE_E = 0x45
const OF_NUMBER = tableOf('0123456789+-.')
/** Bytes to either side of the exponent's letter. */
const TOKEN_MAX = 40
/** Shorter numbers are told by nothing but words. */
const DIGITS_MIN = 8

/** Looks at `4.111111111111111e15` as at the digits that it stands for. Few runs have such a letter, and one byte tells. */
export class Exponents {
  readonly #detect: RunDetector
  readonly #sink: Sink
  #token: Span = { start: 0, end: 0 }
  #value = ''

  constructor(detect: RunDetector, sink: Sink) {
    this.#detect = detect
    this.#sink = {
      may: (entity, score) => sink.may(entity, score),
      add: (finding) => sink.add({ ...finding, ...this.#token, value: this.#value, within: this.#token }),
      spend: (bytes) => sink.spend(bytes),
    }
  }

  lookAt(run: Run): void {
    const letter = letterOf(run)
    const token = letter < 0 ? undefined : tokenAround(run.view, letter)
    if (token === undefined) return
    this.#sink.spend(token.end - token.start)
    const value = plainNumber(decodeLatin1(run.view.bytes, token.start, token.end))
    if (value === undefined || value.length < DIGITS_MIN) return
    this.#token = token
    this.#value = value
    const digits = encodeUtf8(value)
    const view = { bytes: digits, raw: false }
    this.#detect({ view, start: 0, end: digits.length, digits: digits.length, capitals: 0 }, this.#sink)
  }
}

/** A small one ends a run, a large one is one of its capitals. */
function letterOf(run: Run): number {
  if (run.view.bytes[run.end] === SMALL_E) return run.end
  return run.capitals === 1 ? largeIn(run) : -1
}

function tokenAround(view: View, letter: number): Span | undefined {
  const { bytes } = view
  let start = letter
  let end = letter + 1
  while (letter - start < TOKEN_MAX && OF_NUMBER[bytes[start - 1] ?? 0] === 1) start--
  while (end - letter < TOKEN_MAX && OF_NUMBER[bytes[end] ?? 0] === 1) end++
  return startsWord(view, start) && endsWord(view, end) ? { start, end } : undefined
}

function largeIn({ view: { bytes }, start, end }: Run): number {
  for (let at = start; at < end; at++) if (bytes[at] === LARGE_E) return at
  return -1
}
