import { isObject, type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'

/**
 * What of an envelope is searched again. Who called, asked and decided stands in it on purpose; how often kinds were hidden are
 * counts under the names of the kinds. Names of the configuration are searched beside it, without the keys that they stand
 * under: a list that is called `credentials` makes none of the names in it a secret, and one that looks like a secret is still
 * told.
 */
export function searchedEnvelope(envelope: JsonObject): string {
  const names: JsonValue[] = []
  const members = Object.entries(envelope).flatMap(([name, value]) => {
    if (name === 'actor' || name === 'masking') return []
    return [[name, isObject(value) ? searched(name, value, names) : value]]
  })
  const whole: JsonObject = Object.fromEntries(members)
  return stringifyJson(names.length === 0 ? whole : [whole, ...names])
}

/** People, by the member that tells of them. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  alert: ['by', 'reviewed_by'],
  approval: ['by', 'requester'],
  view: ['iss', 'sub'],
}

function searched(name: string, value: JsonObject, names: JsonValue[]): JsonObject {
  const kept = Object.entries(value).filter(([key]) => PEOPLE[name]?.includes(key) !== true)
  const isName = (key: string, one: JsonValue | undefined) => (name === 'conn' ? key === 'labels' : isListing(one))
  for (const [key, one = null] of kept)
    if (isName(key, one)) names.push(isObject(one) ? Object.values(one).map((label = null) => label) : one)
  return Object.fromEntries(kept.filter(([key, one]) => !isName(key, one)))
}

const LISTED = 'connection kind name since'

/** The credentials that a gateway has, as it lists them when it starts and when one changes: names and dates, nothing else. */
function isListing(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && Object.keys(one).toSorted().join(' ') === LISTED)
}
