import {
  BASE64_BITS_AT,
  CHUNK_AT,
  DASH_BITS_AT,
  DIGIT_BITS_AT,
  NUMBER_BITS_AT,
  WORD_BITS_AT,
} from './machine-layout.ts'

/** Bits from the byte of a place on, with the place itself in the lowest bit: 57 of them at least. */
export function bitsFrom(bits: string, at: string): string {
  return `(i64.shr_u
    (i64.load (i32.add ${bits} (i32.shr_u ${at} (i32.const 3))))
    (i64.extend_i32_u (i32.and ${at} (i32.const 7))))`
}

function byteAt(at: string): string {
  return `(i32.load8_u offset=${CHUNK_AT} ${at})`
}

function after(place: string, bytes: number): string {
  return bytes < 0
    ? `(i32.sub (local.get $${place}) (i32.const ${-bytes}))`
    : `(i32.add (local.get $${place}) (i32.const ${bytes}))`
}

function is(at: string, character: string): string {
  return `(i32.eq ${byteAt(at)} (i32.const ${character.charCodeAt(0)}))`
}

function all(...conditions: readonly string[]): string {
  return conditions.reduce((joined, one) => `(i32.and ${joined} ${one})`)
}

/** A date as in ISO 8601, of the years 1000 to 2999, and what parts it from the hour, at so many bytes after a place. */
function isDateAt(place: string, bytes: number): string {
  const parting = after(place, bytes + 10)
  return all(
    `(i32.lt_u (i32.sub ${byteAt(after(place, bytes))} (i32.const 0x31)) (i32.const 2))`,
    is(after(place, bytes + 4), '-'),
    is(after(place, bytes + 7), '-'),
    `(i32.or ${is(parting, 'T')} ${is(parting, ' ')})`,
  )
}

/** Whether the lowest of some bits are these: 1 for a digit, 0 for none, the first one lowest. */
function areDigits(bits: string, digits: string): string {
  const pattern = Array.from(digits.replaceAll(/[^01]/g, ''))
  return `(i64.eq
    (i64.and ${bits} (i64.const ${2 ** pattern.length - 1}))
    (i64.const ${Number.parseInt(pattern.toReversed().join(''), 2)}))`
}

const DATE = '1111 0 11 0 11 0'
/** Behind so many digits it is no part of a second that clocks tell. */
const FRACTION_DIGITS_MAX = 9

/**
 * Times as in ISO 8601 are most of the rows of a message, and no number that is looked for: their colons part them into
 * `2026-08-01T10` and `16.087Z`. Returns the place behind such a piece, or where the row begins for any other.
 */
const TIME_WAT = `
  (func $behind_time (param $at i32) (param $end i32) (result i32)
    (local $digits i64) (local $to i32)
    (local.set $digits ${bitsFrom(`(i32.const ${DIGIT_BITS_AT})`, '(local.get $at)')})
    ;; The date and the hour end the row.
    (local.set $to ${after('end', -13)})
    (if (i32.ge_s (local.get $to) (local.get $at)) (then
      (if ${all(
        `(i32.eq (i32.sub (local.get $to) (local.get $at)) (i32.wrap_i64 (i64.ctz (local.get $digits))))`,
        areDigits(bitsFrom(`(i32.const ${DIGIT_BITS_AT})`, '(local.get $to)'), `${DATE} 11`),
        isDateAt('to', 0),
      )} (then (return (local.get $end))))))
    ;; The seconds begin it.
    (if (i32.lt_u (local.get $at) (i32.const 18)) (then (return (local.get $at))))
    (if (i32.eqz ${is(after('at', -1), ':')}) (then (return (local.get $at))))
    (if (i32.eqz ${all(
      areDigits(bitsFrom(`(i32.const ${DIGIT_BITS_AT})`, after('at', -18)), `0 ${DATE} 11 0 11 0`),
      areDigits('(local.get $digits)', '11 0'),
      isDateAt('at', -17),
      is(after('at', -4), ':'),
    )}) (then (return (local.get $at))))
    (local.set $to ${after('at', 2)})
    (if ${is('(local.get $to)', '.')} (then
      (local.set $to (i32.add ${after('at', 3)}
        (i32.wrap_i64 (i64.ctz (i64.xor (i64.shr_u (local.get $digits) (i64.const 3)) (i64.const -1))))))
      (if (i32.gt_u (i32.sub (local.get $to) (local.get $at)) (i32.const ${3 + FRACTION_DIGITS_MAX}))
        (then (return (local.get $at))))))
    (if ${is('(local.get $to)', 'Z')} (then (local.set $to ${after('to', 1)})))
    ;; What goes on as a word is something else.
    (select (local.get $at) (local.get $to)
      (i32.and (i32.const 1) (i32.wrap_i64 ${bitsFrom(`(i32.const ${WORD_BITS_AT})`, '(local.get $to)')}))))`

const UUID_DASHES = [8, 13, 18, 23]
export const UUID_BYTES = 36
/** The last place before a row at which the first dash may stand. */
const DASH_BEFORE = 28
/** A UUID that holds a row of this place or begins soon after it, and the byte before it, are in the chunk. */
export const UUID_FROM = DASH_BEFORE + 9

function hexBits(at: number): string {
  const small = '(v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20)))'
  return `(local.set $bytes (v128.load offset=${CHUNK_AT + at} (local.get $start)))
    (local.set $letters (v128.or (local.get $letters) (i8x16.gt_u (local.get $bytes) (i8x16.splat (i32.const 0x60)))))
    (if (i32.ne (i32.const ${hexWanted(at)}) ${areHex(small)}) (then (return (i32.const -1))))`
}

/** Sixteen bits: which of sixteen bytes, the letters among them `small`, are hexadecimal. */
function areHex(small: string): string {
  return `(i8x16.bitmask (v128.or
      (i8x16.le_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x30))) (i8x16.splat (i32.const 9)))
      (i8x16.le_u (i8x16.sub ${small} (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 5)))))`
}

/** All of sixteen bytes but the dashes. */
function hexWanted(at: number): number {
  return UUID_DASHES.filter((dash) => dash >= at && dash < at + 16).reduce(
    (bits, dash) => bits - 2 ** (dash - at),
    0xffff,
  )
}

function isInWord(at: string): string {
  return hasBit(WORD_BITS_AT, at)
}

/**
 * Where a UUID begins that stands apart from other letters and digits, has a small letter in it, and ends behind a place, in it
 * or soon after it; -1 where there is none. None of our numbers and ids is a piece of another id.
 */
const UUID_WAT = `
  (func $uuid_around (param $at i32) (result i32)
    (local $start i32) (local $dashes i64) (local $bytes v128) (local $letters v128)
    (local.set $dashes ${bitsFrom(`(i32.const ${DASH_BITS_AT})`, after('at', -DASH_BEFORE))})
    ${[5, 10].map((shift) => `(local.set $dashes (i64.and (local.get $dashes) (i64.shr_u (local.get $dashes) (i64.const ${shift}))))`).join('\n')}
    (if (i64.eqz (local.get $dashes)) (then (return (i32.const -1))))
    (local.set $start (i32.sub (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $dashes)))) (i32.const ${DASH_BEFORE + 8})))
    (if (i32.le_s (i32.add (local.get $start) (i32.const ${UUID_BYTES})) (local.get $at)) (then (return (i32.const -1))))
    (if ${isInWord(after('start', -1))} (then (return (i32.const -1))))
    (if ${isInWord(after('start', UUID_BYTES))} (then (return (i32.const -1))))
    ${[0, 16, UUID_BYTES - 16].map(hexBits).join('\n')}
    (select (local.get $start) (i32.const -1) (v128.any_true (local.get $letters))))`

/** The longest id and the longest IBAN have a letter or digit less. */
export const DIGEST_BYTES_MIN = 35

/** Whether a word is hexadecimal in small letters: a digest, or the id of a commit or an image. */
const DIGEST_WAT = `
  (func $is_digest (param $at i32) (param $end i32) (result i32)
    (local $bytes v128) (local $wanted i32)
    (loop $more
      (local.set $bytes (v128.load offset=${CHUNK_AT} (local.get $at)))
      (local.set $wanted (i32.const 0xffff))
      (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 16)) (then
        (local.set $wanted (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $at))) (i32.const 1)))))
      (if (i32.ne (local.get $wanted) (i32.and (local.get $wanted) ${areHex('(local.get $bytes)')}))
        (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $more (i32.lt_u (local.get $at) (local.get $end))))
    (i32.const 1))

  (func $erase (param $bits i32) (param $at i32) (param $end i32)
    (local $place i32) (local $count i32)
    (loop $more
      (local.set $place (i32.add (local.get $bits) (i32.shr_u (local.get $at) (i32.const 3))))
      (local.set $count (i32.sub (i32.const 64) (i32.and (local.get $at) (i32.const 7))))
      (if (i32.gt_u (local.get $count) (i32.sub (local.get $end) (local.get $at)))
        (then (local.set $count (i32.sub (local.get $end) (local.get $at)))))
      (i64.store (local.get $place) (i64.and (i64.load (local.get $place)) (i64.xor (i64.const -1) (i64.shl
        (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.sub (i32.const 64) (local.get $count))))
        (i64.extend_i32_u (i32.and (local.get $at) (i32.const 7)))))))
      (local.set $at (i32.add (local.get $at) (local.get $count)))
      (br_if $more (i32.lt_u (local.get $at) (local.get $end)))))`

function hasBit(bitsAt: number, at: string): string {
  return `(i32.and (i32.const 1) (i32.wrap_i64 ${bitsFrom(`(i32.const ${bitsAt})`, at)}))`
}

/** The backslash of a quote is no part of a text in base64, and makes none longer. */
const IS_QUOTE_AFTER = all(is('(local.get $end)', '\\'), is(after('end', 1), '"'))

/** Takes the bits of a digest, unless what touches it has one too: it may be a part of something longer. */
function eraseAlone(bitsAt: number): string {
  return `
    (if (i32.eqz (i32.or ${hasBit(bitsAt, after('at', -1))} (i32.and ${hasBit(bitsAt, '(local.get $end)')} (i32.eqz ${IS_QUOTE_AFTER}))))
      (then (call $erase (i32.const ${bitsAt}) (local.get $at) (local.get $end))))`
}

/**
 * Leaves out a word that is a digest, here and in the rows of numbers and of base64 that are looked for behind this: no number or
 * id is a piece of one, and base64 without a capital is no text. One that the chunk cuts is told like any other word.
 */
export const LEAVE_OUT_DIGEST = `
    (if ${all(
      `(i32.eqz (i32.or (local.get $every) (i32.or (i32.eqz (local.get $at)) (i32.eq (local.get $end) (local.get $length)))))`,
      `(i32.ge_u (i32.sub (local.get $end) (local.get $at)) (i32.const ${DIGEST_BYTES_MIN}))`,
    )} (then
      (if (call $is_digest (local.get $at) (local.get $end)) (then
        ${[NUMBER_BITS_AT, BASE64_BITS_AT].map(eraseAlone).join('\n')}
        (local.set $at (local.get $end))
        (br $more)))))`

export const LEFT_OUT_WAT = [TIME_WAT, UUID_WAT, DIGEST_WAT].join('\n')

function isSmallHex(at: string): string {
  return `(i32.lt_u (i32.sub ${byteAt(at)} (i32.const 0x61)) (i32.const 6))`
}

/**
 * Leaves out of the row from $at up to $end what is a time or a piece of a UUID, unless the chunk ends with it or $every says
 * that somebody wants every row: what stands before is a row of its own, and so is what comes behind.
 */
export function leaveOut(bytesMin: number): string {
  return `
    (if (i32.eqz (i32.or (local.get $every) (i32.eq (local.get $end) (local.get $length)))) (then
      (local.set $from (call $behind_time (local.get $at) (local.get $end)))
      (if (i32.gt_u (local.get $from) (local.get $at)) (then (local.set $at (local.get $from)) (br $more)))
      (if (i32.ge_u (local.get $at) (i32.const ${UUID_FROM})) (then
        (if ${isSmallHex(after('at', -1))} (then
          (local.set $from (call $uuid_around (local.get $at)))
          (if ${all('(i32.ge_s (local.get $from) (i32.const 0))', '(i32.le_s (local.get $from) (local.get $at))')}
            (then (local.set $at ${after('from', UUID_BYTES)}) (br $more)))))
        (if ${isSmallHex('(local.get $end)')} (then
          (local.set $from (call $uuid_around ${after('end', -1)}))
          (if ${all('(i32.ge_s (local.get $from) (i32.const 0))', '(i32.lt_s (local.get $from) (local.get $end))')} (then
            (if (i32.le_s (local.get $from) (local.get $at))
              (then (local.set $at ${after('from', UUID_BYTES)}) (br $more)))
            (local.set $end (local.get $from))
            (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const ${bytesMin})) (then
              (local.set $at (local.get $end))
              (br $more)))))))))))`
}

/** Fewer digits are no number that is looked for by default. */
export const NUMBER_DIGITS_MIN = 7

/** A small letter at one place beside a row that touches what the row has at another: what begins with a slash or a point is no id. */
function touches(place: string, outside: number, inside: number): string {
  // Before the text is memory, and no place.
  const byte = (bytesAfter: number): string => `(i32.load8_u offset=${CHUNK_AT + bytesAfter} (local.get $${place}))`
  const isLetter = `(i32.lt_u (i32.sub ${byte(outside)} (i32.const 0x61)) (i32.const 26))`
  // `(`, `)`, `+`, the point and the slash; the dash stands among them, and the comma is in no row.
  const isSign = `(i32.lt_u (i32.sub ${byte(inside)} (i32.const 0x28)) (i32.const 8))`
  return `(i32.and ${isLetter} (i32.or (i32.eqz ${isSign}) (i32.eq ${byte(inside)} (i32.const 0x2d))))`
}

/** Whether the row has digits enough for a number, or letters in it or around it that could make an id of them. */
export function isLongEnough(capitals: string): string {
  const letters = `(i32.or
    ${touches('at', -1, 0)}
    ${touches('end', 0, -1)})`
  return `(if (result i32) (i32.or (local.get $every) (i32.ge_u (local.get $digits) (i32.const ${NUMBER_DIGITS_MIN})))
    (then (i32.const 1))
    (else (i32.or ${letters} (i32.ne ${capitals} (i32.const 0)))))`
}
