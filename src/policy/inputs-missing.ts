import { isObject, type JsonObject } from '../base/json.ts'
import { FACT_KINDS } from '../facts/facts.ts'
import { CLAIMS, covers, OF_THE_TEXT, TEXTS_OF_SHELL } from './inputs.ts'

export interface KnownInputs {
  /** Of the envelope; undefined in records from before facts were recorded. */
  readonly facts: JsonObject | undefined
  /** The arguments are there as they were judged. */
  readonly args: boolean
  /** Undefined where the record does not say what the request was about. */
  readonly about: object | undefined
}

/** What conditions look at, of these paths, and a record does not hold; each by its shortest name, sorted. */
export function inputsMissing(uses: ReadonlySet<string>, known: KnownInputs): readonly string[] {
  const missing = new Set(known.about === undefined ? ['task'] : [])
  for (const path of uses) {
    const lacking = lackingOf(path, known)
    if (lacking !== undefined) missing.add(lacking)
  }
  return [...missing].toSorted()
}

function lackingOf(path: string, known: KnownInputs): string | undefined {
  const [root = ''] = path.split('.')
  if (root === 'args') return known.args ? undefined : 'args'
  if (OF_THE_TEXT.some((one) => one === path)) return lackingOfText(path, known)
  return lackingOfRecord(path, known.facts)
}

/** Of what stands in the record beside the request. */
function lackingOfRecord(path: string, facts: JsonObject | undefined): string | undefined {
  const [root = '', field = ''] = path.split('.')
  if (FACT_KINDS.some((kind) => kind === root))
    return isCut(facts, root) || isHidden(facts, root) ? root : lackingText(path, facts)
  if (OPTIONAL.some((above) => covers(above, path))) return isListed(facts, path) ? undefined : path
  const isRecorded = root === 'session' || OF_THE_CALL.includes(field)
  return facts === undefined && isRecorded ? path : undefined
}

function lackingOfText(path: string, { facts, args }: KnownInputs): string | undefined {
  return args || facts?.[RECORDED_AS[path] ?? ''] !== undefined ? undefined : path
}

function lackingText(path: string, facts: JsonObject | undefined): string | undefined {
  const text = TEXTS_OF_SHELL.find((above) => covers(above, path))
  return text === undefined || facts?.['shell'] === undefined || isListed(facts, text) ? undefined : text
}

/** Recorded only where the policy in force looked at it. */
const OPTIONAL: readonly string[] = ['identity.amr', 'call.annotations', CLAIMS]
const OF_THE_CALL: readonly string[] = ['tool_hash', 'tool_changed']

const RECORDED_AS: Readonly<Record<string, string>> = {
  'call.arg_bytes': 'arg_bytes',
  'call.secrets_in_args': 'secrets',
  'call.pii_in_args': 'pii',
  'call.hidden_chars': 'hidden',
}

function isListed(facts: JsonObject | undefined, path: string): boolean {
  const also = facts?.['also']
  return Array.isArray(also) && also.some((one) => typeof one === 'string' && covers(one, path))
}

/** Something in it had to be hidden. */
function isHidden(facts: JsonObject | undefined, kind: string): boolean {
  const masked = facts?.['masked']
  return Array.isArray(masked) && masked.includes(kind)
}

/** Nothing is known of it, or there was too much of it to be recorded. */
function isCut(facts: JsonObject | undefined, kind: string): boolean {
  if (facts === undefined) return true
  const recorded = facts[kind]
  return isObject(recorded) && recorded['cut'] === true
}
