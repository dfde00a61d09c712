import {
  BASE64_BITS_AT,
  CAPITAL_BITS_AT,
  CHUNK_AT,
  DIGIT_BITS_AT,
  NUMBER_BITS_AT,
  ROWS_AT,
  WORD_BITS_AT,
} from './machine-layout.ts'

/** Bytes from `from` on, so many of them: 0xff where one is, 0 elsewhere. */
function isFrom(from: string, count: number, bytes = '(local.get $bytes)'): string {
  const first = `(i8x16.splat (i32.const ${from.charCodeAt(0)}))`
  return `(i8x16.lt_u (i8x16.sub ${bytes} ${first}) (i8x16.splat (i32.const ${count})))`
}

function is(character: string): string {
  return `(i8x16.eq (local.get $bytes) (i8x16.splat (i32.const ${character.charCodeAt(0)})))`
}

/** One of some characters between the space and the slash: they are a table, and all other bytes fall out of it. */
function isSign(characters: string): string {
  const table = Array.from({ length: 16 }, (_, i) => (characters.includes(String.fromCharCode(0x20 + i)) ? -1 : 0))
  return `(i8x16.swizzle (v128.const i8x16 ${table.join(' ')}) (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 32))))`
}

function either(first: string, ...others: readonly string[]): string {
  return others.reduce((all, other) => `(v128.or ${all} ${other})`, first)
}

function writeBits(at: number, members: string): string {
  return `(i32.store16 offset=${at} (local.get $bits) (i8x16.bitmask ${members}))`
}

/**
 * Writes five rows of bits for the chunk, sixteen bytes at once: digits, capitals, what numbers are made of (digits, capitals,
 * separators), letters and digits (those beyond ASCII too, whose highest bit is set), and what base64 is made of, in JSON.
 */
const MARKS_WAT = `
  (func (export "marks") (param $length i32)
    (local $at i32) (local $bits i32) (local $bytes v128) (local $digits v128) (local $capitals v128) (local $letters v128)
    (block $done (loop $more
      (br_if $done (i32.gt_u (local.get $at) (i32.add (local.get $length) (i32.const 64))))
      (local.set $bytes (v128.load offset=${CHUNK_AT} (local.get $at)))
      (local.set $digits ${isFrom('0', 10)})
      (local.set $capitals ${isFrom('A', 26)})
      (local.set $letters ${isFrom('a', 26, '(v128.or (local.get $bytes) (i8x16.splat (i32.const 32)))')})
      ${writeBits(DIGIT_BITS_AT, '(local.get $digits)')}
      ${writeBits(CAPITAL_BITS_AT, '(local.get $capitals)')}
      ${writeBits(NUMBER_BITS_AT, either('(local.get $digits)', '(local.get $capitals)', isSign(' .()/-+')))}
      ${writeBits(WORD_BITS_AT, either('(local.get $digits)', '(local.get $letters)', '(local.get $bytes)'))}
      ${writeBits(BASE64_BITS_AT, either('(local.get $digits)', '(local.get $letters)', isSign('+/-'), is('_'), is('\\')))}
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $bits (i32.add (local.get $bits) (i32.const 2)))
      (br $more)))) `

/** Bits from the byte of a place on, with the place itself in the lowest bit. */
function bitsFrom(bits: string, at: string): string {
  return `(i64.shr_u
    (i64.load (i32.add ${bits} (i32.shr_u ${at} (i32.const 3))))
    (i64.extend_i32_u (i32.and ${at} (i32.const 7))))`
}

/** How many of the bits are set from one place up to another. */
const COUNT_WAT = `
  (func $count (param $bits i32) (param $at i32) (param $end i32) (result i32)
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
  (func $end (param $bits i32) (param $at i32) (result i32)
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

/**
 * Writes the rows of bytes of one kind that are so long and have so many digits, in order: start, end, digits, capitals. The
 * row that the chunk ends with is written whatever its digits: it may go on. Returns how many they are.
 *
 * Of 64 bits at once, those remain that so many others follow: for 7, a bit and the next, then both and the two after them,
 * and then these and the last three. Where none remains, no row begins.
 */
const ROWS_WAT_ONLY = `
  (func (export "rows") (param $bits i32) (param $length i32) (param $bytes_min i32) (param $digits_min i32) (result i32)
    (local $at i32) (local $base i32) (local $end i32) (local $digits i32) (local $rows i32) (local $out i32)
    (local $x i64) (local $known i32) (local $step i32)
    (local.set $out (i32.const ${ROWS_AT}))
    (local.set $step (i32.and (i32.sub (i32.const 65) (local.get $bytes_min)) (i32.const -8)))
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (local.set $base (i32.and (local.get $at) (i32.const -8)))
      (local.set $x (i64.shl
        ${bitsFrom('(local.get $bits)', '(local.get $at)')}
        (i64.extend_i32_u (i32.and (local.get $at) (i32.const 7)))))
      (local.set $known (i32.const 1))
      (block $over (loop $double
        (br_if $over (i64.eqz (local.get $x)))
        (br_if $over (i32.gt_u (i32.shl (local.get $known) (i32.const 1)) (local.get $bytes_min)))
        (local.set $x (i64.and (local.get $x) (i64.shr_u (local.get $x) (i64.extend_i32_u (local.get $known)))))
        (local.set $known (i32.shl (local.get $known) (i32.const 1)))
        (br $double)))
      (local.set $x (i64.and (local.get $x)
        (i64.shr_u (local.get $x) (i64.extend_i32_u (i32.sub (local.get $bytes_min) (local.get $known))))))
      (if (i64.eqz (local.get $x)) (then
        (local.set $at (i32.add (local.get $base) (local.get $step)))
        (br $more)))
      (local.set $at (i32.add (local.get $base) (i32.wrap_i64 (i64.ctz (local.get $x)))))
      (local.set $end (call $end (local.get $bits) (i32.add (local.get $at) (local.get $bytes_min))))
      (local.set $digits (call $count (i32.const ${DIGIT_BITS_AT}) (local.get $at) (local.get $end)))
      (if (i32.or
        (i32.ge_u (local.get $digits) (local.get $digits_min))
        (i32.eq (local.get $end) (local.get $length))) (then
        (i32.store (local.get $out) (local.get $at))
        (i32.store offset=4 (local.get $out) (local.get $end))
        (i32.store offset=8 (local.get $out) (local.get $digits))
        (i32.store offset=12 (local.get $out)
          (call $count (i32.const ${CAPITAL_BITS_AT}) (local.get $at) (local.get $end)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $rows (i32.add (local.get $rows) (i32.const 1)))))
      (local.set $at (local.get $end))
      (br $more)))
    (local.get $rows))`

/** Finds rows of bytes of one kind in the chunk. */
export const ROWS_WAT = `${MARKS_WAT} ${COUNT_WAT} ${END_WAT} ${ROWS_WAT_ONLY}`
