// Shapes of secrets: a small part of the language of regular expressions, matched on bytes at one place. No `*`, no `+`, no
// `.` that means anything: each part has a greatest length, so a match reads a bounded number of bytes.
import type { View } from '../find/view.ts'
import { ALNUM, classAt, setOf, WORD } from './chars.ts'

type Bytes = View['bytes']

/** Some of the same characters in a row. */
interface Run {
  readonly table: Uint8Array
  readonly least: number
  readonly most: number
}

interface Part extends Run {
  /** What follows cannot be one of its own characters, so the longest run is the only one that can be right. */
  readonly takesAll: boolean
}

export interface Shape {
  readonly parts: readonly Part[]
  /** The first characters that are always the same, in lower case; what the scan looks for. */
  readonly word: string
  /** How many bytes stand before the word. */
  readonly wordAt: number
}

/** An open-ended part (`{20,}`) takes this many bytes; the window of a secret with a prefix is 512 (design 3.4). */
const OPEN_MOST = 512
/** A word that is shorter is replaced by a later one where the shape has one at a fixed place. */
const WORD_LEAST = 2

const DIGITS = '0123456789'
const LOWERS = 'abcdefghijklmnopqrstuvwxyz'
const UPPERS = LOWERS.toUpperCase()
const ESCAPES: Readonly<Record<string, string>> = {
  a: DIGITS + LOWERS + UPPERS,
  d: DIGITS,
  h: `${DIGITS}abcdefABCDEF`,
  l: DIGITS + LOWERS,
  u: DIGITS + UPPERS,
  w: `${DIGITS + LOWERS + UPPERS}_`,
}

/**
 * Shapes of a text: characters stand for themselves; `\d` digits, `\h` hexadecimal, `\a` letters and digits, `\l` and `\u`
 * the same in one case, `\w` with underscore; `[...]` one of these and ranges; `{n}`, `{n,m}`, `{n,}`; `(a|b)` gives a shape
 * for each. Full stops are just full stops.
 */
export function shapesOf(text: string): Shape[] {
  return alternativesOf(text).map((alternative) => {
    const parts = partsOf(alternative).map((part, index, all) => ({
      ...part,
      takesAll: takesAll(part, all[index + 1]),
    }))
    return { parts, ...wordOf(parts) }
  })
}

/** Where the longest match that begins at `at` ends; -1 where there is none. */
export function matchShape({ parts }: Shape, bytes: Bytes, at: number): number {
  return matchParts(parts, 0, bytes, at)
}

/**
 * Whether what follows at `end` could still belong to what the shape matched: then it is something else. A sign that the
 * shape allows goes on only with a letter or digit after it; a full stop may just end a sentence.
 */
export function goesOn({ parts }: Shape, bytes: Bytes, end: number): boolean {
  if ((classAt(bytes, end) & ALNUM) !== 0) return true
  if (parts.at(-1)?.table[bytes[end] ?? 0] !== 1) return false
  return (classAt(bytes, end) & WORD) !== 0 || (classAt(bytes, end + 1) & WORD) !== 0
}

function matchParts(parts: readonly Part[], index: number, bytes: Bytes, at: number): number {
  const part = parts[index]
  if (part === undefined) return at
  let count = 0
  while (count < part.most && part.table[bytes[at + count] ?? 0] === 1) count++
  for (; count >= part.least; count--) {
    const end = matchParts(parts, index + 1, bytes, at + count)
    if (end >= 0 || part.takesAll) return end
  }
  return -1
}

function alternativesOf(text: string): string[] {
  const group = /\(([^()]*)\)/.exec(text)
  if (group === null) return [text]
  const before = text.slice(0, group.index)
  const after = text.slice(group.index + group[0].length)
  return (group[1] ?? '').split('|').flatMap((choice) => alternativesOf(before + choice + after))
}

function takesAll({ table }: Run, next: Run | undefined): boolean {
  return next !== undefined && next.least > 0 && !table.some((one, byte) => one === 1 && next.table[byte] === 1)
}

function partsOf(text: string): Run[] {
  const pieces = text.matchAll(/(?:\[((?:\\?[^\]])*)\]|\\(\w)|([^[\]{}]))(?:\{(\d+)(,?)(\d*)\})?/g)
  return [...pieces].map(([, inside, escape, character, least, comma, most]) => {
    const table = setOf(inside === undefined ? (ESCAPES[escape ?? ''] ?? character ?? '') : insideOf(inside))
    const low = least === undefined ? 1 : Number(least)
    const open = most === '' || most === undefined ? OPEN_MOST : Number(most)
    return { table, least: low, most: comma === ',' ? open : low }
  })
}

/** The characters of a class: `\\w=-`, `A-Z2-7`. */
function insideOf(inside: string): string {
  let characters = ''
  for (let at = 0; at < inside.length; at++) {
    const [character = '', second, third] = inside.slice(at, at + 3)
    if (character === '\\') {
      characters += ESCAPES[second ?? ''] ?? ''
      at += 1
    } else if (second === '-' && third !== undefined) {
      characters += rangeOf(character, third)
      at += 2
    } else characters += character
  }
  return characters
}

function rangeOf(from: string, to: string): string {
  const first = from.charCodeAt(0)
  return Array.from({ length: to.charCodeAt(0) - first + 1 }, (_, index) => String.fromCharCode(first + index)).join('')
}

/** The first run of fixed characters at a fixed place that is long enough. */
function wordOf(parts: readonly Run[]): { readonly word: string; readonly wordAt: number } {
  let before = 0
  let word = ''
  for (const { table, least, most } of parts) {
    const only = least === 1 && most === 1 ? onlyOf(table) : undefined
    if (only !== undefined) word += only
    else if (word.length >= WORD_LEAST || least !== most) break
    else {
      before += word.length + least
      word = ''
    }
  }
  return { word: word.toLowerCase(), wordAt: before }
}

function onlyOf(table: Uint8Array): string | undefined {
  const first = table.indexOf(1)
  return first >= 0 && table.indexOf(1, first + 1) < 0 ? String.fromCharCode(first) : undefined
}
