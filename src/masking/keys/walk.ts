import { afterValue, containerStart } from './json-walk.ts'
import type { Look } from './look.ts'

// Walks of JSON that count what they cost: a message that makes them walk the same bytes again and again is refused.

/** A byte that is walked costs as much as several that are scanned. */
const COST = 4

/** Just after the value at `at`; -1 where it is not well-formed. */
export function skipValue({ view, sink }: Look, at: number, depth: number): number {
  const after = afterValue(view.bytes, at, depth)
  sink.spend(COST * (after < 0 ? Math.max(0, -1 - after - at) : after - at))
  return after < 0 ? -1 : after
}

/** Where the object or array opens that holds what begins at `at`; -1 where none does within `most` bytes. */
export function openedBefore({ view, sink, memo }: Look, place: { at: number; depth: number }, most: number): number {
  const { at, depth } = place
  const least = Math.max(0, at - most, memo.deadEnd(depth))
  const start = containerStart(view.bytes, at, depth, least)
  sink.spend(COST * Math.max(0, at - (start < 0 ? -1 - start : start)))
  if (start >= 0) return start
  memo.meetDeadEnd(depth, at)
  return -1
}
