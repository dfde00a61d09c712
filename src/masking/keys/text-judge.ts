import { entityId } from '../entities.ts'
import { isCode, isComplaint, isDeclared } from './code-shapes.ts'
import type { KeyKind } from './dictionary.ts'
import { isNoValue, isPlaceholder, TYPE_NAMES } from './no-values.ts'
import type { Demand } from './words.ts'

/** An unquoted value behind a name in text, as far as its line goes. */
export interface Candidate {
  readonly kind: KeyKind
  /** What stands on the line before the name. */
  readonly before: string
  readonly text: string
  readonly form: Form
}

/**
 * How sure it is that a value follows. `pair`: `NAME=value` of files, logs and URLs. `assignment`: `name = value`, which code
 * writes too. `statement`: `name := value` and others that only code writes. `entry`: `name: value` on a line of its own, among others. `label`: the same, alone. `phrase`: anywhere in prose.
 */
export type Form = 'pair' | 'assignment' | 'statement' | 'entry' | 'label' | 'phrase'

/** How much of the line is the value: all, the first word, or this many bytes of it. */
export type Extent = 'line' | 'word' | number

export function judge(asked: Candidate): Extent | undefined {
  const { form, kind, before } = asked
  const text = form === 'pair' ? asked.text : asked.text.replace(/\s+(?:#|\/\/).*$/, '')
  const candidate = { ...asked, text }
  const [word = ''] = /^\S+/.exec(text) ?? []
  const bare = word.replace(/[.,;:)\]}]+$/, '')
  if (!/[\p{L}\p{N}]/u.test(text) || isPlaceholder(bare) || isPlaceholder(text.trim())) return undefined
  if (isCode(text, { isPlain: form === 'pair' })) return undefined
  if (!kind.isSecret) return judgePerson(candidate, word)
  switch (form) {
    case 'pair':
      return EMPTY.test(bare) || isArgument(candidate, bare) ? undefined : 'line'
    case 'assignment':
      return isNoValue(bare) || isType(bare) || isProse(text) || isVariable(candidate, bare) ? undefined : 'line'
    case 'statement':
      return isStrict(bare, kind.demand) ? 'line' : undefined
    case 'entry':
      return isNoValue(text.trim()) || isType(bare) || isProse(text) || CAMEL.test(bare) ? undefined : 'line'
    case 'label':
      return judgeLabel(candidate, bare)
    case 'phrase':
      return (isStrict(bare, kind.demand) || isOwned(candidate, bare)) && !isComplaint(before) && !isType(bare)
        ? 'word'
        : undefined
  }
}

/** `login(token=auth_token)`, `--token=TOKEN`: a variable or a stand-in with the name that it is given to. */
function isArgument({ text, kind }: Candidate, bare: string): boolean {
  if (!/^[A-Za-z_]+$/.test(bare)) return false
  const isNamed = bare.toLowerCase().endsWith(kind.word)
  return isNamed && (/^\w+\s*[,)]/.test(text) || (bare === bare.toUpperCase() && bare.toLowerCase() === kind.word))
}

const OWNERS =
  /\b(?:my|your|our|new|temporary|initial|default|mein|dein|ihr|neues|mi|tu|su|mon|ma|votre|ton|meu|minha|sua|mio|mia|tua|mijn|je|uw|moje|twoje|můj|mitt|ditt|мой|ваш)\s+$/i

/** "my token: x": said of somebody's own, whatever it looks like. */
function isOwned({ before, text, kind }: Candidate, bare: string): boolean {
  return kind.demand === 'any' && OWNERS.test(before) && !/\s/.test(text.trim()) && !isNoValue(bare) && !isType(bare)
}

/** Values of settings that are no secret, and what logs say instead of one. */
const EMPTY =
  /^(?:null|none|nil|undefined|true|false|yes|no|n\/a|required|invalid|missing|expired|present|absent|set|unset|valid|ok|string|incorrect|revoked|redacted|masked|hidden|filtered|removed)$/i

function isType(word: string): boolean {
  return TYPE_NAMES.has(word.toLowerCase().replaceAll(/^[&*[\]?]+|[?[\]|]+$/g, ''))
}

const CAMEL = /^[a-z]{2,}(?:[A-Z][a-z]+)+$/

/** `const token = element`: letters only, where code declares something, or what no token looks like. */
function isVariable({ before, text, kind }: Candidate, bare: string): boolean {
  if (kind.entity !== PASSWORD && kind.demand !== 'pin' && /^\d{1,9}(?:\W|$)/.test(text)) return true
  if (!/^[A-Za-z_$]+$/.test(bare)) return false
  return isDeclared(before) || kind.entity !== PASSWORD || CAMEL.test(bare)
}

const PASSWORD = entityId('password')

const ARTICLE = /^(?:the|an?|your|this|der|die|das|ein|eine|el|la|los|le|les|un|une|o|os|il|lo|de|het|een)\s/i

/** Words that tell something: an article, or two or more that are no part of any value. */
function isProse(text: string): boolean {
  const words = text.trim().split(/\s+/)
  if (words.length > 1 && ARTICLE.test(text) && /^[\p{L} .]+$/u.test(text)) return true
  return words.length > 1 && words.filter((word) => isNoValue(word)).length >= 2
}

/** A word alone behind a label is a value unless it speaks about one; of several words, the first must look like one. */
function judgeLabel({ text, kind, before }: Candidate, bare: string): Extent | undefined {
  if (/^(?:bearer|basic|digest|negotiate)\s+\S{6}/i.test(text)) return 'line'
  if (isNoValue(bare) || isType(bare) || isComplaint(before) || CJK.test(bare)) return undefined
  const isAlone = !/\s/.test(text.replace(/\s+[#/].*$/, '').trim())
  if (isStrict(bare, kind.demand)) return 'word'
  return isAlone && kind.demand === 'any' && !/[,;{([]$/.test(text.trim()) ? 'word' : undefined
}

/** Sentences without spaces. */
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const UNIT =
  /^[<>~]?\d+(?:[.,]\d+)*[-+]?(?:bits?|bytes?|chars?|days?|hours?|minutes?|seconds?|weeks?|months?|years?|[kmg]i?b|x|st|nd|rd|th|ms|s|m|h|d|px|%)?$/i
const TIME = /^\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}(?:T[\d:.Z+-]*)?$|^\d{1,2}:\d{2}$/
const VERSION = /^v?\d+(?:\.\d+)+(?:[-+][\w.]+)?$/
/** Digits of one password or pin that stands in a sentence. */
const LONG_NUMBER = 6

/** Whether a word of a sentence can only be a value: it has digits or signs that words of languages do not have. */
function isStrict(word: string, demand: Demand): boolean {
  const value = word.replaceAll(/^["'`“‘«]+|["'`”’»]+$/g, '')
  if (demand === 'pin') return /^\d[\d -]{1,6}\d$/.test(value)
  if (
    value.length < 4 ||
    isNoValue(value) ||
    CJK.test(value) ||
    TIME.test(value) ||
    VERSION.test(value) ||
    /^https?:/.test(value)
  )
    return false
  if (UNIT.test(value)) return /^\d+$/.test(value) && value.length >= LONG_NUMBER
  if (/^(?:#|@)?[A-Z]{1,6}-\d+$/.test(value) || /^[#@]\d+$/.test(value)) return false
  return /\d/.test(value)
    ? /[A-Za-z!@$%^&*_+=~]/.test(value) || /^\d+$/.test(value)
    : /[!@#$%^&*+=~]/.test(value.slice(0, -1)) && !value.includes('@')
}

const ID_WORDS = /^[A-Za-z]{0,3}\d[\dA-Za-z./-]*(?: [A-Z]{0,2}\d[\dA-Z./-]*)*/
const NAME_WORDS = /^\p{Lu}[\p{L}'’-]*(?: (?:\p{Lu}[\p{L}.'’-]*|de|van|von|der|la|bin|al|da|dos|di|del|y))*$/u
/** Kinds with digits are known in a sentence too, if there are as many as in no year. */
const ID_DIGITS = 6
const ID_DEMANDS: ReadonlySet<Demand> = new Set(['digits', 'long-digits', 'card', 'phone', 'code'])

function judgePerson({ text, form, kind }: Candidate, word: string): Extent | undefined {
  if (isNoValue(word) || isType(word)) return undefined
  if (ID_DEMANDS.has(kind.demand)) {
    const id = (/^\+?\(?/.exec(text)?.[0] ?? '') + (ID_WORDS.exec(text.replace(/^\+?\(?/, ''))?.[0] ?? '')
    if (form === 'phrase' || form === 'label')
      return id.replaceAll(/\D/g, '').length >= ID_DIGITS ? id.length : undefined
    return (form === 'assignment' || form === 'statement') && !/\d/.test(text) ? undefined : 'line'
  }
  if (form === 'phrase' || form === 'label' || form === 'assignment' || form === 'statement') return undefined
  if (kind.demand === 'name' && form === 'entry') return NAME_WORDS.test(text.trim()) ? 'line' : undefined
  return 'line'
}

/** A value in quotes behind a name in text: not a reference, a message, or what a form is called. */
export function isQuotedValue({ word }: KeyKind, text: string): boolean {
  // A form that is called by its own name: `lastName: "lastName"`.
  if (text.replaceAll(/[\s_-]/g, '').toLowerCase() === word.replaceAll('_', '')) return false
  // A quote behind a name may end a string of code that the name stands in: `"token: " + token`.
  const isBetween = /^\s*(?:[+&|]{1,2}|[,;)\]}]+)(?:\s|\\n|$)/.test(text)
  return (
    !isBetween &&
    !isPlaceholder(text) &&
    !isNoValue(text) &&
    !isProse(text) &&
    !/^urn:|\$\{|^%[sdv]$|\{\w*\}/.test(text)
  )
}
