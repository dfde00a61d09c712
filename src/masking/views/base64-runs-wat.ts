import { GOLDEN } from '../byte-hash.ts'
import { bitsFrom } from '../scan/left-out-wat.ts'

/** Where in the memory of WebAssembly what stands, in bytes: tables of groups, one bit each; a part of the text, a bit for each of its bytes, and runs. */
export const GROUP_BITS_MAX = 20
const TABLE_BYTES = 2 ** (GROUP_BITS_MAX - 3)
export const GROUPS_AT = 0
export const PAIRS_AT = TABLE_BYTES
/** For each byte, its value in base64. */
export const VALUES_AT = 2 * TABLE_BYTES
export const CHUNK_AT = VALUES_AT + 256
export const CHUNK_BYTES = 65_536
/** Zeros behind the text, as far as bits are read. */
export const PADDING_BYTES = 192
const BITS_AT = CHUNK_AT + CHUNK_BYTES + PADDING_BYTES
/** Pairs of a start and an end. */
export const RUNS_AT = BITS_AT + (CHUNK_BYTES + PADDING_BYTES) / 8
/** Twelve bytes in base64, as a short name and password have. Most words are shorter, and need no look. */
export const RUN_CHARS_MIN = 16
export const MEMORY_BYTES = RUNS_AT + 8 * (CHUNK_BYTES / RUN_CHARS_MIN + 1)

/** Bits from a place on, its own the lowest: at least so many, then zeros. */
const BITS = 57

/**
 * A byte is of base64 where the entry of its lower half and that of its upper half share a bit: each bit is a set of upper
 * halves that allow the same lower ones.
 */
const HALVES = [
  { upper: [0x2], lower: [0xb, 0xd, 0xf] },
  { upper: [0x3], lower: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
  { upper: [0x4, 0x6], lower: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] },
  { upper: [0x5, 0x7], lower: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  { upper: [0x5], lower: [0xf] },
]

function halfTable(half: 'upper' | 'lower'): string {
  const entries = Array.from({ length: 16 }, (_, value) =>
    HALVES.reduce((bits, set, bit) => bits + (set[half].includes(value) ? 2 ** bit : 0), 0),
  )
  return `(v128.const i8x16 ${entries.join(' ')})`
}

/** Marks each byte of base64 with a bit, sixteen at a time, and the zeros behind the text with none. */
const MARK = `
  (func $mark (param $length i32)
    (local $at i32) (local $bytes v128)
    (loop $more
      (local.set $bytes (v128.load offset=${CHUNK_AT} (local.get $at)))
      (i32.store16 offset=${BITS_AT} (i32.shr_u (local.get $at) (i32.const 3)) (i8x16.bitmask (i8x16.ne
        (v128.and
          (i8x16.swizzle ${halfTable('lower')} (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
          (i8x16.swizzle ${halfTable('upper')} (i8x16.shr_u (local.get $bytes) (i32.const 4))))
        (v128.const i64x2 0 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $more (i32.lt_u (local.get $at) (i32.add (local.get $length) (i32.const ${PADDING_BYTES - 32}))))))`

/** What is left of bits after this has sixteen set bits from its place on. */
const SIXTEEN_SET = [1, 2, 4, 8]
  .map((shift) => `(local.set $bits (i64.and (local.get $bits) (i64.shr_u (local.get $bits) (i64.const ${shift}))))`)
  .join('\n')

/** Writes where runs of sixteen bytes and more begin and end, and returns how many there are. */
const RUNS = `
  (func (export "runs") (param $length i32) (result i32)
    (local $at i32) (local $end i32) (local $set i32) (local $to i32) (local $bits i64)
    (call $mark (local.get $length))
    (local.set $to (i32.const ${RUNS_AT}))
    (loop $more
      (local.set $bits ${bitsFrom(`(i32.const ${BITS_AT})`, '(local.get $at)')})
      ${SIXTEEN_SET}
      (if (i64.eqz (local.get $bits))
        ;; None begins up to where the bits are too few to tell.
        (then (local.set $at (i32.add (local.get $at) (i32.const ${BITS - RUN_CHARS_MIN + 1}))))
        (else
          (local.set $at (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $bits)))))
          (local.set $end (i32.add (local.get $at) (i32.const ${RUN_CHARS_MIN})))
          (loop $on
            (local.set $set (i32.wrap_i64 (i64.ctz (i64.xor ${bitsFrom(`(i32.const ${BITS_AT})`, '(local.get $end)')} (i64.const -1)))))
            (local.set $end (i32.add (local.get $end) (local.get $set)))
            ;; Zeros behind the bits that were read end no run.
            (br_if $on (i32.ge_u (local.get $set) (i32.const ${BITS}))))
          (i32.store (local.get $to) (local.get $at))
          (i32.store offset=4 (local.get $to) (local.get $end))
          (local.set $to (i32.add (local.get $to) (i32.const 8)))
          (local.set $at (local.get $end))))
      (br_if $more (i32.lt_u (local.get $at) (local.get $length))))
    (i32.shr_u (i32.sub (local.get $to) (i32.const ${RUNS_AT})) (i32.const 3)))`

function valueAt(at: string): string {
  return `(i32.load8_u offset=${VALUES_AT} (i32.load8_u offset=${CHUNK_AT} ${at}))`
}

/** The first place from $at on at which four characters end that are a group of the table; -1 where none does. */
const GROUP = `
  (func (export "group") (param $at i32) (param $end i32) (param $shift i32) (result i32)
    (local $group i32) (local $bit i32)
    ${[3, 2, 1]
      .map(
        (before) => `(local.set $group (i32.or
          (i32.shl (local.get $group) (i32.const 6))
          ${valueAt(`(i32.sub (local.get $at) (i32.const ${before}))`)}))`,
      )
      .join('\n')}
    (block $none
      (loop $more
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $group (i32.and (i32.const 0xffffff)
          (i32.or (i32.shl (local.get $group) (i32.const 6)) ${valueAt('(local.get $at)')})))
        (local.set $bit (i32.shr_u (i32.mul (local.get $group) (i32.const ${GOLDEN})) (local.get $shift)))
        (if (i32.and (i32.const 1) (i32.shr_u
          (i32.load8_u offset=${GROUPS_AT} (i32.shr_u (local.get $bit) (i32.const 3)))
          (i32.and (local.get $bit) (i32.const 7))))
          (then (return (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $more)))
    (i32.const -1))`

export const BASE64_RUNS_WAT = [MARK, RUNS, GROUP].join('\n')
