import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import type { Finding } from '../find/finding.ts'
import { compilePattern, patternDetector } from './pattern-detector.ts'

/** Found in the configuration as they are: their own examples do not keep them busy. */
const PATTERNS = [
  'EMP-\\d{1,64}[A-Z]{0,64}',
  '\\bref[- ]?[0-9a-f]{8,64}\\b',
  '[a-z]{0,40}key[a-z]{0,40}',
  '(?:abc|bcd){1,20}',
]
const TEXTS = ['EMP-', 'EMP-1', 'ref-0', 'ref0123456789', 'key', 'keykeyx', 'abc', 'abcd', 'EMP-1A ', 'ref ']

describe('a text that is made to be slow', () => {
  it.each(PATTERNS)('costs %s twice as much where it is twice as long', (pattern) => {
    for (const piece of TEXTS) {
      const half = costOf(pattern, piece.repeat(32_768 / piece.length))
      const whole = costOf(pattern, piece.repeat(65_536 / piece.length))
      expect(whole).toBeLessThanOrEqual(2.2 * half + 2_000)
      // What the collector allows a message for each of its bytes.
      expect(whole).toBeLessThan(400 * 65_536)
    }
  })
})

describe('looking around words only', () => {
  it.each(PATTERNS)('misses nothing that a search of the whole text finds: %s', (pattern) => {
    const random = randomFrom(pattern.length)
    const pieces = [
      'EMP-12',
      'A',
      'B',
      ' ref-',
      'ref',
      'deadbeef',
      '01234567',
      'key',
      'abc',
      'bcd',
      ' ',
      'x',
      'é',
      '😀',
      '-',
    ]
    let count = 0
    for (let round = 0; round < 60; round++) {
      const text = Array.from({ length: 200 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
      const covered = coveredBy(pattern, text)
      const matcher = RE2JS.compile(pattern).matcher(text)
      while (matcher.find()) {
        const start = encodeUtf8(text.slice(0, matcher.start())).length
        const end = start + encodeUtf8(String(matcher.group())).length
        expect(covered.slice(start, end)).not.toContain(0)
        count++
      }
    }
    expect(count).toBeGreaterThan(50)
  })
})

/** Marks bytes that are found. */
function coveredBy(pattern: string, text: string): number[] {
  const covered = Array.from(encodeUtf8(text), () => 0)
  for (const { start, end } of run(pattern, text).findings) covered.fill(1, start, end)
  return covered
}

function costOf(pattern: string, text: string): number {
  return run(pattern, text).cost
}

function run(pattern: string, text: string): { findings: Finding[]; cost: number } {
  const compiled = compilePattern(pattern)
  if ('mistake' in compiled) throw new Error(compiled.mistake)
  const detector = patternDetector(compiled, { entity: 0, name: 'x', score: 1, isAllowed: () => false })
  const view = { bytes: encodeUtf8(text), raw: false }
  const findings: Finding[] = []
  let cost = 0
  const sink = {
    may: () => true,
    add: (finding: Finding) => void findings.push(finding),
    spend: (bytes: number) => void (cost += bytes),
  }
  for (const { word, start, end } of hitsOf(detector.words, text)) detector.verify({ view, word, start, end }, sink)
  return { findings, cost }
}

/** As the scan gives them: in the order of their ends. */
function hitsOf(words: readonly string[], text: string): { word: number; start: number; end: number }[] {
  // One byte for each character keeps places those of the bytes.
  const bytes = String.fromCharCode(...encodeUtf8(text)).toLowerCase()
  const hits: { word: number; start: number; end: number }[] = []
  for (const [word, spelling] of words.entries())
    for (let start = bytes.indexOf(spelling); start >= 0; start = bytes.indexOf(spelling, start + 1))
      hits.push({ word, start, end: start + spelling.length })
  return hits.toSorted((a, b) => a.end - b.end)
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
