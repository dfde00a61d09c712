import { bitsFrom, isLongEnough, LEAVE_OUT_DIGEST, LEFT_OUT_WAT, leaveOut } from './left-out-wat.ts'
import {
  BASE64_BITS_AT,
  CAPITAL_BITS_AT,
  CHUNK_AT,
  DASH_BITS_AT,
  DIGIT_BITS_AT,
  NUMBER_BITS_AT,
  ROWS_AT,
  WORD_BITS_AT,
} from './machine-layout.ts'

/** Sixteen times the same byte. */
function all(byte: number): string {
  return `(v128.const i8x16 ${`${byte} `.repeat(16)})`
}

/** One byte for each character from the space to the slash: 0xff where it is one of these, 0 where not. */
function tableOf(signs: string): string {
  const cells = Array.from({ length: 16 }, (_, i) => (signs.includes(String.fromCharCode(0x20 + i)) ? -1 : 0))
  return `(v128.const i8x16 ${cells.join(' ')})`
}

/** Kept in registers: to make one anew for every sixteen bytes takes longer than to use it. */
const CONSTANTS = {
  digit_zero: all(0x30),
  digits_less_one: all(9),
  capital_a: all(0x41),
  small_a: all(0x61),
  letters_less_one: all(25),
  space: all(0x20),
  underscore: all(0x5f),
  backslash: all(0x5c),
  dash: all(0x2d),
  // Beside digits and capitals. No small letters, and so no letter of an escape: `\n4111…` begins with the 4.
  number_signs: tableOf(' .()/-+'),
  base64_signs: tableOf('+/-'),
} as const

type Constant = keyof typeof CONSTANTS
const constants = Object.entries(CONSTANTS)

const BYTES = '(local.get $bytes)'
/** The space is the bit that makes a small letter of a capital, too. */
const IN_SMALL = `(v128.or ${BYTES} (local.get $space))`

/** 0xff for bytes from a first one on, up to so many after it; 0 elsewhere. */
function isFrom(first: Constant, after: Constant, bytes = BYTES): string {
  return `(i8x16.le_u (i8x16.sub ${bytes} (local.get $${first})) (local.get $${after}))`
}

function is(byte: Constant): string {
  return `(i8x16.eq ${BYTES} (local.get $${byte}))`
}

/** Bytes that are in the table; what is less than a space or more than a slash falls out of it. */
function isSign(table: Constant): string {
  return `(i8x16.swizzle (local.get $${table}) (i8x16.sub ${BYTES} (local.get $space)))`
}

function either(first: string, ...others: readonly string[]): string {
  return others.reduce((joined, other) => `(v128.or ${joined} ${other})`, first)
}

function writeBits(at: number, members: string): string {
  return `(i32.store16 offset=${at} (local.get $bits) (i8x16.bitmask ${members}))`
}

/**
 * Writes six rows of bits for the chunk, sixteen bytes at once: digits, capitals, dashes, what numbers are made of (digits, capitals,
 * separators), letters and digits (those beyond ASCII too, whose highest bit is set), and what base64 is made of, in JSON.
 */
const MARKS_WAT = `
  (func (export "marks") (param $length i32)
    (local $at i32) (local $bits i32) (local $bytes v128) (local $digits v128) (local $capitals v128) (local $letters v128)
    ${constants.map(([name]) => `(local $${name} v128)`).join(' ')}
    ${constants.map(([name, bytes]) => `(local.set $${name} ${bytes})`).join(' ')}
    (block $done (loop $more
      (br_if $done (i32.gt_u (local.get $at) (i32.add (local.get $length) (i32.const 64))))
      (local.set $bytes (v128.load offset=${CHUNK_AT} (local.get $at)))
      (local.set $digits ${isFrom('digit_zero', 'digits_less_one')})
      (local.set $capitals ${isFrom('capital_a', 'letters_less_one')})
      (local.set $letters ${isFrom('small_a', 'letters_less_one', IN_SMALL)})
      ${writeBits(DIGIT_BITS_AT, '(local.get $digits)')}
      ${writeBits(DASH_BITS_AT, is('dash'))}
      ${writeBits(CAPITAL_BITS_AT, '(local.get $capitals)')}
      ${writeBits(NUMBER_BITS_AT, either('(local.get $digits)', '(local.get $capitals)', isSign('number_signs')))}
      ${writeBits(WORD_BITS_AT, either('(local.get $digits)', '(local.get $letters)', '(local.get $bytes)'))}
      ${writeBits(BASE64_BITS_AT, either('(local.get $digits)', '(local.get $letters)', isSign('base64_signs'), is('underscore'), is('backslash')))}
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $bits (i32.add (local.get $bits) (i32.const 2)))
      (br $more)))) `

/** How many of the bits are set from one place up to another. */
const COUNT_WAT = `
  (func $count (export "count") (param $bits i32) (param $at i32) (param $end i32) (result i32)
    (local $sum i32) (local $seen i32) (local $x i64)
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $x ${bitsFrom('(local.get $bits)', '(local.get $at)')})
      (local.set $seen (i32.sub (i32.const 64) (i32.and (local.get $at) (i32.const 7))))
      (if (i32.gt_u (local.get $seen) (i32.sub (local.get $end) (local.get $at)))
        (then (local.set $seen (i32.sub (local.get $end) (local.get $at)))))
      ;; Those behind the end are shifted out.
      (local.set $x (i64.shl (local.get $x) (i64.extend_i32_u (i32.sub (i32.const 64) (local.get $seen)))))
      (local.set $sum (i32.add (local.get $sum) (i32.wrap_i64 (i64.popcnt (local.get $x)))))
      (local.set $at (i32.add (local.get $at) (local.get $seen)))
      (br $more)))
    (local.get $sum))`

/** The first place from `at` on whose bit is not set. Behind the text there are none. */
const END_WAT = `
  (func $end (export "end") (param $bits i32) (param $at i32) (result i32)
    (local $x i64)
    (loop $more (result i32)
      (local.set $x (i64.xor ${bitsFrom('(local.get $bits)', '(local.get $at)')} (i64.const -1)))
      (local.set $x (i64.ctz (local.get $x)))
      (local.set $at (i32.add (local.get $at) (i32.wrap_i64 (local.get $x))))
      ;; Only bits of this load count; the next load begins where they end.
      (br_if $more (i32.and
        (i64.ne (local.get $x) (i64.const 0))
        (i32.eqz (i32.and (local.get $at) (i32.const 7)))))
      (local.get $at)))`

/** How many of a row have a bit. */
function countOf(bitsAt: number): string {
  return `(call $count (i32.const ${bitsAt}) (local.get $at) (local.get $end))`
}

/** A kind of rows: so many bytes that have its bit, and so many digits among them. */
export interface RowKind {
  readonly name: 'numbers' | 'long_words' | 'base64'
  readonly bitsAt: number
  readonly bytesMin: number
  readonly digitsMin: number
  /** Code that goes on behind a row, or a piece of it, that is none, unless the caller wants every one. */
  readonly leavesOut: string
}

/**
 * Of 64 bits in $x, leaves those that so many others follow: for 7, a bit and the next one, then both and the two after them,
 * and then those four and the last three.
 */
function leaveRows(bytesMin: number): string {
  const shifts: number[] = []
  for (let known = 1; known < bytesMin; known += shifts.at(-1) ?? 0) shifts.push(Math.min(known, bytesMin - known))
  const steps = shifts.map(
    (shift) => `(local.set $x (i64.and (local.get $x) (i64.shr_u (local.get $x) (i64.const ${shift}))))`,
  )
  return steps.join('\n')
}

/**
 * Writes the rows of a kind, in order: start, end, digits, capitals. The row that the chunk ends with is written whatever its
 * digits: it may go on. Returns how many they are. Where no bit of 64 is left, no row begins.
 */
function rowsOf({ name, bitsAt, bytesMin, digitsMin, leavesOut }: RowKind): string {
  return `
  (func (export "${name}") (param $length i32) (param $every i32) (result i32)
    (local $at i32) (local $base i32) (local $end i32) (local $from i32) (local $digits i32) (local $out i32) (local $x i64)
    (local.set $out (i32.const ${ROWS_AT}))
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (local.set $base (i32.and (local.get $at) (i32.const -8)))
      (local.set $x (i64.shl
        ${bitsFrom(`(i32.const ${bitsAt})`, '(local.get $at)')}
        (i64.extend_i32_u (i32.and (local.get $at) (i32.const 7)))))
      ${leaveRows(bytesMin)}
      (if (i64.eqz (local.get $x)) (then
        (local.set $at (i32.add (local.get $base) (i32.const ${(65 - bytesMin) & -8})))
        (br $more)))
      (local.set $at (i32.add (local.get $base) (i32.wrap_i64 (i64.ctz (local.get $x)))))
      (local.set $end (call $end (i32.const ${bitsAt}) (i32.add (local.get $at) (i32.const ${bytesMin}))))
      ${leavesOut}
      ${digitsMin === 0 ? '' : `(local.set $digits ${countOf(DIGIT_BITS_AT)})`}
      (if (i32.or
        (i32.and (i32.ge_u (local.get $digits) (i32.const ${digitsMin})) ${digitsMin === 0 ? '(i32.const 1)' : isLongEnough(countOf(CAPITAL_BITS_AT))})
        (i32.eq (local.get $end) (local.get $length))) (then
        (i32.store (local.get $out) (local.get $at))
        (i32.store offset=4 (local.get $out) (local.get $end))
        (i32.store offset=8 (local.get $out) (local.get $digits))
        (i32.store offset=12 (local.get $out) ${digitsMin === 0 ? '(i32.const 0)' : countOf(CAPITAL_BITS_AT)})
        (local.set $out (i32.add (local.get $out) (i32.const 16)))))
      (local.set $at (local.get $end))
      (br $more)))
    (i32.shr_u (i32.sub (local.get $out) (i32.const ${ROWS_AT})) (i32.const 4)))`
}

/** Bytes of the shortest shape that must be found: `1.1.1.1`. */
const NUMBER_BYTES_MIN = 7
/** Fewer digits are no number that is looked for. */
export const NUMBERS: RowKind = {
  name: 'numbers',
  bitsAt: NUMBER_BITS_AT,
  bytesMin: NUMBER_BYTES_MIN,
  digitsMin: 4,
  leavesOut: leaveOut(NUMBER_BYTES_MIN),
}
export const LONG_WORDS: RowKind = {
  name: 'long_words',
  bitsAt: WORD_BITS_AT,
  bytesMin: 26,
  digitsMin: 0,
  leavesOut: LEAVE_OUT_DIGEST,
}
export const MAYBE_BASE64: RowKind = {
  name: 'base64',
  bitsAt: BASE64_BITS_AT,
  bytesMin: 40,
  digitsMin: 0,
  leavesOut: '',
}

/** Finds rows of bytes of each kind in the chunk. */
export const ROWS_WAT = [
  MARKS_WAT,
  COUNT_WAT,
  END_WAT,
  LEFT_OUT_WAT,
  ...[NUMBERS, LONG_WORDS, MAYBE_BASE64].map(rowsOf),
].join('\n')
