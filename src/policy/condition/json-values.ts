import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'

/** A list or map of arguments or claims with more members is not looked at, or one call could keep the gateway busy. */
const MEMBERS_MAX = 1_000
/** All values together, at some 20 ns each. */
const VALUES_MAX = 10_000
/** As deep as a message may be nested, and far below what recursion can take. */
const DEPTH_MAX = 100

/** Stands for what is over a limit. The engine knows no such type, so touching it is an error of the condition. */
export class TooLarge {
  readonly kind = 'too-large'
}

/**
 * JSON as the language has it: whole numbers are of type int, which the engine keeps as bigint. Copies only where
 * something changes.
 */
export function toCel(value: JsonObject): unknown {
  return convert(value, { left: VALUES_MAX, depth: 0 })
}

interface Budget {
  left: number
  depth: number
}

function convert(value: JsonValue | undefined, budget: Budget): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return value
  budget.left -= 1
  if (budget.left < 0 || budget.depth >= DEPTH_MAX) return new TooLarge()
  budget.depth += 1
  const converted = isObject(value) ? convertMap(value, budget) : convertList(value, budget)
  budget.depth -= 1
  return converted
}

function convertList(list: readonly JsonValue[], budget: Budget): unknown {
  if (list.length > MEMBERS_MAX) return new TooLarge()
  budget.left -= list.length
  let copy: unknown[] | undefined
  for (const [i, member] of list.entries()) {
    const converted = convert(member, budget)
    if (converted === member) continue
    copy ??= [...list]
    copy[i] = converted
  }
  return copy ?? list
}

function convertMap(map: JsonObject, budget: Budget): unknown {
  const keys = Object.keys(map)
  if (keys.length > MEMBERS_MAX) return new TooLarge()
  budget.left -= keys.length
  // The engine tells types by `.constructor`, which a caller may have named a member.
  if (Object.hasOwn(map, 'constructor')) return new Map(keys.map((key) => [key, convert(map[key], budget)]))
  let copy: Record<string, unknown> | undefined
  for (const key of keys) {
    const member = map[key]
    const converted = convert(member, budget)
    if (converted === member) continue
    copy ??= copyOf(map, keys)
    copy[key] = converted
  }
  return copy ?? map
}

/** Without a prototype, so that `__proto__` is a key like any other. */
function copyOf(map: JsonObject, keys: readonly string[]): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null)
  for (const key of keys) copy[key] = map[key]
  return copy
}
