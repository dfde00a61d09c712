import { entityId } from '../entities.ts'
import { isCode, isComplaint, isDeclared, isPattern, isSentence, isSigned } from './code-shapes.ts'
import type { KeyKind } from './dictionary.ts'
import { isNoValue, isPlaceholder, TYPE_NAMES } from './no-values.ts'
import { isOwnName, isVariableName } from './own-names.ts'
import { CJK, isStrict } from './strict-values.ts'
import type { Demand } from './words.ts'

/** An unquoted value behind a name in text, as far as its line goes. */
export interface Candidate {
  readonly kind: KeyKind
  /** What stands on the line before the name. */
  readonly before: () => string
  readonly name?: () => string
  readonly text: string
  readonly form: Form
}

/**
 * How sure it is that a value follows. `pair`: `NAME=value` of files, logs and URLs. `assignment`: `name = value`, which code
 * writes too. `statement`: `name := value` and others that only code writes. `entry`: `name: value` on a line of its own,
 * among others. `label`: the same, alone. `phrase`: anywhere in prose.
 */
export type Form = 'pair' | 'assignment' | 'statement' | 'entry' | 'label' | 'phrase'

/** How much of the line is the value: all, the first word, or this many bytes of it. */
export type Extent = 'line' | 'word' | number

export function judge(asked: Candidate): Extent | undefined {
  const { form, kind } = asked
  const text = form === 'pair' ? asked.text : asked.text.replace(/\s+(?:#|\/\/).*$/, '')
  const [word = ''] = /^\S+/.exec(text) ?? []
  const bare = word.replace(/[.,;:)\]}]+$/, '')
  if (form === 'phrase' && kind.isSecret && !mayBePhrase(asked, bare)) return undefined
  if (isStandIn(text, bare) || isOtherMeaning(asked)) return undefined
  if (isCodeOnly({ ...asked, text }, bare) || isOwnName(asked, bare)) return undefined
  return kind.isSecret ? SECRETS[form]({ ...asked, text }, bare) : judgePerson({ ...asked, text }, word)
}

/** Code, and not a value that can be nothing else: one that is no code for all its signs, or that a sentence follows. */
function isCodeOnly({ text, form, kind }: Candidate, bare: string): boolean {
  if (!isCode(text, { isPlain: form === 'pair' })) return false
  if (!kind.isSecret || !isStrict(bare, kind.demand)) return true
  if (form !== 'statement' && isSigned(bare)) return isType(/\w+/.exec(bare)?.[0] ?? '')
  return !SAID_FORMS.has(form) || !isSentence(text)
}

const SAID_FORMS: ReadonlySet<Form> = new Set(['phrase', 'label', 'entry'])

function isStandIn(text: string, bare: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text) || isPlaceholder(bare.replace(/['"`]+$/, '')) || isPlaceholder(text)
}

/** `--- PASS: TestFoo (0.01s)` of test runs, and `passwd: files` of nsswitch.conf. */
function isOtherMeaning({ kind: { word }, text, before }: Candidate): boolean {
  if (word === 'pass') return /\(\d[\d.]*m?s\)/.test(text) || /[-=]{3}\s*$/.test(before())
  return word === 'passwd' && NAME_SERVICES.test(text)
}

const NAME_SERVICES =
  /^(?:(?:files|compat|systemd|db|sss|ldap|nis|nisplus|dns|winbind|hesiod|extrausers|altfiles|cache|\[\S+\])(?:\s+|$))+$/

/** By form: how much of what stands behind the name of a secret is one. */
const SECRETS: Readonly<Record<Form, (candidate: Candidate, bare: string) => Extent | undefined>> = {
  pair: (_, bare) => lineUnless(EMPTY.test(bare)),
  assignment: (candidate, bare) => lineUnless(isToldOf(candidate.text, bare, bare) || isVariable(candidate, bare)),
  statement: ({ kind }, bare) => lineUnless(!isStrict(bare, kind.demand)),
  entry: ({ text, kind }, bare) => lineUnless(isToldOf(text, bare, text) || CAMEL.test(bare) || isTypeName(kind, bare)),
  label: judgeLabel,
  phrase: judgePhrase,
}

function lineUnless(isNone: boolean): Extent | undefined {
  return isNone ? undefined : 'line'
}

/** What stands there speaks about a value: `one` is all of it, or its first word. */
function isToldOf(text: string, bare: string, one: string): boolean {
  return isNoValue(one) || isType(bare) || isProse(text)
}

function judgePhrase(candidate: Candidate, bare: string): Extent | undefined {
  return isComplaint(candidate.before()) || isType(bare) ? undefined : 'word'
}

/** Asked first: most of what stands behind a name in prose is a word like any other. */
function mayBePhrase(candidate: Candidate, bare: string): boolean {
  return isStrict(bare, candidate.kind.demand) || isOwned(candidate, bare)
}

const OWNERS =
  /\b(?:my|your|our|new|temporary|initial|default|mein|dein|ihr|neues|mi|tu|su|mon|ma|votre|ton|meu|minha|sua|mio|mia|tua|mijn|je|uw|moje|twoje|můj|mitt|ditt|мой|ваш)\s+$/i

/** "my token: x": said of somebody's own, whatever it looks like. */
function isOwned({ before, text, kind }: Candidate, bare: string): boolean {
  return kind.demand === 'any' && !/\s/.test(text.trim()) && OWNERS.test(before()) && !isNoValue(bare) && !isType(bare)
}

/** Values of settings that are no secret, and what logs say instead of one. */
const EMPTY =
  /^(?:null|none|nil|undefined|true|false|yes|no|n\/a|required|invalid|missing|expired|present|absent|set|unset|valid|ok|string|incorrect|revoked|redacted|masked|hidden|filtered|removed|[{[(])$/i

function isType(word: string): boolean {
  return TYPE_NAMES.has(word.toLowerCase().replaceAll(/^[&*[\]?]+|[?[\]|]+$/g, ''))
}

const CAMEL = /^[a-z]{2,}(?:[A-Z][a-z]+)+$/
/** `TokenCredential`, `ParseResults`; behind a password only what is said of types. */
const TYPE_NAME = /^[A-Z]+[a-z]+(?:[A-Z]+[a-z]*)+$/
const TYPE_END =
  /(?:Str|String|Bytes|Secret|Type|Value|Field|Provider|Input|Output|Options?|Results?|Config|Credentials?|Buffer|Ref|Reference|Source|Record|Info|Data|Policy|Schema|Object|Params?|Client|Model|Service)$/

function isTypeName({ entity }: KeyKind, bare: string): boolean {
  return TYPE_NAME.test(bare) && (entity !== PASSWORD || TYPE_END.test(bare))
}

/** `const token = element`: letters only, where code declares something, or what no token looks like. */
function isVariable({ before, name, text, kind }: Candidate, bare: string): boolean {
  if (kind.entity !== PASSWORD && kind.demand !== 'pin' && /^\d{1,9}(?:\W|$)/.test(text)) return true
  if (/^\d{1,4},\s*$/.test(text)) return CONSTANT.test(name?.() ?? '')
  if (!/^[A-Za-z_$]+$/.test(bare)) return false
  return isDeclared(before() + (name?.() ?? '')) || kind.entity !== PASSWORD || CAMEL.test(bare)
}

const PASSWORD = entityId('password')
/** `GPG_ERR_INV_PASSPHRASE = 31,`: one of many numbers with names. */
const CONSTANT = /^[A-Z\d]+(?:_[A-Z\d]+){2,}$/

const ARTICLE = /^(?:the|an?|your|this|der|die|das|ein|eine|el|la|los|le|les|un|une|o|os|il|lo|de|het|een)\s/i

/** Words that tell something: an article, or two or more that are no part of any value. */
function isProse(text: string): boolean {
  const words = text.trim().split(/\s+/)
  if (words.length > 1 && ARTICLE.test(text) && /^[\p{L} .]+$/u.test(text)) return true
  return words.length > 1 && words.filter((word) => isNoValue(word)).length >= 2
}

/** A scheme with its credentials, or cookies, of which the second is as secret as the first. */
function isOfSeveral({ word }: KeyKind, text: string): boolean {
  return /^(?:bearer|basic|digest|negotiate)\s+\S{6}/i.test(text) || (word.endsWith('cookie') && COOKIES.test(text))
}

const COOKIES = /^[^\s=;]+=[^;]*;\s*[^\s=;]+=/

/** A word alone behind a label is a value unless it speaks about one; of several words, the first must look like one. */
function judgeLabel({ text, kind, before }: Candidate, bare: string): Extent | undefined {
  if (isOfSeveral(kind, text)) return 'line'
  if (isNoValue(bare) || isType(bare) || isTypeName(kind, bare) || isComplaint(before()) || CJK.test(bare))
    return undefined
  const isAlone = !/\s/.test(text.replace(/\s+[#/].*$/, '').trim())
  if (isStrict(bare, kind.demand)) return 'word'
  return isAlone && kind.demand === 'any' && !/[,;{([]$/.test(text.trim()) ? 'word' : undefined
}

const ID_WORDS = /^\+?\(?[A-Za-z]{0,3}\d[\dA-Za-z./-]*(?: [A-Z]{0,2}\d[\dA-Z./-]*)*/
const NAME_WORDS = /^\p{Lu}[\p{L}'’-]*(?: (?:\p{Lu}[\p{L}.'’-]*|de|van|von|der|la|bin|al|da|dos|di|del|y))*$/u
/** Kinds with digits are known in a sentence too, if there are as many as in no year. */
const ID_DIGITS = 6
const ID_DEMANDS: ReadonlySet<Demand> = new Set(['digits', 'long-digits', 'card', 'phone', 'code'])

/** Forms that prose and code have too: names and addresses are not known there. */
const LOOSE_FORMS: ReadonlySet<Form> = new Set(['phrase', 'label', 'assignment', 'statement'])

function judgePerson(candidate: Candidate, word: string): Extent | undefined {
  const { text, form, kind } = candidate
  if (isNoValue(word) || isType(word)) return undefined
  if (ID_DEMANDS.has(kind.demand)) return judgeId(candidate)
  if (LOOSE_FORMS.has(form) || isOfCode(kind, text)) return undefined
  return lineUnless(kind.demand === 'name' && form === 'entry' && !NAME_WORDS.test(text.trim()))
}

/** In text, an address is more than one word without digits, and files, functions and modules have names as well. */
function isOfCode({ word, demand }: KeyKind, text: string): boolean {
  if (demand === 'address') return text.startsWith('(') || (ADDRESSES.test(word) && ONE_WORD.test(text))
  return NAMES_OF_CODE.has(word) && /^(?:\w*_\w*|[a-z_]\w*(?:\.\w+)+)(?:[,;)]|$)|^\S*(?:::|%)/.test(text)
}

/** Not streets, which are called by one word. */
const ADDRESSES = /^(?:addr|adres|dirección|direccion|endere|indirizzo|osoite)/
const ONE_WORD = /^[\p{Script=Latin}\p{M}_-]+[,;)]*$/u
const NAMES_OF_CODE: ReadonlySet<string> = new Set(['fname', 'lname', 'fullname', 'full_name'])

function judgeId({ text, form }: Candidate): Extent | undefined {
  if (form === 'phrase' || form === 'label') {
    const id = ID_WORDS.exec(text)?.[0] ?? ''
    return id.replaceAll(/\D/g, '').length >= ID_DIGITS ? id.length : undefined
  }
  return lineUnless(LOOSE_FORMS.has(form) && !/\d/.test(text))
}

/** Colours that lexers give to tokens, and paths where one is asked for. */
const NO_TOKEN = /^(?:#(?:[\da-f]{3,8}|ansi[a-z]+)|(?:\/[a-z][a-z_-]{0,20}){1,4})$/i

/** A quote behind a name may end a string of code that the name stands in: `"token: " + token`, `"token=" . $x . "&y"`. */
const BETWEEN =
  /^\s*(?:\+[A-Za-z_$][\w$.]*[,);]|(?:[+&|]{1,2}|<<|[,;)\]}]+)(?:\s|\\n|$)|(?:[+.&]|<<)\s*[A-Za-z_$][\w$.>()[\]-]*\s*(?:[+.&]|<<)\s*$)/

/** A value in quotes behind a name in text: not a reference, a message, or what a form is called. */
export function isQuotedValue(kind: KeyKind, text: string): boolean {
  const { word, entity } = kind
  // A form that is called by its own name: `lastName: "lastName"`.
  if (text.replaceAll(/[\s_-]/g, '').toLowerCase() === word.replaceAll('_', '')) return false
  return (
    !BETWEEN.test(text) &&
    !isPattern(text) &&
    !isVariableName(text, kind) &&
    !isType(text) &&
    !isOfCode(kind, text) &&
    (entity === PASSWORD || !NO_TOKEN.test(text)) &&
    !isToldInQuotes(text)
  )
}

/** Apostrophes that stand twice are of a string, not of a sentence. */
function isToldInQuotes(text: string): boolean {
  if (isPlaceholder(text) || isNoValue(text) || /^urn:|\$\{|^%[sdv]$|\{\w*\}/.test(text)) return true
  return isProse(text) && !text.includes("''")
}
