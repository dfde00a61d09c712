// Keys that look like a key of the envelope but are another: `Name` beside `name`, which Go's JSON reader takes for
// the same, the last one winning. Policy would judge one and the upstream read the other (protocol.md, 7.2).
import type { JsonMember } from '../base/json-scan.ts'

export interface KeyNames {
  readonly exact: ReadonlySet<string>
  readonly byFold: ReadonlyMap<string, string>
}

export function keyNames(...names: readonly string[]): KeyNames {
  return { exact: new Set(names), byFold: new Map(names.map((name) => [fold(name), name])) }
}

/** The first member whose key is one of the names in all but case; undefined is good. */
export function findLookAlike(members: readonly JsonMember[] | undefined, names: KeyNames): string | undefined {
  if (members === undefined) return undefined
  for (const { key } of members) {
    if (names.exact.has(key)) continue
    const name = names.byFold.get(fold(key))
    if (name !== undefined) return name
  }
  return undefined
}

/** Both ways, since U+017F has no lower case but the upper case S, and U+212A no upper case but the lower case k. */
function fold(key: string): string {
  return key.toLowerCase().toUpperCase()
}
