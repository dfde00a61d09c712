import { describe, expect, it } from 'vitest'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { type Asked, maskMessage } from './engine.ts'
import { makeRuleSet } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { MessageBook } from './surrogates/message-book.ts'

const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
const scanner = new Scanners([]).for(rules)

describe('a number below an object under its key', () => {
  it('is hidden there, and nowhere else while it is short', () => {
    const row = { passport: { number: 12345 }, n: 12345, text: 'seen 12345 times' }
    const { passport, n, text } = JSON.parse(mask(result({ row }))).result.row
    expect(passport.number).not.toBe(12345)
    expect({ n, text }).toEqual({ n: 12345, text: 'seen 12345 times' })
  })

  it('is hidden everywhere where it is long, or is known by another name too', () => {
    const rows = [
      { passport: { number: 123456789 }, n: 123456789 },
      { address: { zip: 12345 }, n: 12345 },
    ]
    expect(mask(result({ rows }))).not.toMatch(/12345/)
  })
})

describe('a number of JSON in a text', () => {
  const json = '{"card":4111111111111111,"pin":1234,"cards":[4111111111111111],"n":1}'

  it.each([
    ['behind words', `Found 1 row: ${json}`],
    ['in lines', `${json}\n${json}\n`],
    ['in a block of Markdown', `\`\`\`json\n${JSON.stringify(JSON.parse(json), undefined, 2)}\n\`\`\``],
    ['in a stream', `event: row\ndata: ${json}\n\n`],
  ])('stays a number, and the same as elsewhere: %s', (_, text) => {
    for (const around of [text, JSON.stringify({ a: text })]) {
      const { row, copy } = JSON.parse(mask(result({ row: JSON.parse(json), copy: around }))).result
      const inner = (around === text ? copy : JSON.parse(copy).a).match(/\{[^}]*\}/g)
      expect(inner.map((one: string) => JSON.parse(one))).toEqual(inner.map(() => row))
      expect(JSON.stringify([row, copy])).not.toMatch(/4111|1234|redacted|sur_/)
    }
  })
})

function result(members: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: members })
}

function mask(message: string): string {
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked: Asked = { scanner, rules, book, restored: [], schema: undefined, binary: 'pass' }
  const masked = maskMessage(encodeUtf8(message), asked)
  if (masked.kind === 'refused') throw new Error(masked.why)
  return decodeUtf8(masked.bytes)
}
