import type { FoundBy } from '../find/finding.ts'
import { isOther } from './beside.ts'
import { isOfKind, isOfKindInDigits } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addLeaves } from './json-leaves.ts'
import { readScalar, type Scalar } from './json-walk.ts'
import { addFound, type Look, textOf } from './look.ts'
import { OPEN_BRACE, OPEN_BRACKET } from './text-bytes.ts'

/** Where a value stands in JSON, and how many backslashes the quotes have there. */
export interface JsonPlace {
  readonly at: number
  readonly depth: number
  readonly by?: FoundBy
}

/** Reports the value that stands there, or everything below it that can be one; false where it is no JSON. */
export function addJsonValue(look: Look, kind: KeyKind, place: JsonPlace): boolean {
  const { bytes } = look.view
  const byte = bytes[place.at]
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
    if (!isToldOther(look, kind, place)) addLeaves(look, kind, place)
    return true
  }
  const scalar = readScalar(bytes, place.at, place.depth)
  if (scalar === undefined) return false
  // Most values of a message that was masked are stand-ins, and to read each of them would cost more than to find it.
  const isOurs = look.sink.isOurs?.(scalar.start, scalar.end) === true
  if (!isOurs && isValue(look, kind, scalar) && !isToldOther(look, kind, place, scalar))
    addFound(look, kind, scalar, place.by)
  return true
}

/** A value beside its name, or below the head of its column, has no members beside it that speak of it. */
function isToldOther(look: Look, kind: KeyKind, { at, depth, by }: JsonPlace, scalar?: Scalar): boolean {
  return by === undefined && isOther(look, kind, { at, depth, scalar })
}

function isValue(look: Look, kind: KeyKind, scalar: Scalar): boolean {
  if (scalar.kind === 'null' || scalar.end <= scalar.start) return false
  const told = scalar.kind === 'string' ? isOfKindInDigits(kind, look.view.bytes, scalar) : undefined
  return told ?? isOfKind(kind, textOf(look, scalar), scalar.kind)
}
