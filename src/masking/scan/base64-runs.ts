import type { View } from '../find/view.ts'
import { BASE64, hasBackslash, skipEscape } from './bytes-tables.ts'
import type { Rows } from './rows.ts'

/** Thirty bytes of content. Less is a word, a name or an id. */
const RUN_BYTES_MIN = 40
const BACKSLASH = 0x5c
const SLASH = 0x2f
const EQUALS = 0x3d
/** Backslashes before an escaped slash, three levels of JSON in JSON down. */
const BACKSLASHES_MAX = 8
const PADDING_MAX = 2
/** Rows that are no longer are looked at byte by byte. */
const SHORT_BYTES_MAX = 128

/**
 * Reports every run of forty bytes or more of either base64 alphabet that lies in one of the rows, in order, with its padding.
 * `\/` stands for a slash in JSON, so its backslashes are part of a run. Rows may have other backslashes in them too.
 */
export function scanBase64Runs(view: View, rows: Rows, onRun: (start: number, end: number) => void): void {
  const { bytes } = view
  let backslash = -1
  for (let i = 0; i < rows.length; i += 1) {
    const start = rows.start(i)
    let end = rows.end(i)
    // A slash would be part of the row, so these stand before none: `"` in JSON in JSON.
    while (bytes[end - 1] === BACKSLASH && end > start) end -= 1
    if (backslash < start && end - start > SHORT_BYTES_MAX) backslash = nextBackslash(bytes, start)
    if (backslash < start ? hasBackslash(bytes, start, end) : backslash < end) scanRow(view, start, end, onRun)
    else tellRun(view, start, withPadding(bytes, end), onRun)
  }
}

function nextBackslash(bytes: Uint8Array, from: number): number {
  const found = bytes.indexOf(BACKSLASH, from)
  return found < 0 ? bytes.length : found
}

function tellRun(view: View, start: number, end: number, onRun: (start: number, end: number) => void): void {
  const first = skipEscape(view, start, end)
  if (end - first >= RUN_BYTES_MIN) onRun(first, end)
}

/**
 * A run as long as that has its fortieth byte in the alphabet and all before it: from there it is read backwards, and where
 * that fails, nothing up to the failure can begin a run. Prose costs a few bytes in forty so.
 */
function scanRow(view: View, from: number, to: number, onRun: (start: number, end: number) => void): void {
  const { bytes } = view
  let start = from
  /** From `start` up to here all bytes are known to belong. */
  let known = from
  for (let last = from + RUN_BYTES_MIN - 1; last < to; last = start + RUN_BYTES_MIN - 1) {
    const before = lastOutside(bytes, last, known)
    if (before >= known) {
      start = before + 1
      known = last + 1
      continue
    }
    const end = runEnd(bytes, last + 1)
    tellRun(view, start, end, onRun)
    start = end
    known = end
  }
}

/** The last byte from `from` to `last` that does not belong to a run, or `from - 1`. */
function lastOutside(bytes: Uint8Array, last: number, from: number): number {
  let at = last
  while (at >= from && belongs(bytes, at)) at -= 1
  return at
}

function runEnd(bytes: Uint8Array, from: number): number {
  let end = from
  while (end < bytes.length && belongs(bytes, end)) end += 1
  return withPadding(bytes, end)
}

function withPadding(bytes: Uint8Array, from: number): number {
  let end = from
  const most = Math.min(bytes.length, end + PADDING_MAX)
  while (end < most && bytes[end] === EQUALS) end += 1
  return end
}

function belongs(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] ?? 0
  return BASE64[byte] === 1 || (byte === BACKSLASH && isBeforeSlash(bytes, at))
}

function isBeforeSlash(bytes: Uint8Array, at: number): boolean {
  const most = Math.min(bytes.length, at + BACKSLASHES_MAX + 1)
  let slash = at + 1
  while (slash < most && bytes[slash] === BACKSLASH) slash += 1
  return bytes[slash] === SLASH
}
