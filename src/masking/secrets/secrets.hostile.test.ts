import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { entityId } from '../entities.ts'
import type { Finding, Sink } from '../find/finding.ts'
import { SECRET_DETECTORS } from './detectors.ts'

const SIZE = 65_536
/** What a message may cost, as the engine counts it: bytes looked at for each byte of it. */
const SPENT_MOST = 400

const PARTS = [
  'token=',
  '?token=a',
  'secret ',
  'password=',
  ';password=b',
  'bearer ',
  'authorization: basic ',
  'eyJhbGciOiJ',
  '=eyJhbGciOiJIUzI1NiJ9.eyJhIjoi',
  '.eyJhbGciOiJIUzI1NiJ9',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY----- aaaaaaaaaaaaaaaaaaaaaaaa ',
  'kind: Secret ',
  'data:\n  a: aaaa\n',
  'machine a login b ',
  'a://b:c@',
  'a://b:c(',
  "a://b:c'd@",
  'curl -u a:b ',
  'mysql -u a -p b ',
  '692901 is your ',
  'htpasswd -b a ',
  'curl -ua:',
  'facebook|',
  "alter user a identified by 'b",
  "create user a password '\\\\",
  'sk-',
  'glpat-',
  'twitter token = ',
  '\\\\',
]

describe('texts that are made to be slow', () => {
  it.each(PARTS)('%j over and over costs twice as much for twice as many, and less than is allowed', (part) => {
    const [small, large] = [SIZE, 2 * SIZE].map((size) => costOf(part.repeat(size / part.length)))
    expect(large?.spent).toBeLessThan(SPENT_MOST)
    expect(large?.spent).toBeLessThanOrEqual(1.1 * (small?.spent ?? 0) + 1)
    expect(large?.reads).toBeLessThanOrEqual(1.1 * (small?.reads ?? 0) + 1)
  })

  it.each([
    ['a key of JSON', `{"kty":"a",${'\\'.repeat(8_000)}}`],
    ['a Secret of YAML', `kind: Secret\n${'\\'.repeat(4_000)}\n`],
    ['a Secret of JSON', `"kind":"Secret",${'\\'.repeat(4_000)} `],
    ['a list', `mysql",${' '.repeat(490)}`],
    ['the end of a list', `mysql"${' '.repeat(490)}`],
    ['a list in lines', `mysql"${'\r\n'.repeat(240)}`],
  ])('%s is read once, with whatever it is filled', (_, part) => {
    const text = part.repeat(SIZE / part.length)
    expect(cpuMs(() => costOf(text))).toBeLessThan(SIZE / 1_024)
  })

  it('nothing is looked at where no secret is wanted', () => {
    expect(costOf('token=a1b2 eyJhbGciOiJ AKIA '.repeat(100), () => false)).toEqual({ spent: 0, reads: 0 })
  })
})

/** For each byte: what the detectors say that they looked at, and what they found. */
function costOf(text: string, may: Sink['may'] = () => true): { readonly spent: number; readonly reads: number } {
  const bytes = encodeUtf8(text)
  const found: Finding[] = []
  let spent = 0
  const sink: Sink = { may, add: (finding) => void found.push(finding), spend: (count) => void (spent += count) }
  const lower = text.toLowerCase()
  for (const { words, verify } of SECRET_DETECTORS)
    words.forEach((word, index) => {
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
        verify({ view: { bytes, raw: false }, start: at, end: at + word.length, word: index }, sink)
    })
  expect(found.every(({ entity, start, end }) => entity >= entityId('secret') && start < end)).toBe(true)
  return { spent: spent / bytes.length, reads: found.length / bytes.length }
}
