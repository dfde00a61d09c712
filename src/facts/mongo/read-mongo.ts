// The arguments of a tool of a MongoDB server, read as JSON and never as text. Operators that run JavaScript on the
// server or write somewhere count wherever they stand, also in a text that holds JSON.
import { encodeUtf8 } from '../../base/bytes.ts'
import { isObject, parseJson, type JsonObject, type JsonValue } from '../../base/json.ts'
import { scanJson } from '../../base/json-scan.ts'
import { DEPTH_MAX, NO_MONGO, type MongoFacts, type MongoVerb } from '../facts.ts'
import { isAlwaysTrue } from './filter.ts'
import { OPERATIONS, plainName, RUNNERS, takesFilter } from './operations.ts'

const SERVER_JS: ReadonlySet<string> = new Set([
  '$where',
  '$function',
  '$accumulator',
  '$eval',
  '$code',
  '$_internalJsEmit',
])
const OUT_STAGES: ReadonlySet<string> = new Set(['$out', '$merge'])
/** Values, so that a walk over hostile arguments ends soon. */
const VALUES_MAX = 50_000
const JSON_LIMITS = { depthMax: DEPTH_MAX, keysPerObjectMax: 10_000, keysMax: VALUES_MAX } as const
/** Arguments that are queries; as a text they must be JSON, since we cannot read what the server makes of another. */
const QUERIES = [
  'filter',
  'query',
  'pipeline',
  'update',
  'updates',
  'deletes',
  'where',
  'q',
  'selector',
  'criteria',
  'operations',
] as const
const OPERATION_NAMES = ['operation', 'op', 'method', 'action'] as const

/** Reads the arguments of one call; `tool` is the name of the tool, which mostly names the operation. */
export function readMongo(args: JsonObject, tool: string): MongoFacts {
  const reader = new MongoReader()
  const read = reader.unfold(args)
  const command = commandIn(read)
  const names = operationNames(read, tool, command)
  const op = names[0] ?? ''
  const facts = {
    ...NO_MONGO,
    present: true,
    op,
    db: textOf(read, ['database', 'db', 'dbName', 'database_name', 'databaseName']),
    collection: collectionOf(read, command),
  }
  if (reader.error !== '') return { ...facts, verbs: ['unknown'], error: reader.error }
  const verbs = new Set<MongoVerb>(names.map((name) => OPERATIONS.get(name) ?? 'unknown'))
  if (verbs.size === 0) verbs.add('unknown')
  if (reader.serverJs) verbs.add('code')
  if (reader.outStage) verbs.add('write')
  const serverJs = reader.serverJs || names.some((name) => OPERATIONS.get(name) === 'code')
  const emptyFilter = names.some((name) => takesFilter(name)) && hasEmptyFilter(command ?? read)
  return {
    ...facts,
    parsed: true,
    verbs: [...verbs].toSorted(),
    empty_filter: emptyFilter,
    server_js: serverJs,
    out_stage: reader.outStage,
  }
}

class MongoReader {
  serverJs = false
  outStage = false
  error = ''
  #values = 0

  /** The arguments with texts of JSON turned into what they hold. */
  unfold(args: JsonObject): JsonObject {
    const unfolded: Record<string, JsonValue> = Object.create(null)
    for (const [key, value] of Object.entries(args))
      if (value !== undefined)
        unfolded[key] = this.#value(
          value,
          1,
          QUERIES.some((name) => name === key),
        )
    return unfolded
  }

  #value(value: JsonValue, depth: number, isQuery: boolean): JsonValue {
    this.#values += 1
    if (depth > DEPTH_MAX || this.#values > VALUES_MAX) {
      this.error = 'the arguments are too deep or have too many values'
      return null
    }
    if (typeof value === 'string') return this.#text(value, depth, isQuery)
    if (Array.isArray(value)) return value.map((inner) => this.#value(inner, depth + 1, isQuery))
    if (!isObject(value)) return value
    const unfolded: Record<string, JsonValue> = Object.create(null)
    for (const [key, inner] of Object.entries(value)) {
      if (SERVER_JS.has(key)) this.serverJs = true
      if (OUT_STAGES.has(key)) this.outStage = true
      if (inner !== undefined) unfolded[key] = this.#value(inner, depth + 1, false)
    }
    return unfolded
  }

  #word(text: string, isQuery: boolean): string {
    if (isQuery && text.trim() !== '') this.error = 'a query is a text that is not JSON'
    return text
  }

  #text(text: string, depth: number, isQuery: boolean): JsonValue {
    if (!/^\s*[[{]/.test(text)) return this.#word(text, isQuery)
    const parsed = parsedJson(text)
    if (parsed !== undefined) return this.#value(parsed, depth + 1, isQuery)
    // `{a: ObjectId("…")}` is no JSON; a server that reads it reads more than we do.
    if (isQuery) this.error = 'a query is a text that is not JSON'
    return text
  }
}

/** Undefined where it is no JSON, or has two equal keys, of which others may read the first. */
function parsedJson(text: string): JsonValue | undefined {
  const scanned = scanJson(encodeUtf8(text), JSON_LIMITS)
  return scanned.kind === 'scan' ? parseJson(text) : undefined
}

/** The document that a tool such as `runCommand` takes: its first key is the operation. */
function commandIn(args: JsonObject): JsonObject | undefined {
  return ['command', 'cmd', 'document', 'query']
    .map((name) => args[name])
    .filter((value) => isObject(value))
    .find((value) => OPERATIONS.has(firstKey(value)))
}

function firstKey(value: JsonObject): string {
  return (Object.keys(value)[0] ?? '').toLowerCase()
}

/** Every name of an operation that the call has: of the tool, of an argument, of a command. */
function operationNames(args: JsonObject, tool: string, command: JsonObject | undefined): readonly string[] {
  const named = OPERATION_NAMES.map((name) => args[name]).filter((value) => typeof value === 'string')
  const spelled = named.map((name) => plainName(name))
  const ofTool = plainName(tool)
  const isRunner =
    RUNNERS.has(ofTool) || spelled.some((name) => RUNNERS.has(name)) || typeof args['command'] === 'string'
  const ofCommand = isRunner
    ? [command === undefined ? plainName(textOf(args, ['command', 'cmd'])) : firstKey(command)]
    : []
  const mentioned = [...spelled, ...ofCommand].filter((name) => !RUNNERS.has(name))
  const isKnown = OPERATIONS.has(ofTool)
  return isKnown || mentioned.length === 0 ? [ofTool, ...mentioned] : mentioned
}

function textOf(args: JsonObject, names: readonly string[]): string {
  const value = names.map((name) => args[name]).find((candidate) => typeof candidate === 'string')
  return typeof value === 'string' ? value : ''
}

function collectionOf(args: JsonObject, command: JsonObject | undefined): string {
  const named = textOf(args, ['collection', 'coll', 'collectionName', 'collection_name'])
  const first = command === undefined ? undefined : Object.values(command)[0]
  return named === '' && typeof first === 'string' ? first : named
}

const FILTERS = ['filter', 'query', 'where', 'q', 'selector', 'criteria'] as const
const LISTS = ['updates', 'deletes', 'operations', 'requests', 'ops'] as const

/** Of the call itself, or of one of the operations in its list. */
function hasEmptyFilter(args: JsonObject): boolean {
  const lists = LISTS.map((name) => args[name]).filter((value) => Array.isArray(value))
  if (lists.length > 0)
    return lists.some((list) => list.some((each: JsonValue) => isObject(each) && isEmptyOperation(each)))
  return isUnfiltered(args)
}

/** None of the names that filters have, or one of them lets everything through. */
function isUnfiltered(operation: JsonObject): boolean {
  const filters = FILTERS.map((name) => operation[name]).filter((filter) => filter !== undefined)
  return filters.length === 0 || filters.some(isAlwaysTrue)
}

/** `{ q, u }` of a command, or `{ updateMany: { filter, update } }` of a bulk write; inserting takes no filter. */
function isEmptyOperation(operation: JsonObject): boolean {
  const [name = '', inner] = Object.entries(operation)[0] ?? []
  if (isObject(inner) && /^(?:update|delete|replace|remove)/.test(name)) return isUnfiltered(inner)
  if (name.startsWith('insert')) return false
  return isUnfiltered(operation)
}
