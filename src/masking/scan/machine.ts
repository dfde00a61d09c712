import { assert } from '../../base/assert.ts'
import { IS_LITTLE_ENDIAN } from './bytes-tables.ts'
import { type Dfa, nextAt } from './dfa.ts'
import {
  CAPITAL_BITS_AT,
  CHUNK_AT,
  CHUNK_BYTES,
  COLUMNS_AT,
  DIGIT_BITS_AT,
  LANE_BYTES,
  LANE_ENDS_AT,
  LANES_AT,
  PADDING_BYTES,
  ROW_NUMBERS,
  ROWS_AT,
  TABLE_AT,
} from './machine-layout.ts'
import { Rows } from './rows.ts'
import { LONG_WORDS, MAYBE_BASE64, NUMBERS, type RowKind, ROWS_WAT } from './rows-wat.ts'
import { type WasmCode, WasmMachine, wasmCode } from './wasm.ts'
import { WordHits } from './word-hits.ts'
import { WORDS_WAT } from './words-wat.ts'

/** All that one pass over some bytes finds: where to look closer. */
export interface Marks {
  readonly words: WordHits
  /** Digits, separators (space `. ( ) / - +`) and capitals, with seven bytes and four digits at least. */
  readonly numbers: Rows
  /** Letters and digits, as long as the shortest address of a wallet. */
  readonly longWords: Rows
  /** What may be base64, backslashes included, as long as the shortest text in it that is looked at. */
  readonly base64: Rows
}

/** Chunks overlap by so much at least: more than any kind of row needs to be seen. */
const OVERLAP_MIN = 64

type Functions = Readonly<Record<RowKind['name'], (length: number, every: number) => number>> & {
  readonly words: (length: number, overlap: number) => void
  readonly marks: (length: number) => void
  readonly end: (bitsAt: number, at: number) => number
  readonly count: (bitsAt: number, at: number, end: number) => number
}

/** A part of a message, and how it is looked at. */
interface Chunk {
  readonly bytes: Uint8Array
  readonly from: number
  readonly end: number
  /** Where the chunk before ends. */
  readonly known: number
  readonly everyRow: boolean
}

const CHUNK = { at: CHUNK_AT, bytes: CHUNK_BYTES, padding: PADDING_BYTES }

/**
 * Looks through bytes for the words of an automaton and for rows of bytes of some kinds, in WebAssembly: it is twice as fast
 * there, as sixteen bytes are looked at with one instruction and no place of a table is checked. The code is the text that
 * stands in `words-wat.ts` and `rows-wat.ts`; it can reach its own memory and nothing else.
 */
export class ScanMachine {
  static #code: WasmCode | undefined
  readonly #overlap: number
  readonly #wasm: WasmMachine<Functions>
  readonly #numbers: Int32Array
  /** What the next scan writes into. */
  #spare: Marks | undefined

  constructor(dfa: Dfa) {
    assert(IS_LITTLE_ENDIAN, 'the memory of WebAssembly has the lowest byte first, and so must the processor')
    ScanMachine.#code ??= wasmCode(`${WORDS_WAT} ${ROWS_WAT}`)
    this.#wasm = new WasmMachine(ScanMachine.#code, TABLE_AT + dfa.next.byteLength, CHUNK)
    const { buffer } = this.#wasm
    new Int32Array(buffer, COLUMNS_AT, 256).set(
      Array.from(dfa.columns, (column) => TABLE_AT + 2 * nextAt(dfa, 0, column)),
    )
    new Uint16Array(buffer, TABLE_AT, dfa.next.length).set(dfa.next)
    this.#overlap = dfa.overlap
    this.#numbers = new Int32Array(buffer, 0, TABLE_AT >> 2)
  }

  /**
   * What is found is the caller's until it is given back. `everyRow`: digests, and rows of digits that are times, pieces of
   * UUIDs or shorter than most numbers, are told as well.
   */
  scan(bytes: Uint8Array, everyRow = false): Marks {
    const marks = this.#spare ?? {
      words: new WordHits(),
      numbers: new Rows(),
      longWords: new Rows(),
      base64: new Rows(),
    }
    this.#spare = undefined
    const overlap = Math.max(OVERLAP_MIN, this.#overlap)
    for (let from = 0, end = 0; end < bytes.length; from = end - overlap) {
      const known = end
      end = Math.min(bytes.length, from + CHUNK_BYTES)
      const chunk = { bytes, from, end, known, everyRow }
      this.#wasm.load(bytes.subarray(from, end))
      this.#wasm.functions.marks(end - from)
      this.#addWords(marks.words, { from, end, known })
      // Digests are long words, and what they take the bits of comes after them.
      this.#addRows(marks.longWords, LONG_WORDS, chunk)
      this.#addRows(marks.numbers, NUMBERS, chunk)
      this.#addRows(marks.base64, MAYBE_BASE64, chunk)
    }
    return marks
  }

  /** What nobody reads any more is written over by the next scan: to make room anew costs as much as to look through 4 KiB. */
  giveBack(marks: Marks): void {
    marks.words.clear()
    marks.numbers.clear()
    marks.longWords.clear()
    marks.base64.clear()
    this.#spare = marks
  }

  /** Words that end up to `known` were found in the chunk before. */
  #addWords(words: WordHits, { from, end, known }: { from: number; end: number; known: number }): void {
    this.#wasm.functions.words(end - from, this.#overlap)
    let count = 0
    for (let lane = 0; lane < LANES; lane += 1) count += this.#laneEnd(lane) - laneStart(lane)
    words.makeRoom(count)
    for (let lane = 0; lane < LANES; lane += 1) {
      const pairs = { numbers: this.#numbers, at: laneStart(lane), end: this.#laneEnd(lane) }
      words.add(pairs, from - CHUNK_AT, known)
    }
  }

  #laneEnd(lane: number): number {
    return (this.#numbers[(LANE_ENDS_AT >> 2) + lane] ?? 0) >> 2
  }

  /** Rows that end before `known` were seen in the chunk before; one that ends there may go on. */
  #addRows(rows: Rows, kind: RowKind, { bytes, from, end, known, everyRow }: Chunk): void {
    if (known > 0 && rows.seenTo === known) this.#goOn(rows, kind, { from, end, known })
    const count = this.#wasm.functions[kind.name](end - from, everyRow ? 1 : 0)
    const at = ROWS_AT >> 2
    if (count > 0) rows.add({ numbers: this.#numbers, at, end: at + ROW_NUMBERS * count }, from, known)
    if (end === bytes.length && rows.seenTo === end) rows.closeLast(kind.digitsMin)
  }

  /** The row that the chunk before ended with: what this one has of it. */
  #goOn(rows: Rows, { bitsAt, digitsMin }: RowKind, { from, end, known }: Omit<Chunk, 'bytes' | 'everyRow'>): void {
    const { functions } = this.#wasm
    const at = known - from
    const to = functions.end(bitsAt, at)
    const isCounted = digitsMin > 0
    const digits = isCounted ? functions.count(DIGIT_BITS_AT, at, to) : 0
    const capitals = isCounted ? functions.count(CAPITAL_BITS_AT, at, to) : 0
    rows.extendLast({ end: from + to, digits, capitals })
    if (from + to < end) rows.closeLast(digitsMin)
  }
}

const LANES = 4

function laneStart(lane: number): number {
  return (LANES_AT + lane * LANE_BYTES) >> 2
}
