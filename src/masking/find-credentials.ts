import { indexOf } from '../base/bytes.ts'
import type { Needle, Needles } from './credential-needles.ts'
import {
  BACKSLASH,
  jsonEscapeLength,
  PERCENT,
  withoutJsonEscapes,
  withoutPercent,
  type DecodedView,
  type Span,
} from './decoded-view.ts'

/** JSON in JSON in JSON in JSON; nobody nests deeper, and each layer costs a pass. */
const JSON_LAYERS_MAX = 4
/** Percent-encoding of percent-encoding. */
const PERCENT_LAYERS_MAX = 2

/** Where credentials stand, in order and apart from each other; no span ends inside a JSON escape. */
export function findCredentials(raw: Uint8Array, needles: Needles): readonly Span[] {
  const found: Span[] = []
  search(raw, needles, (span) => found.push(span))
  if (raw.includes(PERCENT)) searchPercent(raw, needles, (span) => found.push(span))
  if (needles.mayBeEscaped(raw)) searchLayers(raw, needles, found)
  return found.length === 0 ? NONE : merge(found.map((span) => wholeEscapes(raw, span)))
}

const NONE: readonly Span[] = []

type OnSpan = (span: Span) => void

function searchLayers(raw: Uint8Array, needles: Needles, found: Span[]): void {
  const views: DecodedView[] = []
  let bytes = raw
  while (views.length < JSON_LAYERS_MAX) {
    const view = withoutJsonEscapes(bytes)
    if (view === undefined) return
    views.push(view)
    bytes = view.bytes
    const toRaw: OnSpan = (span) => found.push(views.reduceRight((inner, outer) => outer.source(inner), span))
    search(bytes, needles, toRaw)
    if (bytes.includes(PERCENT)) searchPercent(bytes, needles, toRaw)
  }
}

function searchPercent(bytes: Uint8Array, needles: Needles, onSpan: OnSpan): void {
  let inner = bytes
  let toBytes = onSpan
  for (let layer = 0; layer < PERCENT_LAYERS_MAX; layer++) {
    const view = withoutPercent(inner)
    if (view === undefined) return
    const outward = toBytes
    toBytes = (span) => outward(view.source(span))
    search(view.bytes, needles, toBytes)
    inner = view.bytes
  }
}

function search(bytes: Uint8Array, { all }: Needles, onSpan: OnSpan): void {
  for (const needle of all) {
    let at = indexOf(bytes, needle.bytes)
    while (at >= 0) {
      const span = spanAt(bytes, needle, at)
      if (span !== undefined) onSpan(span)
      at = indexOf(bytes, needle.bytes, at + 1)
    }
  }
}

/** What belongs to a needle that was met at a place; undefined where only a piece of it stands there. */
function spanAt(bytes: Uint8Array, needle: Needle, at: number): Span | undefined {
  const { within } = needle
  if (within === undefined) return withEdges(bytes, needle, at)
  const start = at - within.at
  return isThere(bytes, within.whole, start) ? { start, end: start + within.whole.length } : undefined
}

/** Whether the lower-case text stands at a place, in whatever case. */
function isThere(bytes: Uint8Array, text: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const wanted = text[i] ?? 0
    const found = bytes[start + i]
    if (found !== wanted && !(wanted >= LETTER_A && found === wanted - CASE_BIT)) return false
  }
  return true
}

const LETTER_A = 0x61
const CASE_BIT = 0x20

function withEdges(bytes: Uint8Array, { bytes: { length }, edge }: Needle, at: number): Span {
  const start = edge.before && isBase64(bytes[at - 1]) ? at - 1 : at
  let end = at + length
  if (edge.after && isBase64(bytes[end])) end++
  for (let padding = 0; padding < 2 && edge.after && bytes[end] === EQUALS; padding++) end++
  return { start, end }
}

const EQUALS = 0x3d

function isBase64(code: number | undefined): boolean {
  return code !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code))
}

/** Widens a span to the escapes that it begins or ends in, or half an escape would be left and break the string. */
function wholeEscapes(raw: Uint8Array, { start, end }: Span): Span {
  const first = escapeAround(raw, start)
  const last = escapeAround(raw, end)
  return { start: first?.start ?? start, end: last?.end ?? end }
}

/** The escape that has `position` inside it, not at its beginning. */
function escapeAround(raw: Uint8Array, position: number): Span | undefined {
  for (let start = position - 1; start >= Math.max(0, position - ESCAPE_BYTES_MAX + 1); start--) {
    if (raw[start] !== BACKSLASH || backslashesBefore(raw, start) % 2 === 1) continue
    const end = start + Math.min(jsonEscapeLength(raw, start), ESCAPE_BYTES_MAX)
    return end > position ? { start, end } : undefined
  }
  return undefined
}

/** `\uXXXX`; the two halves of a surrogate pair may be parted. */
const ESCAPE_BYTES_MAX = 6

function backslashesBefore(raw: Uint8Array, position: number): number {
  let at = position
  while (at > 0 && raw[at - 1] === BACKSLASH) at--
  return position - at
}

function merge(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}
