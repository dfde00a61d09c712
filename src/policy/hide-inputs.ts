import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../base/json.ts'
import { FACT_KINDS } from '../facts/facts.ts'

/**
 * What of the inputs are words of a message, of a token or of a server; the rest are numbers and names of ours. With the paths
 * by which conditions look at them.
 */
const WORDS: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(FACT_KINDS.map((kind) => [kind, kind])),
  amr: 'identity.amr',
  amr_text: 'identity.amr',
  annotations: 'call.annotations',
  annotations_text: 'call.annotations',
  claims: 'identity.claims',
  claims_text: 'identity.claims',
}

/**
 * Hides what must not be kept in the member `facts` of an envelope. `hide` takes a list as a JSON text and gives it back as it
 * may be kept; undefined: nothing of it. What is not as it was judged is named in `masked`: a back-test cannot decide by it.
 */
export function hideInputs(facts: JsonObject, hide: (list: string) => string | undefined): JsonObject {
  const members = Object.keys(facts).filter((key) => WORDS[key] !== undefined && facts[key] !== undefined)
  if (members.length === 0) return facts
  const said = members.map((key) => wordsOf(key, facts[key]))
  const list = stringifyJson(said)
  const kept = hide(list)
  return kept === list ? facts : withHidden(facts, members, keptWords(kept, said))
}

/** Our own keys may be those of sensitive values, so facts are texts in a list; of claims the keys are the issuer's, and count. */
function wordsOf(key: string, value: JsonValue | undefined): JsonValue {
  return FACT_KINDS.some((kind) => kind === key) ? textsOf(value) : { [key]: value }
}

/** In order. Words of a command are one text: what a value is, the option before it may say. */
function textsOf(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (isList(value)) return value.flatMap(textsOf)
  if (!isObject(value)) return []
  if (isCommand(value)) return [commandText(value)]
  return Object.values(value).flatMap(textsOf)
}

type Command = JsonObject & { readonly program: string; readonly args: readonly string[] }

function isCommand(value: JsonObject): value is Command {
  const { program, args } = value
  return typeof program === 'string' && isList(args) && args.every((arg) => typeof arg === 'string')
}

function commandText({ program, args }: Command): string {
  return [program, ...args].join(' ')
}

/** Undefined where nothing may be kept, or what came back is another list. */
function keptWords(kept: string | undefined, said: readonly JsonValue[]): readonly JsonValue[] | undefined {
  const list = kept === undefined ? undefined : parseJson(kept)
  return isList(list) && list.length === said.length ? list : undefined
}

function withHidden(facts: JsonObject, members: readonly string[], kept: readonly JsonValue[] | undefined): JsonObject {
  const changed: Record<string, JsonValue> = {}
  const paths = new Set<string>()
  for (const [at, key] of members.entries()) {
    const words = kept?.[at]
    if (words !== undefined && stringifyJson(words) === stringifyJson(wordsOf(key, facts[key]))) continue
    paths.add(WORDS[key] ?? key)
    changed[key] = keptMember(key, facts[key], words)
  }
  const { also } = facts
  const still = isList(also) ? also.filter((path) => !isBelow(path, paths)) : []
  return { ...facts, ...changed, also: still.length === 0 ? undefined : still, masked: [...paths].toSorted() }
}

function keptMember(key: string, value: JsonValue | undefined, words: JsonValue | undefined): JsonValue {
  if (isObject(words)) return words[key] ?? null
  const texts = isList(words) ? words.filter((text) => typeof text === 'string') : []
  if (texts.length === 0) return FACT_KINDS.some((kind) => kind === key) ? { cut: true } : null
  return refilled(value, texts.values())
}

/** The same as it was, with other texts in it. */
function refilled(value: JsonValue | undefined, texts: Iterator<string>): JsonValue {
  if (typeof value === 'string') return nextOf(texts)
  if (isList(value)) return value.map((one) => refilled(one, texts))
  if (!isObject(value)) return value ?? null
  if (!isCommand(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, refilled(one, texts)]))
  }
  const text = nextOf(texts)
  return text === commandText(value) ? value : { ...value, program: '', args: [text] }
}

function nextOf(texts: Iterator<string>): string {
  const { value } = texts.next()
  return typeof value === 'string' ? value : ''
}

function isBelow(path: JsonValue, above: ReadonlySet<string>): boolean {
  return typeof path === 'string' && [...above].some((one) => path === one || path.startsWith(`${one}.`))
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
