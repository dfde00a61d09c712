import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'

/** Whether a filter lets every document through: `{}`, a constant, a test that everything passes. */
export function isAlwaysTrue(filter: JsonValue | undefined): boolean {
  if (filter === undefined || filter === null || filter === '') return true
  if (!isObject(filter)) return false
  // Members of a filter all have to hold; an empty one holds.
  return Object.entries(filter).every(([key, value]) => value === undefined || isAlwaysPassed(key, value))
}

/** What makes an operator of the first level true for every document. */
const ALWAYS: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map<string, (value: JsonValue) => boolean>([
  ['$comment', () => true],
  ['$alwaysTrue', () => true],
  ['$expr', (value) => isConstant(value) && !isFalse(value)],
  ['$and', (value) => Array.isArray(value) && value.every(isAlwaysTrue)],
  ['$or', (value) => Array.isArray(value) && value.some(isAlwaysTrue)],
  ['$nor', (value) => Array.isArray(value) && value.every(isNeverTrue)],
  ['$jsonSchema', (value) => isObject(value) && Object.keys(value).length === 0],
  ['$sampleRate', (value) => value === 1],
])

function isAlwaysPassed(key: string, value: JsonValue): boolean {
  const always = ALWAYS.get(key)
  if (always !== undefined) return always(value)
  return !key.startsWith('$') && isObject(value) && isAlwaysPassedBy(key, value)
}

/** Tests on one field. */
function isAlwaysPassedBy(field: string, tests: JsonObject): boolean {
  const entries = Object.entries(tests).filter(([test]) => test !== '$options' && test !== '$comment')
  return entries.length > 0 && entries.every(([test, value]) => passesAll(field, test, value))
}

function passesAll(field: string, test: string, value: JsonValue | undefined): boolean {
  if (test === '$nin') return isAlwaysOutside(field, value)
  if (test === '$not') return isObject(value) && isEmptyList(value['$in'])
  if (test === '$regex') return isEmptyPattern(value)
  return field === '_id' && passesAllIds(test, value)
}

/** Every document has an `_id`, it is never null, and it lies between the smallest key and the largest. */
function passesAllIds(test: string, value: JsonValue | undefined): boolean {
  if (test === '$exists') return value !== false && value !== 0
  return test === '$ne' || (isObject(value) && ('$minKey' in value || '$maxKey' in value))
}

/** Outside of nothing, or an `_id` outside of a short list: all but a few documents. */
function isAlwaysOutside(field: string, list: JsonValue | undefined): boolean {
  return isEmptyList(list) || field === '_id'
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0
}

function isEmptyPattern(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /^(?:\^?(?:\.[*+])?\$?|\(\?:?\))$/.test(value)
}

function isNeverTrue(filter: JsonValue): boolean {
  if (!isObject(filter)) return false
  return Object.entries(filter).some(
    ([key, value]) =>
      (key === '$expr' && value !== undefined && isFalse(value)) ||
      key === '$alwaysFalse' ||
      (isObject(value) && isEmptyList(value['$in'])),
  )
}

/** An expression that names no field: it is the same for every document. */
function isConstant(value: JsonValue): boolean {
  if (typeof value === 'string') return !value.startsWith('$')
  if (Array.isArray(value)) return value.every(isConstant)
  if (!isObject(value)) return true
  if ('$literal' in value) return true
  return Object.entries(value).every(([key, inner]) => key !== '$rand' && (inner === undefined || isConstant(inner)))
}

function isFalse(value: JsonValue): boolean {
  return value === false || value === 0 || value === null
}
