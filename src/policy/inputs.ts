import { hash } from 'node:crypto'
import { isObject, type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'
import {
  FACT_KINDS,
  NO_CLOUD,
  NO_FACTS,
  NO_K8S,
  NO_SQL,
  type Facts,
  type ShellCommand,
  type ShellFacts,
} from '../facts/facts.ts'
import type { Circumstances, Who } from './circumstances.ts'

// What a decision was made from, as it is put on record beside the decision (policy.md, 7). A back-test reads it again
// with `recordedQuestion`. Only what the record does not hold anyway: the caller, the connection, the method and the
// request itself stand there already. What has its usual value is left out.

export interface Recording {
  /** Paths that conditions of the policy in force look at. */
  readonly uses: ReadonlySet<string>
  /** The request is not kept as it was judged. No digest says what it was: whoever has one can guess, also after erasure. */
  readonly isMasked: boolean
}

/**
 * The member `facts` of an envelope: numbers are safe integers and no key looks like one. Claims, `amr` and annotations
 * are in it only as far as `uses` of the policy in force names them; `also` says which.
 */
export function inputsOf(who: Who, circumstances: Circumstances, { uses, isMasked }: Recording): JsonObject {
  const { args, facts } = circumstances
  const optional = optionalOf(who, circumstances, uses)
  return {
    ...optional.members,
    also: optional.names.length === 0 ? undefined : optional.names,
    args_masked: isMasked ? true : undefined,
    args_whole: isMasked || isEmpty(args) ? undefined : true,
    ...textOf(circumstances, uses),
    session: sessionOf(circumstances),
    tool: toolOf(circumstances),
    ...factsOf(facts, uses),
  }
}

/** What is said of the arguments as a text. It is found anew in the request, where that was recorded as it was judged. */
export const OF_THE_TEXT = ['call.arg_bytes', 'call.secrets_in_args', 'call.pii_in_args', 'call.hidden_chars'] as const

function textOf(circumstances: Circumstances, uses: ReadonlySet<string>): JsonObject {
  const [bytes, secrets, personal, hidden] = OF_THE_TEXT
  return {
    arg_bytes: uses.has(bytes) ? circumstances.argBytes : undefined,
    secrets: uses.has(secrets) ? circumstances.sensitive()?.secrets : undefined,
    pii: uses.has(personal) ? circumstances.sensitive()?.personal : undefined,
    hidden: uses.has(hidden) ? circumstances.hiddenChars : undefined,
  }
}

/** For older records. Hex SHA-256 of the arguments as canonical JSON (RFC 8785): the same for whatever order and spacing they came in. */
export function argsDigest(args: JsonObject): string {
  return hash('sha256', canonical(args))
}

/** Of a token or of a server, which may say as much as they like; the rest of a record is bounded by the request. */
const OPTIONAL_CHARS_MAX = 8 * 1024
/** Facts of one kind whose text is longer are recorded as being there, and no more. */
const FACTS_CHARS_MAX = 16 * 1024

interface Optional {
  readonly members: JsonObject
  /** Paths of what is on record, whether or not there was such a thing. */
  readonly names: readonly string[]
}

function optionalOf(who: Who, { tool, facts }: Circumstances, uses: ReadonlySet<string>): Optional {
  const names: string[] = []
  let members: JsonObject = {}
  const add = (paths: readonly string[], key: string, value: JsonValue): void => {
    const text = stringifyJson(value)
    if (text.length > OPTIONAL_CHARS_MAX) return
    names.push(...paths)
    if (text === '{}' || text === '[]') return
    members = { ...members, ...(isRecordable(value) ? { [key]: value } : { [`${key}_text`]: text }) }
  }
  if (facts.shell.present) names.push(...TEXTS_OF_SHELL.filter((path) => looksAt(uses, path)))
  if (looksAt(uses, 'call.annotations')) add(['call.annotations'], 'annotations', tool.annotations)
  if (looksAt(uses, 'identity.amr')) add(['identity.amr'], 'amr', who.amr ?? [])
  if (looksAt(uses, CLAIMS)) {
    const found = claimsIn(uses, who.claims ?? {})
    add(found.paths, 'claims', found.claims)
  }
  return { members, names: names.toSorted() }
}

export const CLAIMS = 'identity.claims'

/** The claims that are looked at, and the paths by which they are. A name may hold dots, as URLs do. */
function claimsIn(uses: ReadonlySet<string>, claims: JsonObject): { paths: readonly string[]; claims: JsonObject } {
  if (uses.has(CLAIMS)) return { paths: [CLAIMS], claims }
  const paths = [...uses].filter((path) => path.startsWith(`${CLAIMS}.`))
  const found = Object.entries(claims).filter(([name]) => paths.some((path) => covers(`${CLAIMS}.${name}`, path)))
  const named = found.map(([name]) => `${CLAIMS}.${name}`)
  return { paths: [...new Set([...paths, ...named])], claims: Object.fromEntries(found) }
}

/** Whether what stands at the end of `path` is part of what stands at the end of `above`. */
export function covers(above: string, path: string): boolean {
  return path === above || path.startsWith(`${above}.`)
}

function looksAt(uses: ReadonlySet<string>, path: string): boolean {
  for (const used of uses) if (covers(path, used)) return true
  return false
}

/** An envelope holds integers, and keys that sort as texts; anything else is put there as a text of its own. */
function isRecordable(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (isList(value)) return value.every(isRecordable)
  if (!isObject(value)) return true
  return Object.entries(value).every(([key, member]) => !/^\d+$/.test(key) && isRecordable(member))
}

function sessionOf({ session }: Circumstances): JsonObject {
  const { ageSeconds, calls, taints } = session
  return { age: Math.floor(ageSeconds), calls, taints: taints.length === 0 ? undefined : taints }
}

function toolOf({ tool: { hash: seen, changed } }: Circumstances): JsonObject | undefined {
  return seen === '' && !changed ? undefined : { hash: seen, changed: changed ? true : undefined }
}

/** These hold words of the arguments themselves, and so what may be a secret: recorded only where a condition looks. */
export const TEXTS_OF_SHELL: readonly string[] = ['shell.commands', 'shell.urls']

function factsOf(facts: Facts, uses: ReadonlySet<string>): JsonObject {
  if (facts === NO_FACTS) return {}
  return Object.fromEntries(
    FACT_KINDS.filter((kind) => facts[kind].present).map((kind) => {
      const told = kind === 'shell' ? shellOf(facts.shell, uses) : unusual({ ...facts[kind] }, { ...NO_FACTS[kind] })
      return [kind, stringifyJson(told).length > FACTS_CHARS_MAX ? { cut: true } : told]
    }),
  )
}

/** The members whose values are not those of `usual`; that it is there at all is said by its being on record. */
function unusual(facts: JsonObject, usual: JsonObject): JsonObject {
  const members = Object.entries(facts).filter(([key, value]) => key !== 'present' && !same(value, usual[key]))
  return Object.fromEntries(members.map(([key, value]) => [key, typeof value === 'number' ? near(value) : value]))
}

function shellOf(facts: ShellFacts, uses: ReadonlySet<string>): JsonObject {
  const { commands, urls, sql, k8s, cloud, ...plain } = facts
  return {
    ...unusual(plain, PLAIN_SHELL),
    commands: looksAt(uses, 'shell.commands')
      ? some(commands.map((one) => unusual({ ...one }, { ...NO_COMMAND })))
      : undefined,
    urls: urls.length > 0 && looksAt(uses, 'shell.urls') ? urls : undefined,
    sql: some(sql.map((one) => unusual({ ...one }, { ...NO_SQL }))),
    k8s: some(k8s.map((one) => unusual({ ...one }, { ...NO_K8S }))),
    cloud: some(cloud.map((one) => unusual({ ...one }, { ...NO_CLOUD }))),
  }
}

const { commands: _commands, urls: _urls, sql: _sql, k8s: _k8s, cloud: _cloud, ...PLAIN_SHELL } = NO_FACTS.shell

export const NO_COMMAND: ShellCommand = { program: '', args: [], via: '' }

function some(list: readonly JsonObject[]): readonly JsonObject[] | undefined {
  return list.length === 0 ? undefined : list
}

function same(value: JsonValue | undefined, usual: JsonValue | undefined): boolean {
  return value === usual || (isList(value) && value.length === 0)
}

/** A LIMIT may be any number; which one matters no more beyond what an envelope can hold. */
function near(value: number): number {
  if (Number.isNaN(value)) return 0
  return Math.trunc(Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value)))
}

function canonical(value: JsonValue): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return stringifyJson(value)
  const members: string[] = []
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key]
    if (member !== undefined) members.push(`${stringifyJson(key)}:${canonical(member)}`)
  }
  return `{${members.join(',')}}`
}

function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false
  return true
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
