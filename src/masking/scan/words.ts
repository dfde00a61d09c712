import { IS_LITTLE_ENDIAN } from './bytes-tables.ts'
import type { Dfa } from './dfa.ts'
import type { Lane, WordHits } from './word-hits.ts'

/** Below this the three warm-ups cost more than they save. */
const LANES_FROM_BYTES = 256

/**
 * Finds every word of the automaton, words inside one another too, and leaves them in `hits`, which is emptied first.
 *
 * Each step waits for the state that the last one loaded, so one cursor leaves the processor idle most of the time. Four
 * cursors, a quarter of the bytes each, take about half as long. Each begins a longest word early, so that no word is lost
 * where two quarters meet.
 */
export function scanWords(bytes: Uint8Array, dfa: Dfa, hits: WordHits): void {
  hits.reset()
  if (bytes.length < LANES_FROM_BYTES || !IS_LITTLE_ENDIAN)
    scanOne(bytes, dfa, { into: hits.lane(0), from: 0, to: bytes.length, state: 0 })
  else scanFour(bytes, dfa, hits)
  hits.join()
}

function scanFour(bytes: Uint8Array, dfa: Dfa, hits: WordHits): void {
  const { next } = dfa
  const lastMiss = dfa.firstHit - 1
  const head = -bytes.byteOffset & 3
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >> 2)
  const quarter = words.length >> 2
  const size = 4 * quarter
  const four = new Four(hits, { lastMiss, size })
  let s0 = scanOne(bytes, dfa, { into: hits.lane(0), from: 0, to: head, state: 0 })
  let s1 = stateAt(bytes, dfa, head + size)
  let s2 = stateAt(bytes, dfa, head + 2 * size)
  let s3 = stateAt(bytes, dfa, head + 3 * size)
  for (let i = 0; i < quarter; i += 1) {
    const w0 = words[i] ?? 0
    const w1 = words[i + quarter] ?? 0
    const w2 = words[i + 2 * quarter] ?? 0
    const w3 = words[i + 3 * quarter] ?? 0
    const end = head + 4 * i + 1
    // Written out four times: a loop over the bytes of a word costs a third more.
    s0 = step(next, s0, w0)
    s1 = step(next, s1, w1)
    s2 = step(next, s2, w2)
    s3 = step(next, s3, w3)
    // One branch for four comparisons: a hit makes its difference negative.
    if (((lastMiss - s0) | (lastMiss - s1) | (lastMiss - s2) | (lastMiss - s3)) < 0) four.at(end).keep(s0, s1, s2, s3)
    s0 = step(next, s0, w0 >>> 8)
    s1 = step(next, s1, w1 >>> 8)
    s2 = step(next, s2, w2 >>> 8)
    s3 = step(next, s3, w3 >>> 8)
    if (((lastMiss - s0) | (lastMiss - s1) | (lastMiss - s2) | (lastMiss - s3)) < 0)
      four.at(end + 1).keep(s0, s1, s2, s3)
    s0 = step(next, s0, w0 >>> 16)
    s1 = step(next, s1, w1 >>> 16)
    s2 = step(next, s2, w2 >>> 16)
    s3 = step(next, s3, w3 >>> 16)
    if (((lastMiss - s0) | (lastMiss - s1) | (lastMiss - s2) | (lastMiss - s3)) < 0)
      four.at(end + 2).keep(s0, s1, s2, s3)
    s0 = step(next, s0, w0 >>> 24)
    s1 = step(next, s1, w1 >>> 24)
    s2 = step(next, s2, w2 >>> 24)
    s3 = step(next, s3, w3 >>> 24)
    if (((lastMiss - s0) | (lastMiss - s1) | (lastMiss - s2) | (lastMiss - s3)) < 0)
      four.at(end + 3).keep(s0, s1, s2, s3)
  }
  scanOne(bytes, dfa, { into: hits.lane(3), from: head + 4 * size, to: bytes.length, state: s3 })
}

/** The lowest eight bits are the byte. */
function step(next: Uint16Array, state: number, bits: number): number {
  return next[(state << 8) | (bits & 0xff)] ?? 0
}

/** Keeps what four cursors find at once. */
class Four {
  readonly #lanes: readonly [Lane, Lane, Lane, Lane]
  readonly #lastMiss: number
  readonly #size: number
  #end = 0

  constructor(hits: WordHits, { lastMiss, size }: { lastMiss: number; size: number }) {
    this.#lanes = [hits.lane(0), hits.lane(1), hits.lane(2), hits.lane(3)]
    this.#lastMiss = lastMiss
    this.#size = size
  }

  /** The place of the first cursor; the others are a quarter further on each. */
  at(end: number): this {
    this.#end = end
    return this
  }

  keep(s0: number, s1: number, s2: number, s3: number): void {
    const lastMiss = this.#lastMiss
    if (s0 > lastMiss) this.#lanes[0].add(this.#end, s0)
    if (s1 > lastMiss) this.#lanes[1].add(this.#end + this.#size, s1)
    if (s2 > lastMiss) this.#lanes[2].add(this.#end + 2 * this.#size, s2)
    if (s3 > lastMiss) this.#lanes[3].add(this.#end + 3 * this.#size, s3)
  }
}

/** One cursor, for short texts and for what four equal quarters leave; gives the state at its end. */
function scanOne(
  bytes: Uint8Array,
  { next, firstHit }: Dfa,
  { into, from, to, state: first }: { into: Lane; from: number; to: number; state: number },
): number {
  let state = first
  for (let i = from; i < to; i += 1) {
    state = step(next, state, bytes[i] ?? 0)
    if (state >= firstHit) into.add(i + 1, state)
  }
  return state
}

/** The state that a scan from the beginning would be in at a place. */
function stateAt(bytes: Uint8Array, { next, overlap }: Dfa, at: number): number {
  let state = 0
  for (let i = Math.max(0, at - overlap); i < at; i += 1) state = step(next, state, bytes[i] ?? 0)
  return state
}
