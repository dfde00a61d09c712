import { RE2JS } from 're2js'
import { assert } from '../../base/assert.ts'
import { caseOrbit } from './case-orbit.ts'

/** What one instruction does. `RUNES` takes a character; all others take none. */
export const ALT = 1
export const EMPTY = 2
export const RUNES = 3
export const MATCH = 4
export const FAIL = 5

/** A pattern as a machine with states: instructions by number, each with those that may follow. */
export interface Program {
  readonly start: number
  readonly op: Uint8Array
  /** The instruction that follows; of an ALT, the one that is tried first. */
  readonly out: Int32Array
  /** Of an ALT, the other one. Of an EMPTY, what must be true of the place, as flags. */
  readonly arg: Int32Array
  /** Of RUNES, the characters: pairs of the first and the last of a range, in order. */
  readonly ranges: readonly Int32Array[]
}

/** A compiled pattern takes some 100 bytes per instruction; `(x{1000}){9}` is a typing mistake or an attack. */
const PROGRAM_MAX = 10_000

/** Compiles with re2js, whose grammar has no look-around and no back-references. The message is for whoever wrote it. */
export function compileProgram(pattern: string): Program | { readonly mistake: string } {
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(pattern)
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unreadable'
    return { mistake: `this is not RE2: ${message}` }
  }
  if (compiled.programSize() > PROGRAM_MAX) return { mistake: 'this pattern is too large' }
  return readProgram(compiled.re2().prog)
}

/** Instructions that may follow one. */
export function following(program: Program, at: number): readonly number[] {
  const op = program.op[at]
  if (op === MATCH || op === FAIL) return []
  const out = program.out[at] ?? 0
  return op === ALT ? [out, program.arg[at] ?? 0] : [out]
}

/** Numbers of operations in re2js. */
const THEIR = {
  alt: 1,
  altMatch: 2,
  capture: 3,
  empty: 4,
  fail: 5,
  match: 6,
  nop: 7,
  rune: 8,
  rune1: 9,
  any: 10,
  anyNotNewline: 11,
}
const FOLD_CASE = 1
const RUNE_LAST = 0x10ffff
const NONE = new Int32Array(0)

/** The steps that re2js itself would run, in a form of ours: they are counted as they are taken. */
function readProgram(prog: unknown): Program {
  const instructions = field(prog, 'inst')
  assert(Array.isArray(instructions), 're2js has its instructions in a list')
  const count = instructions.length
  const op = new Uint8Array(count)
  const out = new Int32Array(count)
  const arg = new Int32Array(count)
  const ranges: Int32Array[] = []
  for (const [at, instruction] of instructions.entries()) {
    const theirs = numberOf(instruction, 'op')
    op[at] = operationOf(theirs)
    out[at] = numberOf(instruction, 'out')
    // What takes no character and asks for nothing asks for nothing of the place.
    arg[at] = theirs === THEIR.capture || theirs === THEIR.nop ? 0 : numberOf(instruction, 'arg')
    ranges.push(op[at] === RUNES ? rangesOf(instruction, theirs) : NONE)
  }
  return { start: numberOf(prog, 'start'), op, out, arg, ranges }
}

function operationOf(theirs: number): number {
  switch (theirs) {
    case THEIR.alt:
    case THEIR.altMatch:
      return ALT
    case THEIR.capture:
    case THEIR.nop:
    case THEIR.empty:
      return EMPTY
    case THEIR.fail:
      return FAIL
    case THEIR.match:
      return MATCH
    default:
      assert(theirs >= THEIR.rune && theirs <= THEIR.anyNotNewline, 'every instruction of re2js is known')
      return RUNES
  }
}

function rangesOf(instruction: unknown, theirs: number): Int32Array {
  if (theirs === THEIR.any) return Int32Array.of(0, RUNE_LAST)
  if (theirs === THEIR.anyNotNewline) return Int32Array.of(0, 0x09, 0x0b, RUNE_LAST)
  const runes = field(instruction, 'runes')
  assert(runes instanceof Int32Array, 're2js has characters in an array')
  const [only] = runes
  if (runes.length !== 1 || only === undefined) return runes
  const folds = theirs === THEIR.rune && (numberOf(instruction, 'arg') & FOLD_CASE) !== 0
  return folds ? Int32Array.from(caseOrbit(only).flatMap((code) => [code, code])) : Int32Array.of(only, only)
}

function numberOf(value: unknown, name: string): number {
  const read = field(value, name)
  assert(typeof read === 'number', `re2js has a number for ${name}`)
  return read
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
