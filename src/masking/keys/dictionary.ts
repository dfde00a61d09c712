import { entityId, type EntityId } from '../entities.ts'
import { EXCEPTIONS, HARMLESS_FIRST, HARMLESS_LAST, KEEPS, OTHER_AFTER } from './harmless.ts'
import { ID_GROUPS } from './id-words.ts'
import { OTHER_MEANINGS } from './other-meanings.ts'
import { splitKey } from './split-key.ts'
import { type Demand, WORD_GROUPS, type WordGroup } from './words.ts'

/** What stands under a key. */
export interface KeyKind {
  readonly entity: EntityId
  /** The words of the key that decided, joined by `_`. */
  readonly word: string
  /** The name of the rule that finds its values: made once, not for each of them. */
  readonly rule: string
  readonly demand: Demand
  /** More than one is named: a number is their count, and an object may tell about them too. */
  readonly plural: boolean
  /** Passwords, keys and the like: what may never get through. */
  readonly isSecret: boolean
  /** Values that something else has under the same name. */
  readonly never?: RegExp | undefined
}

interface Entry {
  readonly entity: EntityId
  readonly group: WordGroup
  readonly phrase: string
}

/** Words in a phrase, at most. */
const PHRASE_WORDS_MAX = 5
/** A key that is an id itself, or an offset such as `cc2f`: its letters are no words. */
const HASH = /^(?:(?=.*\d)[\da-f]{6,}|(?=.*\d[a-f])[\da-f]{4,5})$/i
/** What was put in the place of a key says what that key was, and nothing of its value. */
const STAND_IN = /^(?:sur_[a-z][a-z_]*_[0-9a-z]{18}|h_[a-z][a-z_]*_[0-9a-z]{16}|redacted:[a-z][a-z_]*(?::\d+)?)$/
const SECRET_NAMES: ReadonlySet<string> = new Set(['secret', 'password', 'private_key', 'pin', 'card_verification'])
/** A word that ends with one of these is one: `dbpassword`, `Benutzerpasswort`. */
const ENDINGS = [
  'password',
  'passwd',
  'passwort',
  'kennwort',
  'passphrase',
  'wachtwoord',
  'parola',
  'losenord',
  'пароль',
]

export const KEY_GROUPS: readonly WordGroup[] = [...WORD_GROUPS, ...ID_GROUPS]

/** The phrases of a group, as they are written. */
export function phrasesOf(group: WordGroup): string[] {
  return group.words.split(',').map((phrase) => phrase.trim())
}

/** What secrets are called. */
export const SECRET_PHRASES: readonly string[] = KEY_GROUPS.filter(({ entity }) => SECRET_NAMES.has(entity)).flatMap(
  phrasesOf,
)

const WRITTEN: readonly (readonly [string, Entry])[] = KEY_GROUPS.toReversed().flatMap((group) =>
  phrasesOf(group).map((written) => {
    const words = splitKey(written)
    return [words.join(' '), { entity: entityId(group.entity), group, phrase: words.join('_') }] as const
  }),
)

/** Phrases with spaces and without; where two are spelled alike, the one that is written so, and of the first group, counts. */
const ENTRIES: ReadonlyMap<string, Entry> = new Map([
  ...WRITTEN.map(([words, entry]) => [words.replaceAll(' ', ''), entry] as const),
  ...WRITTEN,
])

/** Words of scripts without capitals are written without spaces, so a key ends with them. */
const UNSPACED: readonly Entry[] = [...ENTRIES]
  .filter(([words]) => words.toUpperCase() === words)
  .map(([, entry]) => entry)
  .toSorted((a, b) => b.phrase.length - a.phrase.length)

/** What a value under this key is; undefined where the key says nothing, or where it only tells about such a value. */
export function classifyKey(key: string): KeyKind | undefined {
  // Paths and addresses have words of their own.
  if (key.includes('/') || HASH.test(key) || STAND_IN.test(key)) return undefined
  const words = splitKey(key)
  if (words.length === 0 || EXCEPTIONS.has(words.join('_'))) return undefined
  const found = lastPhrase(words) ?? lastEnding(words)
  if (found === undefined) return undefined
  const { entry, start, end, plural } = found
  if (!keepsMeaning(words.slice(end), entry) || isOther(words.slice(0, start), entry)) return undefined
  const { group } = entry
  return {
    entity: entry.entity,
    word: entry.phrase,
    rule: `key.${entry.phrase}`,
    demand: group.demand,
    plural,
    isSecret: SECRET_NAMES.has(group.entity),
    never: OTHER_MEANINGS.get(key) ?? OTHER_MEANINGS.get(entry.phrase),
  }
}

/** The kind that is called so, by a whole phrase and no more. */
export function entityOfPhrase(text: string): EntityId | undefined {
  return ENTRIES.get(splitKey(text).join(' '))?.entity
}

interface Found {
  readonly entry: Entry
  readonly start: number
  readonly end: number
  readonly plural: boolean
}

/** The head of a name is its end: `card_holder_email` is an address of mail. */
function lastPhrase(words: readonly string[]): Found | undefined {
  for (let end = words.length; end > 0; end--) {
    for (let start = Math.max(0, end - PHRASE_WORDS_MAX); start < end; start++) {
      const phrase = words.slice(start, end).join(' ')
      const entry = ENTRIES.get(phrase)
      if (entry !== undefined) return { entry, start, end, plural: false }
      const one = /^(.*(?:ss|x))es$/.exec(phrase)?.[1] ?? /^(.*[^s])s$/.exec(phrase)?.[1]
      const single = one === undefined ? undefined : ENTRIES.get(one)
      if (single !== undefined) return { entry: single, start, end, plural: true }
    }
  }
  return undefined
}

function lastEnding(words: readonly string[]): Found | undefined {
  for (let end = words.length; end > 0; end--) {
    const word = words[end - 1] ?? ''
    const ending = ENDINGS.find((part) => word.endsWith(part) || word.endsWith(`${part}s`))
    const entry = ending === undefined ? UNSPACED.find(({ phrase }) => word.endsWith(phrase)) : ENTRIES.get(ending)
    if (entry !== undefined) return { entry, start: end - 1, end, plural: false }
  }
  return undefined
}

function keepsMeaning(after: readonly string[], { group }: Entry): boolean {
  if (group.hold === 'strong')
    return !after.some((word) => HARMLESS_LAST.has(word) && !KEEPS.has(word)) && !isTold(after)
  return after.every((word) => KEEPS.has(word))
}

/** `password_text_field`: words that keep a value keep it only where they stand last. */
function isTold(after: readonly string[]): boolean {
  const last = after.at(-1)
  return last !== undefined && HARMLESS_LAST.has(last) && !KEEPS.has(last)
}

function isOther(before: readonly string[], { phrase }: Entry): boolean {
  const first = before[0]
  if (first !== undefined && HARMLESS_FIRST.has(first)) return true
  const last = before.at(-1)
  return last !== undefined && OTHER_AFTER[phrase]?.has(last) === true
}

/** Whether the word before a name makes it the name of something else: "IP" before "address". */
export function isOtherBehind({ word }: KeyKind, before: string): boolean {
  const last = /[a-z]+$/.exec(before.toLowerCase())?.[0]
  return last !== undefined && OTHER_AFTER[word]?.has(last) === true
}
