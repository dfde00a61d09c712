import { isObject, type JsonValue } from '../base/json.ts'

/** A place of two JSON values, as a JSON Pointer (RFC 6901), where they differ; undefined where one of them has nothing there. */
export interface Difference {
  readonly path: string
  readonly before: JsonValue | undefined
  readonly after: JsonValue | undefined
}

/** Enough for a person to read; beyond it the two have little in common anyway. */
const DIFFERENCES_MAX = 200

/** Where two values differ, in the order of the second. */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): readonly Difference[] {
  const found: Difference[] = []
  compare({ path: '', before, after }, found)
  return found
}

function compare({ path, before, after }: Difference, found: Difference[]): void {
  if (found.length >= DIFFERENCES_MAX || before === after) return
  const [left, right] = [membersOf(before), membersOf(after)]
  if (left === undefined || right === undefined || Array.isArray(before) !== Array.isArray(after)) {
    found.push({ path, before, after })
    return
  }
  for (const key of new Set([...right.keys(), ...left.keys()])) {
    const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1')
    compare({ path: `${path}/${escaped}`, before: left.get(key), after: right.get(key) }, found)
  }
}

/** Undefined for what has no members. */
function membersOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue | undefined> | undefined {
  if (isObject(value)) return new Map(Object.entries(value))
  return Array.isArray(value) ? new Map(value.map((item: JsonValue, i) => [String(i), item])) : undefined
}
