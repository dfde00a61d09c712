import { decodeLatin1 } from '../../base/bytes.ts'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import { BASE32_CLASS, bitsToBase32 } from './bits.ts'
import { isEntityName } from './entity-groups.ts'
import { ONE_WAY_UUID_MARK, UUID_MARK } from './forms.ts'

/** What a surrogate says of itself. The check characters are for the book: it has the key. */
export interface ReadForm {
  readonly id18: string
  /** Undefined for forms with a shape, which have no room for it. */
  readonly entity?: EntityName
}

/** A place with a surrogate, or with something that wants to be one: then `form` is undefined, and nothing may pass. */
export interface FormSpan {
  readonly start: number
  readonly end: number
  readonly form: ReadForm | undefined
}

const ID = `${BASE32_CLASS}{18}`
const HASH = `${BASE32_CLASS}{16}`
const LABEL = '[a-z][a-z_]{0,63}'
const UUID_END = '-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'

const SURROGATE = new RegExp(`^sur_([a-z][a-z0-9_]{0,63})_(${ID})$`)
const SHAPED = new RegExp(`^(?:s-(${ID})@mask\\.invalid|https://mask\\.invalid/(${ID}))$`)
const UUID = new RegExp(`^${UUID_MARK}${UUID_END}$`, 'i')

/** The id of a text that is one surrogate and nothing else; undefined for all else, what is damaged included. */
export function readForm(text: string): ReadForm | undefined {
  const surrogate = SURROGATE.exec(text)
  if (surrogate !== null) return readNamed(surrogate)
  const shaped = SHAPED.exec(text)
  const id18 = shaped?.[1] ?? shaped?.[2]
  if (id18 !== undefined) return { id18 }
  return UUID.test(text) ? { id18: idOfUuid(text.toLowerCase()) } : undefined
}

function readNamed([, name = '', id18 = '']: RegExpExecArray): ReadForm | undefined {
  return isEntityName(name) ? { id18, entity: name } : undefined
}

function idOfUuid(text: string): string {
  const digits = text.replaceAll('-', '')
  const bits = BigInt(`0x${digits.slice(8, 12)}${digits.slice(13, 16)}${digits.slice(17)}`)
  return bitsToBase32((bits << 2n) | (BigInt(`0x${digits.charAt(16)}`) & 3n), 18)
}

/** The longest first: no name is taken for the beginning of another. */
const NAMES = ENTITY_NAMES.toSorted((a, b) => b.length - a.length).join('|')
/*
 * What belongs to a mark, up to the end of the word: wider than what is right, and in whatever case. A surrogate that
 * somebody bent, cut or glued to something is found, and then it is none.
 */
const NEAR_SURROGATE = new RegExp(`sur_(?:(?:${NAMES})_[0-9a-z_]*|[0-9a-z_]{1,64}_[0-9a-z]{18}(?![0-9a-z_]))`, 'iy')
const NEAR_UUID = new RegExp(`${UUID_MARK}-[0-9a-z_-]*`, 'iy')
const LOCAL_BEFORE = /[0-9a-z._%+-]*@$/i
const SCHEME_BEFORE = /(?:[a-z][0-9a-z+.-]*:\\?\/\\?\/)?[0-9a-z.:@_-]*$/i
const DOMAIN_AFTER = /^\.invalid(?:[0-9a-z_-]|\.[0-9a-z]|\\?\/)*/i
const PATH_AFTER = /^\.invalid\\?\/[0-9a-z_%-]*/i
/** What has a mark and is from us, but nothing comes back from it. */
const ONE_WAY = new RegExp(`^(?:(?:h-${HASH}|redacted)@mask\\.invalid|https://mask\\.invalid/(?:h-${HASH}|redacted))$`)

const UNDERSCORE = 0x5f
const DOT = 0x2e
const DASH = 0x2d
const IN_LOWER_CASE = 0x20
/** Bytes on each side of a mark; no form is longer, and what is cut there is no form. */
const WINDOW_BYTES = 160

/**
 * Surrogates in text, and what looks like a damaged or an invented one, in order and apart from each other. Where text is
 * escaped, ask about the decoded text too: an escape can hide a mark.
 */
export function findForms(bytes: Uint8Array): readonly FormSpan[] {
  const found: FormSpan[] = []
  for (let i = 3; i < bytes.length; i += 1) {
    const length = markLength(bytes, i)
    if (length === 0) continue
    const from = Math.max(0, i - WINDOW_BYTES)
    const text = decodeLatin1(bytes, from, Math.min(bytes.length, i + WINDOW_BYTES))
    const near = nearForm(text, i - from, length)
    if (near === undefined || from + near.start < (found.at(-1)?.end ?? 0)) continue
    found.push({ start: from + near.start, end: from + near.end, form: near.form })
  }
  return found
}

/** How many bytes of a mark stand before a byte that ends one: most messages have none, and then this is all they cost. */
function markLength(bytes: Uint8Array, end: number): number {
  const byte = bytes[end]
  if (byte === UNDERSCORE) return endsWith(bytes, end, 'sur')
  if (byte === DOT) return endsWith(bytes, end, 'mask')
  return byte === DASH ? endsWith(bytes, end, UUID_MARK) : 0
}

function endsWith(bytes: Uint8Array, end: number, word: string): number {
  const start = end - word.length
  if (start < 0) return 0
  for (let i = 0; i < word.length; i += 1) {
    if (((bytes[start + i] ?? 0) | IN_LOWER_CASE) !== word.charCodeAt(i)) return 0
  }
  return word.length
}

function nearForm(text: string, at: number, length: number): FormSpan | undefined {
  const start = at - length
  if (text.charAt(at) === '.') return nearDomain(text, start, at)
  const near = text.charAt(at) === '_' ? NEAR_SURROGATE : NEAR_UUID
  near.lastIndex = start
  const found = near.exec(text)?.[0]
  if (found === undefined) return undefined
  const isGlued = near === NEAR_UUID && wordBefore(text, start) !== ''
  return { start, end: start + found.length, form: isGlued ? undefined : readForm(found) }
}

/** An address or a URI of our domain. One that only names the domain is neither. */
function nearDomain(text: string, start: number, dot: number): FormSpan | undefined {
  const before = text.slice(0, start)
  const after = text.slice(dot)
  const local = LOCAL_BEFORE.exec(before)?.[0]
  const rest = (local === undefined ? PATH_AFTER : DOMAIN_AFTER).exec(after)?.[0]
  if (rest === undefined) return undefined
  const head = local ?? SCHEME_BEFORE.exec(before)?.[0] ?? ''
  const isAfterEscape = text.charAt(start - head.length - 1) === BACKSLASH
  const from = start - head.length + (isAfterEscape ? 1 : 0)
  const end = dot + rest.length
  const found = text.slice(from, end)
  return ONE_WAY.test(found) ? undefined : { start: from, end, form: readForm(found) }
}

const BACKSLASH = '\\'

/** The word that something is glued to; in raw JSON the letter of an escape is none: `\nsur_...`. */
function wordBefore(text: string, at: number): string {
  const word = /\\?[0-9a-z_-]*$/i.exec(text.slice(0, at))?.[0] ?? ''
  return word.startsWith(BACKSLASH) ? word.slice(2) : word
}

const OWN = new RegExp(
  [
    `sur_${LABEL}_${ID}`,
    `h_${LABEL}_${HASH}`,
    `redacted:${LABEL}(?::[0-9]{1,6})?(?![0-9])`,
    `(?:s-${ID}|h-${HASH}|redacted)@mask\\.invalid`,
    `https://mask\\.invalid/(?:${ID}|h-${HASH}|redacted)`,
    `(?:${UUID_MARK}|${ONE_WAY_UUID_MARK})${UUID_END}`,
    `(?<![0-9.])(?:24[0-9]|25[0-4])(?:\\.[0-9]{1,3}){3}(?![0-9.])`,
    `2001:db8(?::[0-9a-f]{1,4}){6}`,
  ].join('|'),
  'g',
)
/** Bytes. No form of ours is longer. */
const FORM_BYTES_MAX = 100

/** Whether a place lies wholly inside a replacement of ours, whose text says what it is. Only for what we wrote ourselves:
 * anybody can write text that looks like it. */
export function isOwnForm(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > FORM_BYTES_MAX) return false
  const from = Math.max(0, start - FORM_BYTES_MAX)
  const near = decodeLatin1(bytes, from, Math.min(bytes.length, end + FORM_BYTES_MAX))
  for (const match of near.matchAll(OWN)) {
    const at = from + match.index
    if (at <= start && end <= at + match[0].length) return true
  }
  return false
}

/** Every replacement of ours, in order. */
export function ownFormsIn(bytes: Uint8Array): readonly { readonly start: number; readonly end: number }[] {
  return [...decodeLatin1(bytes).matchAll(OWN)].map(({ index, 0: form }) => ({
    start: index,
    end: index + form.length,
  }))
}
