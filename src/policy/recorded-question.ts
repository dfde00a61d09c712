import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../base/json.ts'
import { findHiddenCharacters } from '../facts/hidden-characters.ts'
import { argumentsOf, handlingOf, isMethod, targetOf } from '../protocol/methods.ts'
import type { Circumstances, Who } from './circumstances.ts'
import type { About } from './decide.ts'
import { argsDigest, OF_THE_TEXT } from './inputs.ts'
import { inputsMissing } from './inputs-missing.ts'
import type { FindSensitive } from './inspect.ts'
import { restoreFacts } from './restore-facts.ts'
import type { Labels } from './rule.ts'

/** A record as a back-test takes it: the envelope, and the request as it was kept, masked. */
export interface RecordedInputs {
  readonly envelope: JsonObject
  readonly request?: Uint8Array | undefined
}

/** What was asked when a decision was recorded. */
export interface RecordedQuestion {
  readonly who: Who
  readonly connection: { readonly name: string; readonly labels: Labels }
  readonly about: About
  readonly circumstances: Circumstances
  /** What the policy looks at and the record does not hold, as paths such as `sql` or `identity.claims.tenant`. */
  readonly missing: readonly string[]
}

/** What is asked with. */
export interface AskingAgain {
  /** Paths that the conditions of the policy look at. */
  readonly uses: ReadonlySet<string>
  readonly findSensitive: FindSensitive
}

/**
 * Asks again what was asked then, for a policy whose conditions look at `uses`. Undefined for a record that no client's
 * request to a connection made, or whose envelope cannot be read.
 */
export function recordedQuestion(record: RecordedInputs, asking: AskingAgain): RecordedQuestion | undefined {
  const { envelope } = record
  const actor = objectIn(envelope, 'actor')
  const conn = objectIn(envelope, 'conn')
  const mcp = objectIn(envelope, 'mcp')
  const atMs = Date.parse(textIn(envelope, 'ts') ?? '')
  const name = textIn(conn, 'name')
  const method = textIn(mcp, 'method')
  if (actor === undefined || name === undefined || method === undefined || Number.isNaN(atMs)) return undefined
  const params = paramsOf(record.request)
  const about = aboutOf(method, { target: textIn(mcp, 'target'), params })
  const facts = objectIn(envelope, 'facts')
  const args = params === undefined ? undefined : argumentsOf(method, params)
  const known = { facts, args: isWhole(args, facts), about }
  return {
    who: whoOf(actor, facts),
    connection: { name, labels: labelsOf(conn) },
    about: about ?? { kind: 'connection' },
    circumstances: {
      ...circumstancesOf(actor, facts ?? {}),
      ...textOf(args ?? {}, facts ?? {}, { ...asking, connection: name, about }),
      atMs,
      method,
      args: args ?? {},
    },
    missing: inputsMissing(asking.uses, known),
  }
}

function whoOf(actor: JsonObject, facts: JsonObject | undefined): Who {
  const claims = optionalIn(facts, 'claims')
  const amr = optionalIn(facts, 'amr')
  return {
    subject: textIn(actor, 'sub') ?? '',
    issuer: textIn(actor, 'iss'),
    email: textIn(actor, 'email'),
    groups: textsIn(actor, 'groups'),
    claims: isObject(claims) ? claims : {},
    amr: isTexts(amr) ? amr : undefined,
  }
}

function circumstancesOf(
  actor: JsonObject,
  facts: JsonObject,
): Omit<Circumstances, 'atMs' | 'method' | 'args' | keyof OfTheText> {
  const client = objectIn(actor, 'client')
  const session = objectIn(facts, 'session')
  const tool = objectIn(facts, 'tool')
  const annotations = optionalIn(facts, 'annotations')
  return {
    address: textIn(actor, 'ip') ?? '',
    client: {
      id: textIn(client, 'id') ?? '',
      name: textIn(client, 'name') ?? '',
      version: textIn(client, 'version') ?? '',
    },
    session: {
      ageSeconds: numberIn(session, 'age') ?? 0,
      calls: numberIn(session, 'calls') ?? 0,
      taints: textsIn(session, 'taints'),
    },
    tool: {
      hash: textIn(tool, 'hash') ?? '',
      changed: tool?.['changed'] === true,
      annotations: isObject(annotations) ? annotations : {},
    },
    facts: restoreFacts(facts),
  }
}

type OfTheText = Pick<Circumstances, 'argBytes' | 'sensitive' | 'hiddenChars'>

interface AskingOf extends AskingAgain {
  readonly connection: string
  readonly about: About | undefined
}

/** As recorded, or found anew in the arguments, where somebody looks at it. */
function textOf(args: JsonObject, facts: JsonObject, asking: AskingOf): OfTheText {
  const isAsked = OF_THE_TEXT.some((path) => asking.uses.has(path))
  const text = isAsked ? stringifyJson(args) : ''
  const hidden = facts['hidden']
  return {
    argBytes: numberIn(facts, 'arg_bytes') ?? encodeUtf8(text).byteLength,
    sensitive: sensitiveOf(text, facts, asking),
    hiddenChars: typeof hidden === 'boolean' ? hidden : findHiddenCharacters(text),
  }
}

function sensitiveOf(text: string, facts: JsonObject, { connection, about, findSensitive }: AskingOf) {
  const secrets = numberIn(facts, 'secrets')
  const personal = optionalIn(facts, 'pii')
  const tool = about?.kind === 'tool' ? about.name : undefined
  let found: ReturnType<FindSensitive>
  const anew = () => (found ??= findSensitive(text === '' ? '{}' : text, { connection, tool }))
  return (): ReturnType<FindSensitive> => {
    if (secrets !== undefined && isTexts(personal)) return { secrets, personal }
    const other = anew()
    return other && { secrets: secrets ?? other.secrets, personal: isTexts(personal) ? personal : other.personal }
  }
}

/** Undefined where the record does not say what it was about: a task, whose tool only the gateway knew. */
function aboutOf(
  method: string,
  given: { target: string | undefined; params: JsonObject | undefined },
): About | undefined {
  // `(stream)` and `(end)` are of the connection, and have no method.
  if (!isMethod(method)) return { kind: 'connection' }
  const name = given.target ?? targetOf(method, given.params ?? {}) ?? ''
  const { by } = handlingOf(method)
  if (by === 'tool' || by === 'prompt') return { kind: by, name }
  if (by === 'resource') return { kind: by, uri: name }
  if (by === 'completion') return aboutReference(given.params)
  return by === 'task' ? undefined : { kind: 'connection' }
}

function aboutReference(params: JsonObject | undefined): About | undefined {
  const ref = params?.['ref']
  if (!isObject(ref)) return undefined
  const { type, name, uri } = ref
  if (type === 'ref/prompt' && typeof name === 'string') return { kind: 'prompt', name }
  if (type === 'ref/resource' && typeof uri === 'string') return { kind: 'resource', uri }
  return undefined
}

/** The request was scanned before it was judged, and masked since. */
function paramsOf(request: Uint8Array | undefined): JsonObject | undefined {
  if (request === undefined) return undefined
  try {
    const message = parseJson(decodeUtf8(request))
    if (!isObject(message)) return undefined
    const { params } = message
    return isObject(params) ? params : {}
  } catch {
    return undefined
  }
}

/** The arguments as they were judged: nothing was masked in them, and they are still there. */
function isWhole(args: JsonObject | undefined, facts: JsonObject | undefined): boolean {
  if (facts === undefined || facts['args_masked'] === true) return false
  if (facts['args_whole'] === true) return args !== undefined
  // Written until it was seen that whoever has a hash of what was erased can guess it.
  const digest = textIn(facts, 'args_sha256')
  return digest === undefined || (args !== undefined && argsDigest(args) === digest)
}

/** A member that stands there as it is, or as a text of its own. */
function optionalIn(facts: JsonObject | undefined, key: string): JsonValue | undefined {
  const text = textIn(facts, `${key}_text`)
  if (text === undefined) return facts?.[key]
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function labelsOf(conn: JsonObject | undefined): Labels {
  const labels = Object.entries(objectIn(conn, 'labels') ?? {})
  return Object.fromEntries(labels.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
}

function objectIn(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key]
  return isObject(value) ? value : undefined
}

function textIn(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key]
  return typeof value === 'string' ? value : undefined
}

function numberIn(object: JsonObject | undefined, key: string): number | undefined {
  const value = object?.[key]
  return typeof value === 'number' ? value : undefined
}

function textsIn(object: JsonObject | undefined, key: string): readonly string[] {
  const value = object?.[key]
  return isTexts(value) ? value : []
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
