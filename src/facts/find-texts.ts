import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import type { FactKind } from './facts.ts'
import { plainName, type Inspection, type Inspector, type Step } from './inspection.ts'

/** A value that is to be read, with the arguments it stands among. */
export interface FoundText {
  readonly kind: FactKind
  /** Undefined where something else stands there than text, which nobody can read. */
  readonly text: string | undefined
  readonly beside: JsonObject
}

/** More texts than this in one call are not read one by one: the last one found is one that nobody can read. */
const TEXTS_MAX = 200
/** Arguments are bounded in depth before they get here; this bounds the search by name on top. */
const DEPTH_MAX = 64

/** All texts of a call that its connection's inspectors cover, in order. */
export function findTexts({ inspectors }: Inspection, args: JsonObject): FoundText[] {
  const found: FoundText[] = []
  for (const inspector of inspectors) find(inspector, args, found)
  return found
}

function find(inspector: Inspector, args: JsonObject, found: FoundText[]): void {
  const { kind } = inspector
  switch (inspector.by) {
    case 'path':
      return follow(args, inspector.path, { kind, beside: args, found })
    case 'name':
      return search(args, inspector.names, { kind, beside: args, found }, 0)
    case 'all':
      found.push({ kind, text: '', beside: args })
  }
}

interface Into {
  readonly kind: FactKind
  readonly beside: JsonObject
  readonly found: FoundText[]
}

function follow(value: JsonValue | undefined, [step, ...rest]: readonly Step[], into: Into): void {
  if (value === undefined || value === null) return
  if (step === undefined) return take(value, into)
  if ('each' in step) {
    if (isList(value)) for (const member of value) follow(member, rest, into)
    else add(undefined, into)
  } else if (!isList(value) && isObject(value)) follow(own(value, step.key), rest, { ...into, beside: value })
  else add(undefined, into)
}

/** Servers differ in how they name an argument: the names are compared without case, at any depth. */
function search(value: JsonValue, names: ReadonlySet<string>, into: Into, depth: number): void {
  if (depth > DEPTH_MAX) return add(undefined, into)
  if (isList(value)) for (const member of value) search(member, names, into, depth + 1)
  else if (isObject(value))
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined || member === null) continue
      if (names.has(plainName(key))) named(member, names, { ...into, beside: value }, depth + 1)
      else search(member, names, into, depth + 1)
    }
}

/** What stands under such a name is a text, or has texts in it; anything else is one that nobody can read. */
function named(value: JsonValue, names: ReadonlySet<string>, into: Into, depth: number): void {
  if (typeof value === 'string' || (isList(value) && isTexts(value))) return take(value, into)
  if (isList(value)) for (const member of value) named(member, names, into, depth + 1)
  else {
    const before = into.found.length
    search(value, names, into, depth + 1)
    if (into.found.length === before) add(undefined, into)
  }
}

function take(value: JsonValue, into: Into): void {
  if (typeof value === 'string') add(value, into)
  // Words of one command come as a list; anything else in a list is a text of its own.
  else if (isList(value) && isTexts(value) && WORDS.has(into.kind)) add(asCommand(value), into)
  else if (isList(value)) for (const member of value) add(typeof member === 'string' ? member : undefined, into)
  else add(undefined, into)
}

const WORDS: ReadonlySet<FactKind> = new Set(['k8s', 'cloud'])

function add(text: string | undefined, { kind, beside, found }: Into): void {
  if (found.length >= TEXTS_MAX) found[TEXTS_MAX - 1] = { kind, text: undefined, beside }
  else found.push({ kind, text: text === undefined ? undefined : whole(kind, text, beside), beside })
}

/** A program with its words in a list beside it: `{ command: "git", args: ["push", "--force"] }`. */
function whole(kind: FactKind, text: string, beside: JsonObject): string {
  if (kind !== 'shell' && !WORDS.has(kind)) return text
  const rest = ARGUMENT_NAMES.map((name) => own(beside, name)).find((value) => isList(value))
  return isList(rest) && isTexts(rest) ? `${text} ${asCommand(rest)}` : text
}

const ARGUMENT_NAMES = ['args', 'arguments', 'argv', 'parameters', 'params']

/** Quoted, so that what was one word stays one. */
function asCommand(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ')
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isTexts(list: readonly JsonValue[]): list is string[] {
  return list.every((member) => typeof member === 'string')
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
