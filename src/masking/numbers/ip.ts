import { entityId } from '../entities.ts'
import type { Hit, Run, RunDetector, Sink, WordDetector } from '../find/finding.ts'
import { DIGIT, HEX, WORD, startsWord } from '../scan/bytes-tables.ts'

const IP_ADDRESS = entityId('ip_address')
const SCORE = 0.7
const DOT = 0x2e
const COLON = 0x3a
const PERCENT = 0x25
const DASH = 0x2d
const SLASH = 0x2f
const ZERO = 0x30
const V6_GROUPS = 8
const V4_BITS = 32
const V6_BITS = 128
/** Names in programs that are hexadecimal letters only hardly have so many parts. */
const NAME_PARTS_MAX = 4
/** Names of network interfaces are shorter. */
const ZONE_BYTES_MAX = 16
const HEX_DIGITS = '0123456789abcdef'

export const IP_WANT = { entity: IP_ADDRESS, score: SCORE }

/** Version 4 addresses. */
export const detectIpV4: RunDetector = (run, sink) => {
  if (!sink.may(IP_ADDRESS, SCORE)) return
  const { view, start, end } = run
  for (let at = start; at < end; at += 1) {
    if (!isDigit(view.bytes[at]) || isDigit(view.bytes[at - 1])) continue
    const to = endOfV4(view.bytes, at)
    if (to < 0 || !isAlone(run, at, to)) continue
    add(sink, at, endOfPrefix(view.bytes, to, V4_BITS), 'ip.v4')
    at = to - 1
  }
}

/** Version 6 addresses: each has a hexadecimal digit and a colon, or begins with two colons. */
export const IP_V6: WordDetector = {
  words: ['::', ...Array.from(HEX_DIGITS, (digit) => `${digit}:`)],
  verify: verifyV6,
}

function verifyV6({ view, start }: Hit, sink: Sink): void {
  if (!sink.may(IP_ADDRESS, SCORE)) return
  const { bytes } = view
  let from = start
  while (start - from < 5 && isHex(bytes[from - 1])) from -= 1
  // In the middle of an address: it was looked at where it begins.
  if (bytes[from - 1] === COLON || !startsWord(view, from)) return
  const to = endOfV6(bytes, from)
  if (to < 0) return
  sink.spend(to - from)
  add(sink, from, endOfPrefix(bytes, endOfZone(bytes, to), V6_BITS), 'ip.v6')
}

function add(sink: Sink, start: number, end: number, rule: string): void {
  sink.add({ entity: IP_ADDRESS, start, end, score: SCORE, by: 'shape', rule })
}

/** Four numbers of at most 255, without leading zeros; -1 where there are none. */
function endOfV4(bytes: Uint8Array, from: number): number {
  let at = from
  for (let octet = 0; octet < 4; octet += 1) {
    const end = endOfOctet(bytes, at)
    if (end < 0 || (octet < 3 && bytes[end] !== DOT)) return -1
    at = octet < 3 ? end + 1 : end
  }
  return at
}

function endOfOctet(bytes: Uint8Array, start: number): number {
  let value = 0
  let at = start
  for (; at - start < 4 && isDigit(bytes[at]); at += 1) value = value * 10 + ((bytes[at] ?? 0) & 0x0f)
  const hasLeadingZero = at - start > 1 && bytes[start] === ZERO
  return at === start || value > 255 || hasLeadingZero ? -1 : at
}

/** No fifth number, and no letters: those are versions and names. */
function isAlone({ view }: Run, start: number, end: number): boolean {
  const { bytes } = view
  const before = bytes[start - 1]
  if (!startsWord(view, start) || before === DOT || (before === DASH && isDigit(bytes[start - 2]))) return false
  if (bytes[end] === DOT && isDigit(bytes[end + 1])) return false
  return bytes[end] === undefined || WORD[bytes[end] ?? 0] === 0
}

/** RFC 4291, 2.2: eight groups, or fewer around one `::`; the last two may be a version 4 address. */
function endOfV6(bytes: Uint8Array, from: number): number {
  const head = readGroups(bytes, from)
  const isShort = bytes[head.end] === COLON && bytes[head.end + 1] === COLON && !head.hasV4
  if (!isShort) return head.groups === V6_GROUPS && isEndOfV6(bytes, head.end) ? head.end : -1
  const tail = readGroups(bytes, head.end + 2)
  const groups = head.groups + tail.groups
  const { end } = tail
  if (groups >= V6_GROUPS || !isEndOfV6(bytes, end) || isProgram(bytes, { from, end, groups })) return -1
  return end
}

/** `::` and `add::bad` are words of many programming languages. The first is an address too, where nothing touches it. */
function isProgram(bytes: Uint8Array, { from, end, groups }: { from: number; end: number; groups: number }): boolean {
  if (groups === 0) return !isBlank(bytes[from - 1]) || !isBlank(bytes[end])
  return groups < NAME_PARTS_MAX && !hasDigit(bytes, from, end)
}

/** Groups with single colons between them, as many as there are. */
function readGroups(bytes: Uint8Array, from: number): { end: number; groups: number; hasV4: boolean } {
  let at = from
  let end = from
  for (let groups = 0; groups <= V6_GROUPS; groups += 1) {
    const to = endOfHex(bytes, at)
    if (to === at) return { end, groups, hasV4: false }
    const v4 = bytes[to] === DOT ? endOfV4(bytes, at) : -1
    if (v4 >= 0) return { end: v4, groups: groups + 2, hasV4: true }
    end = to
    if (bytes[to] !== COLON || !isHex(bytes[to + 1])) return { end, groups: groups + 1, hasV4: false }
    at = to + 1
  }
  return { end, groups: V6_GROUPS + 1, hasV4: false }
}

function isBlank(byte: number | undefined): boolean {
  return byte === undefined || byte === 0x20 || byte === 0x22 || byte === SLASH
}

function hasDigit(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (isDigit(bytes[at])) return true
  return false
}

function endOfHex(bytes: Uint8Array, from: number): number {
  let at = from
  while (at - from < 4 && isHex(bytes[at])) at += 1
  return at
}

/** A colon may follow an address that a sentence goes on from, but then no further group. */
function isEndOfV6(bytes: Uint8Array, end: number): boolean {
  const after = bytes[end] ?? 0
  if (after === COLON) return !isHex(bytes[end + 1]) && bytes[end + 1] !== COLON
  return WORD[after] === 0 && !(after === DOT && isDigit(bytes[end + 1]))
}

/** RFC 4007: `%eth0` after a link-local address belongs to it. */
function endOfZone(bytes: Uint8Array, end: number): number {
  if (bytes[end] !== PERCENT) return end
  let at = end + 1
  while (at - end <= ZONE_BYTES_MAX && WORD[bytes[at] ?? 0] === 1) at += 1
  return at === end + 1 ? end : at
}

/** The length of a network's prefix belongs to its address: `10.0.0.0/8`. */
function endOfPrefix(bytes: Uint8Array, end: number, bits: number): number {
  if (bytes[end] !== SLASH) return end
  let value = 0
  let at = end + 1
  for (; at - end <= 3 && isDigit(bytes[at]); at += 1) value = value * 10 + ((bytes[at] ?? 0) & 0x0f)
  return at === end + 1 || value > bits || WORD[bytes[at] ?? 0] === 1 ? end : at
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && HEX[byte] === 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
