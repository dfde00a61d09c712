import { assert } from '../../base/assert.ts'
import { inOrder } from '../in-order.ts'
import { Spans } from '../scan/spans.ts'

/** Bytes to put in place of those from `start` up to, not including, `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly put: Uint8Array
}

/** Below this, a call of `set` costs more than a loop. */
const LOOP_BYTES_MAX = 96

/** The bytes with all edits made, everything between them as it was. Edits are in order and apart from each other. */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let size = bytes.length
  for (const { start, end, put } of edits) size += put.length - (end - start)
  const out = new Uint8Array(size)
  let from = 0
  let to = 0
  for (const { start, end, put } of edits) {
    assert(start >= from && end >= start, 'edits are in order and apart from each other')
    to = copy(bytes, { from, to: start }, out, to)
    to = copy(put, { from: 0, to: put.length }, out, to)
    from = end
  }
  copy(bytes, { from, to: bytes.length }, out, to)
  return out
}

/** Where the edits, in order, have put something, and where the spans then stand that no edit touched. */
export function spansAfter(edits: readonly Edit[], before = NONE): Spans {
  const starts = new Int32Array(edits.length + before.length)
  const ends = new Int32Array(starts.length)
  let count = 0
  let grown = 0
  let next = 0
  const addBefore = (to: number, from: number): void => {
    for (; before.start(next) < to; next++) {
      if (before.end(next) > to || before.start(next) < from) continue
      starts[count] = before.start(next) + grown
      ends[count++] = before.end(next) + grown
    }
  }
  let last = 0
  for (const { start, end, put } of edits) {
    if (next < before.length) addBefore(start, last)
    starts[count] = start + grown
    ends[count++] = start + grown + put.length
    grown += put.length - (end - start)
    last = end
  }
  addBefore(Infinity, last)
  return new Spans(starts.subarray(0, count), ends.subarray(0, count))
}

const NONE = Spans.of([])

/** In order and apart from each other: of edits that overlap, one that spans them all with what the widest of them puts. */
export function mergeEdits(edits: readonly Edit[]): readonly Edit[] {
  if (areApart(edits)) return edits
  const merged: Edit[] = []
  let widest = 0
  for (const edit of inOrder(edits)) {
    const size = edit.end - edit.start
    const last = merged.at(-1)
    if (last === undefined || edit.start >= last.end) {
      merged.push(edit)
      widest = size
      continue
    }
    const put = size > widest ? edit.put : last.put
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, edit.end), put }
    widest = Math.max(widest, size)
  }
  return merged
}

/** As good as always. One that takes nothing away may stand where another begins. */
function areApart(edits: readonly Edit[]): boolean {
  let last = 0
  for (const { start, end } of edits) {
    if (start < last || end <= start) return false
    last = end
  }
  return true
}

function copy(bytes: Uint8Array, { from, to }: { from: number; to: number }, out: Uint8Array, at: number): number {
  if (to - from >= LOOP_BYTES_MAX) out.set(bytes.subarray(from, to), at)
  else for (let i = from; i < to; i++) out[at + i - from] = bytes[i] ?? 0
  return at + to - from
}
