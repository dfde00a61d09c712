// What holds of every message that is masked, whatever stands in it (masking.md, 14.1).
import { Buffer, isUtf8 } from 'node:buffer'
import { place } from '../../src/masking/acts.ts'
import { Document } from '../../src/masking/document.ts'
import { type Asked, maskMessage, type MaskResult } from '../../src/masking/engine.ts'
import { findAll } from '../../src/masking/find/find-all.ts'
import { looksLikeOurs } from '../../src/masking/find/ours.ts'
import { protocolWordSpans } from '../../src/masking/protocol-words.ts'
import { isEntityName } from '../../src/masking/replace/entity-groups.ts'
import { knownIn, spread } from '../../src/masking/spread.ts'
import { structuralSpans } from '../../src/masking/structural.ts'
import { mergeEdits, splice } from '../../src/masking/views/splice.ts'
import { textsOf } from '../../src/masking/views/searchable.ts'
import type { FuzzRules } from './masking-rules.ts'
import { findReadable } from './masking-search.ts'

export interface Checked {
  /** `clean`, `changed`, or why it was refused. */
  readonly outcome: string
  /** A sentence where something is wrong. */
  readonly wrong?: string | undefined
  readonly ms: number
}

/** Values shorter than this stand in a message by chance. */
const CHARACTERS_MIN = 6

/** `fair`: values that have to be hidden, wherever they stand; undefined of a broken message, of which nothing is known. */
export function checkMasking(bytes: Uint8Array, rules: FuzzRules, fair?: readonly string[]): Checked {
  const { asked, hidesPlain } = rules
  const began = process.threadCpuUsage()
  let result: MaskResult
  try {
    result = maskMessage(bytes, asked())
  } catch (error) {
    return { outcome: 'thrown', wrong: `throws ${error instanceof Error ? String(error.stack) : String(error)}`, ms: 0 }
  }
  const { user, system } = process.threadCpuUsage(began)
  const ms = (user + system) / 1000
  if (result.kind === 'refused') return { outcome: result.why, ms }
  return {
    outcome: result.kind,
    wrong: wrongWith(bytes, result, { rules, fair: hidesPlain ? (fair ?? []) : [], isWhole: fair !== undefined }),
    ms,
  }
}

interface Expected {
  readonly rules: FuzzRules
  readonly fair: readonly string[]
  readonly isWhole: boolean
}

function wrongWith(
  bytes: Uint8Array,
  result: Exclude<MaskResult, { kind: 'refused' }>,
  { rules, fair, isWhole }: Expected,
): string | undefined {
  // What is no UTF-8 never comes here; it must not break anything if it did.
  if (!isUtf8(bytes)) return undefined
  const before = text(bytes)
  const after = text(result.bytes)
  const fairLeft = findReadable(after, fair)
  if (fairLeft !== undefined) return `a value is not hidden (${fairLeft.way})\n${fairLeft.value}`
  if (result.kind === 'clean')
    return result.bytes === bytes ? undefined : 'says that nothing changed, and gives other bytes'
  if (after === before) return 'says that it changed something, and did not'
  return (
    wrongOutput(before, after) ??
    leftOver(bytes, after, rules.asked()) ??
    wrongAgain(bytes, result.bytes, { ...rules, isWhole })
  )
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Same answer to the same question; and what was masked is not masked again. */
function wrongAgain(
  bytes: Uint8Array,
  masked: Uint8Array,
  { asked, hidesParts, isWhole }: FuzzRules & Pick<Expected, 'isWhole'>,
): string | undefined {
  const second = maskMessage(bytes, asked())
  if (second.kind !== 'changed' || text(second.bytes) !== text(masked))
    return 'masks the same message otherwise the second time'
  // What is hidden in part has a part that can be hidden.
  // Half an escape reads otherwise once its other half is a stand-in.
  if (!isWhole || hidesParts || GLUED_HASH.test(text(masked))) return undefined
  const again = maskMessage(masked, asked())
  // A field with few digits has few stand-ins, and a second one may find them all taken.
  if (again.kind === 'refused' && NOTHING_FITS.has(again.why)) return undefined
  if (again.kind === 'refused') return `refuses what it wrote itself: ${again.why}`
  return withoutNumbers(again.bytes) === withoutNumbers(masked)
    ? undefined
    : `masks what is masked\n${text(masked)}\n${text(again.bytes)}`
}

const NOTHING_FITS: ReadonlySet<string> = new Set(['schema-impossible', 'no-stand-in'])

/** What half an escape is glued to is no hash of ours. */
const GLUED_HASH = /[\p{L}\p{N}]h_[a-z]/u

/** A number has no mark that says that it stands for another. */
function withoutNumbers(bytes: Uint8Array): string {
  const readable = text(bytes)
    .replaceAll(/(?<![A-Za-z0-9+/=])-?\d[\d.eE+-]*(?![A-Za-z0-9+/])/g, '0')
    .replaceAll(/[A-Za-z0-9+/]{14,}={0,2}/g, (run) => Buffer.from(run, 'base64').toString())
  return readable.replaceAll(/-?\d[\d.eE+-]*/g, '0')
}

/** Token by token the same, but for texts and numbers: nothing between them moves, and each stays what it is. */
function wrongOutput(before: string, after: string): string | undefined {
  if (!isJson(before)) return undefined
  if (!isJson(after)) return `writes what is no JSON\n${after}`
  const [old, made] = [tokensOf(before), tokensOf(after)]
  if (old.length !== made.length) return dropsLiterals(old, made) ? undefined : `writes other tokens\n${after}`
  const at = old.findIndex(
    (token, i) => token !== made[i] && (kindOf(token) !== kindOf(made[i] ?? '') || kindOf(token) === 'sign'),
  )
  if (at >= 0) return `changes ${old[at]} to ${made[at]}`
  for (const [i, token] of old.entries()) {
    // JSON whose very digits are written as escapes is read by nobody but a search.
    const isJsonText = kindOf(token) === 'text' && token !== made[i] && !/\\u00[2-7]/i.test(token)
    const inner = isJsonText ? wrongInner(JSON.parse(token), JSON.parse(made[i] ?? '')) : undefined
    if (inner !== undefined) return inner
  }
  return undefined
}

/** A text that was JSON is still, unless it is hidden as a whole. */
function wrongInner(before: string, after: string): string | undefined {
  if (!/^\s*[{[]/.test(before) || !/^\s*[{[]/.test(after) || !isJson(before)) return wrongLine(before, after)
  const wrong = wrongOutput(before, after)
  return wrong === undefined ? undefined : `in a text that is JSON: ${wrong}`
}

/** The same of an object that ends a line, or the text, whatever stands before it. */
function wrongLine(before: string, after: string): string | undefined {
  if (breaksObject(before, after)) return `JSON in a text is none any more: ${after}`
  const [old, made] = [before.split('\n'), after.split('\n')]
  if (old.length !== made.length) return undefined
  const broken = old.findIndex((line, i) => breaksObject(line, made[i] ?? ''))
  return broken < 0 ? undefined : `JSON in a text is none any more: ${made[broken]}`
}

function breaksObject(before: string, after: string): boolean {
  const [was, is] = [objectIn(before), objectIn(after)]
  return is !== undefined && was !== undefined && isJson(was) && !isJson(is)
}

/** What is glued to a letter or digit, as in `password=o{"`, is a part of that word. */
function objectIn(some: string): string | undefined {
  return /(?<![\p{L}\p{N}])\{\s*".*/su.exec(some)?.[0]
}

function isJson(some: string): boolean {
  try {
    JSON.parse(some)
    return true
  } catch {
    return false
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|\s+/gs

function tokensOf(json: string): string[] {
  return json.match(TOKEN) ?? []
}

function kindOf(token: string): 'text' | 'number' | 'sign' {
  const first = token.charAt(0)
  return first === '"' ? 'text' : /[-\d]/.test(first) ? 'number' : 'sign'
}

/** Nothing can stand for `true` or `false`; members that have them go as a whole. */
function dropsLiterals(old: readonly string[], made: readonly string[]): boolean {
  return literalsIn(made) < literalsIn(old)
}

function literalsIn(tokens: readonly string[]): number {
  return tokens.filter((token) => token === 'true' || token === 'false').length
}

/** What was found in the message, in whatever way, cannot be read any more in any other. */
function leftOver(bytes: Uint8Array, after: string, asked: Asked): string | undefined {
  const values = hiddenIn(bytes, asked).filter(isLookedFor)
  const left = findReadable(withoutProtocol(after).replaceAll(PART_OF_ADDRESS, ''), [...new Set(values)])
  return left === undefined
    ? undefined
    : `a value that was found can still be read (${left.way})\n${left.value}\n${after}`
}

/** A part of an address that is shown on purpose. */
const PART_OF_ADDRESS = /x\.at\.[\w.-]+/g

/** Stand-ins say the names of kinds, and so may a value. One with backslashes may be another one without. */
function isLookedFor(value: string): boolean {
  if (value.includes('\\') || value.includes('redacted:') || value.includes('sur_')) return false
  return textsOf([value], CHARACTERS_MIN).length > 0 && !isEntityName(value)
}

/** Without the members and words that are the protocol's own: nothing in them is changed. */
function withoutProtocol(message: string): string {
  const bytes = new TextEncoder().encode(message)
  const document = new Document(bytes)
  const spans = [...structuralSpans(document), ...protocolWordSpans(document)]
  return text(splice(bytes, mergeEdits(spans.map(({ start, end }) => ({ start, end, put: NOTHING })))))
}

const NOTHING = new TextEncoder().encode('""')

function hiddenIn(bytes: Uint8Array, asked: Asked): string[] {
  const document = new Document(bytes)
  const found = findAll(document, asked, looksLikeOurs(bytes))
  if (found.kind === 'refused') return []
  const acts = spread(document, place(document, found.findings, asked.rules).acts, found.known) ?? []
  const own = knownIn(acts).map(({ value }) => value)
  return [...own, ...found.embedded.flatMap((one) => hiddenIn(one.text, asked))]
}
