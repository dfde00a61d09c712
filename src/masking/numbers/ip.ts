import { entityId } from '../entities.ts'
import type { Hit, Run, RunDetector, Sink, WordDetector } from '../find/finding.ts'
import { DIGIT, HEX, WORD, startsWord } from '../scan/bytes-tables.ts'

const IP_ADDRESS = entityId('ip_address')
const SCORE = 0.7
const DOT = 0x2e
const COLON = 0x3a
const PERCENT = 0x25
const DASH = 0x2d
/** The longest text of a version 6 address: eight groups, or six and four octets. */
const V6_BYTES_MAX = 45
const V6_GROUPS = 8
/** Names of network interfaces are shorter. */
const ZONE_BYTES_MAX = 16
const HEX_DIGITS = '0123456789abcdef'

/** Version 4 addresses. */
export const detectIpV4: RunDetector = (run, sink) => {
  if (!sink.may(IP_ADDRESS, SCORE)) return
  const { view, start, end } = run
  for (let at = start; at < end; at += 1) {
    if (!isDigit(view.bytes[at]) || isDigit(view.bytes[at - 1])) continue
    const to = endOfV4(view.bytes, at)
    if (to < 0 || !isAlone(run, at, to)) continue
    add(sink, at, to, 'ip.v4')
    at = to - 1
  }
}

/** Version 6 addresses: each has a hexadecimal digit and a colon, or begins with two colons. */
export const IP_V6: WordDetector = { words: ['::', ...[...HEX_DIGITS].map((digit) => `${digit}:`)], verify: verifyV6 }

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
  add(sink, from, endOfZone(bytes, to), 'ip.v6')
}

function add(sink: Sink, start: number, end: number, rule: string): void {
  sink.add({ entity: IP_ADDRESS, start, end, score: SCORE, by: 'shape', rule })
}

/** Four numbers of at most 255, without leading zeros; -1 where there are none. */
function endOfV4(bytes: Uint8Array, from: number): number {
  let at = from
  for (let octet = 0; octet < 4; octet += 1) {
    let value = 0
    const start = at
    while (at - start < 3 && isDigit(bytes[at])) {
      value = value * 10 + ((bytes[at] ?? 0) & 0x0f)
      at += 1
    }
    const isOctet = at > start && value <= 255 && (at - start === 1 || bytes[start] !== 0x30)
    if (!isOctet || (octet < 3 && bytes[at] !== DOT)) return -1
    if (octet < 3) at += 1
  }
  return isDigit(bytes[at]) ? -1 : at
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
  let at = from
  let groups = 0
  let isShort = false
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return -1
    isShort = true
    at += 2
  }
  let end = isShort ? at : -1
  while (groups < V6_GROUPS && at - from < V6_BYTES_MAX) {
    const to = endOfHex(bytes, at)
    if (to === at) break
    const v4 = bytes[to] === DOT ? endOfV4(bytes, at) : -1
    groups += v4 < 0 ? 1 : 2
    end = v4 < 0 ? to : v4
    if (v4 >= 0 || bytes[to] !== COLON) break
    if (bytes[to + 1] !== COLON) at = to + 1
    else if (isShort) return -1
    else {
      isShort = true
      at = to + 2
      end = at
    }
  }
  const isWhole = isShort ? groups < V6_GROUPS && (groups > 0 || isAddressOfNone(bytes, from, end)) : groups === V6_GROUPS
  return isWhole && end > 0 && isEndOfV6(bytes, end) ? end : -1
}

/** `::` alone is an address too, but it is a word of many programming languages: it counts where nothing touches it. */
function isAddressOfNone(bytes: Uint8Array, from: number, end: number): boolean {
  const isBlank = (byte: number | undefined): boolean => byte === undefined || byte === 0x20 || byte === 0x22 || byte === 0x2f
  return isBlank(bytes[from - 1]) && isBlank(bytes[end])
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

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && HEX[byte] === 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
