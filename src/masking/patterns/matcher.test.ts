import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { Matcher } from './matcher.ts'
import { inOrder, longestMatch } from './measure.ts'
import { compileProgram, type Program } from './program.ts'
import { triggersOf } from './triggers.ts'

const PATTERNS = [
  'ab{1,3}c?',
  '(?i)ab[cd]{2,4}',
  'abc|ab|abcd',
  'a{0,2}?bca',
  '\\babc\\b',
  '^abc|bca$',
  '(?m)^ab|c$',
  '(?s)ab.{0,3}c',
  'ab.{0,3}c',
  '(?:ab|bc|ca){2,3}',
  '(?:a?){4}bca',
  '[^a]bc[^\\n]d',
  '\\Babc',
  '(a|b)(c|d)abc',
  '(?i)élan|straße',
  'ab(?:c|d(?:a|b){0,2}){1,2}',
]
const LETTERS = [
  'a',
  'b',
  'c',
  'd',
  'A',
  'B',
  'C',
  ' ',
  '\n',
  '_',
  'é',
  'É',
  'ß',
  '😀',
  'abc',
  'Élan',
  'straSSe',
  'STRAẞE',
]

describe('the matcher', () => {
  it.each(PATTERNS)('finds just what re2js finds: %s', (pattern) => {
    const program = compiled(pattern)
    const random = randomFrom(pattern.length)
    let found = 0
    for (let round = 0; round < 400; round++) {
      const text = textOf(random, 1 + Math.floor(random() * 40), round % 2 === 0 ? LETTERS : LETTERS.slice(0, 4))
      const ours = allMatches(program, text)
      expect({ text, found: ours }).toEqual({ text, found: theirs(pattern, text) })
      found += ours.length
    }
    // Texts without a match prove little.
    expect(found).toBeGreaterThan(0)
  })

  it('looks beside the stretch that it searches, to know where words and texts end', () => {
    const codes = codesOf('xabcx')
    const matcher = new Matcher(compiled('\\babc\\b|^abc|abc$'))
    expect(matcher.find({ codes, from: 1, to: 4 }, 1)).toBeUndefined()
    expect(matcher.find({ codes: codesOf('abc'), from: 0, to: 3 }, 0)).toEqual({ start: 0, end: 3 })
  })
})

describe('what is known of a pattern', () => {
  it.each(PATTERNS)('is the length of its longest match, and words of which every match has one: %s', (pattern) => {
    const program = compiled(pattern)
    const order = inOrder(program) ?? []
    const longest = longestMatch(program, order)
    const triggers = triggersOf(program, order)
    const random = randomFrom(7 + pattern.length)
    for (let round = 0; round < 400; round++) {
      const text = textOf(random, 1 + Math.floor(random() * 40), LETTERS.slice(0, 7))
      for (const match of allMatches(program, text)) {
        expect(Array.from(match).length).toBeLessThanOrEqual(longest)
        // An empty word is in everything: where there are no words, nothing is said of them.
        expect((triggers ?? ['']).filter((word) => match.toLowerCase().includes(word))).not.toEqual([])
      }
    }
  })

  it.each([
    ['EMP-\\d{6}', ['emp-'], 10],
    ['(EMP|STAFF)-\\d{1,4}', ['emp-', 'staff-'], 10],
    ['\\d{3}-XQ-\\d{3}', ['-xq-'], 10],
    ['(?:x{1,9}y)?EMP', ['emp', 'xxxxxxxx', 'xxxxxxxy', 'xxxxxxye', 'xxxxxyem'], 13],
    ['(?:aa|bb)dd[ef]{0,500}', ['aadd', 'bbdd'], 504],
    ['"abc"\\s{0,2}defg', ['defg'], 11],
  ])('names the words and the length of %s', (pattern, words, longest) => {
    const program = compiled(pattern)
    const order = inOrder(program) ?? []
    expect(triggersOf(program, order)?.toSorted()).toEqual(words)
    expect(longestMatch(program, order)).toBe(longest)
  })

  it('has no order where a repeat has no end', () => {
    for (const pattern of ['ab*c', 'a+', 'abc{2,}', '(?:ab|c*)d']) expect(inOrder(compiled(pattern))).toBeUndefined()
  })
})

function compiled(pattern: string): Program {
  const program = compileProgram(pattern)
  if ('mistake' in program) throw new Error(program.mistake)
  return program
}

function allMatches(program: Program, text: string): string[] {
  const codes = codesOf(text)
  const matcher = new Matcher(program)
  const found: string[] = []
  for (let at = 0; at <= codes.length;) {
    const match = matcher.find({ codes, from: 0, to: codes.length }, at)
    if (match === undefined) break
    found.push(String.fromCodePoint(...codes.subarray(match.start, match.end)))
    at = Math.max(match.end, match.start + 1)
  }
  return found.filter((match) => match !== '')
}

function theirs(pattern: string, text: string): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text)
  const found: string[] = []
  while (matcher.find()) found.push(String(matcher.group()))
  return found.filter((match) => match !== '')
}

function codesOf(text: string): Int32Array {
  return Int32Array.from(Array.from(text), (character) => character.codePointAt(0) ?? 0)
}

function textOf(random: () => number, length: number, letters: readonly string[]): string {
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)] ?? 'a').join('')
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
