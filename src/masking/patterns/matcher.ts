import { ALT, EMPTY, MATCH, type Program, RUNES } from './program.ts'

/** Characters as code points, and from where to where matches may lie in them. What stands outside is only looked at. */
export interface Characters {
  readonly codes: Int32Array
  readonly from: number
  readonly to: number
}

export interface Match {
  readonly start: number
  readonly end: number
}

const BEGIN_LINE = 1
const END_LINE = 2
const BEGIN_TEXT = 4
const END_TEXT = 8
const WORD_EDGE = 16
const NO_WORD_EDGE = 32
const NEWLINE = 0x0a
const ASCII = 128

/**
 * Runs a pattern over characters, all its states at once, so that a step is bounded by the size of the program (Pike's way).
 * The first match from the left counts, and of those that begin there the one that the pattern prefers.
 */
export class Matcher {
  /** Instructions that were looked at so far. */
  steps = 0
  readonly #program: Program
  /** Of ASCII: whether a match can begin with it. Everything else may. */
  readonly #begins: Uint8Array
  #now: Threads
  #next: Threads
  readonly #stack: Int32Array
  #text: Characters = { codes: new Int32Array(0), from: 0, to: 0 }

  constructor(program: Program) {
    const count = program.op.length
    this.#program = program
    this.#now = new Threads(count)
    this.#next = new Threads(count)
    this.#stack = new Int32Array(2 * count + 2)
    this.#begins = beginsOf(program)
  }

  /** The first match that begins at `at` or after it. */
  find(text: Characters, at: number): Match | undefined {
    this.#text = text
    let found: Match | undefined
    this.#now.clear()
    for (let place = at; place <= text.to; place++) {
      if (found === undefined) {
        if (this.#now.length === 0) place = this.#skip(place)
        this.#add(this.#now, place, { at: this.#program.start, start: place })
      }
      if (this.#now.length === 0 && found !== undefined) break
      found = this.#step(place) ?? found
      const done = this.#now
      this.#now = this.#next
      this.#next = done
      done.clear()
    }
    return found
  }

  /** From a place where nothing can begin to the next where something can. */
  #skip(from: number): number {
    const { codes, to } = this.#text
    let place = from
    while (place < to && (codes[place] ?? 0) < ASCII && this.#begins[codes[place] ?? 0] === 0) place++
    this.steps += (place - from) >> 3
    return place
  }

  /** Takes one character in all states. Answers the match that ends here, if one does and none that is preferred goes on. */
  #step(place: number): Match | undefined {
    const { op, out, ranges } = this.#program
    const { codes, to } = this.#text
    const code = place < to ? (codes[place] ?? -1) : -1
    const threads = this.#now
    for (let i = 0; i < threads.length; i++) {
      const at = threads.at[i] ?? 0
      const start = threads.start[i] ?? 0
      if (op[at] === MATCH) return { start, end: place }
      if (code >= 0 && isIn(ranges[at], code)) this.#add(this.#next, place + 1, { at: out[at] ?? 0, start })
    }
    this.steps += threads.length
    return undefined
  }

  /** Adds a state with all that follow it without a character, in the order of preference. */
  #add(threads: Threads, place: number, from: { at: number; start: number }): void {
    const { op, out, arg } = this.#program
    const stack = this.#stack
    let depth = 0
    stack[depth++] = from.at
    while (depth > 0) {
      const at = stack[--depth] ?? 0
      if (threads.has(at)) continue
      threads.mark(at)
      this.steps++
      const kind = op[at]
      if (kind === RUNES || kind === MATCH) threads.push(at, from.start)
      if (kind === ALT) stack[depth++] = arg[at] ?? 0
      if (kind === ALT || (kind === EMPTY && this.#holds(at, place))) stack[depth++] = out[at] ?? 0
    }
  }

  /** Whether the place is what the instruction asks for: the edge of a text, a line or a word. */
  #holds(instruction: number, place: number): boolean {
    const flags = this.#program.arg[instruction] ?? 0
    const { codes } = this.#text
    const before = place === 0 ? -1 : (codes[place - 1] ?? -1)
    const after = place >= codes.length ? -1 : (codes[place] ?? -1)
    let facts = isWord(before) === isWord(after) ? NO_WORD_EDGE : WORD_EDGE
    if (before < 0) facts |= BEGIN_TEXT | BEGIN_LINE
    else if (before === NEWLINE) facts |= BEGIN_LINE
    if (after < 0) facts |= END_TEXT | END_LINE
    else if (after === NEWLINE) facts |= END_LINE
    return (flags & ~facts) === 0
  }
}

/** States that are alive at one place, the preferred ones first. */
class Threads {
  readonly at: Int32Array
  readonly start: Int32Array
  length = 0
  readonly #marks: Uint32Array
  #round = 1

  constructor(count: number) {
    this.at = new Int32Array(count)
    this.start = new Int32Array(count)
    this.#marks = new Uint32Array(count)
  }

  clear(): void {
    this.length = 0
    this.#round++
  }

  has(at: number): boolean {
    return this.#marks[at] === this.#round
  }

  mark(at: number): void {
    this.#marks[at] = this.#round
  }

  push(at: number, start: number): void {
    this.at[this.length] = at
    this.start[this.length] = start
    this.length++
  }
}

function isIn(ranges: Int32Array = EMPTY_RANGES, code: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (code < (ranges[i] ?? 0)) return false
    if (code <= (ranges[i + 1] ?? 0)) return true
  }
  return false
}

const EMPTY_RANGES = new Int32Array(0)

/** As re2js sees it: letters and digits of ASCII, and the underscore. */
function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  )
}

function beginsOf(program: Program): Uint8Array {
  const begins = new Uint8Array(ASCII)
  const seen = new Set<number>([program.start])
  for (const at of seen) {
    if (program.op[at] === MATCH) begins.fill(1)
    else if (program.op[at] === RUNES) {
      for (let code = 0; code < ASCII; code++) if (isIn(program.ranges[at], code)) begins[code] = 1
    } else {
      if (program.op[at] === ALT) seen.add(program.arg[at] ?? 0)
      seen.add(program.out[at] ?? 0)
    }
  }
  return begins
}
