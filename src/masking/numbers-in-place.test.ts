import { describe, expect, it } from 'vitest'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { type Asked, maskMessage, type MaskResult } from './engine.ts'
import { blockedText } from './refusal-words.ts'
import { makeRuleSet, type Terms } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { MessageBook } from './surrogates/message-book.ts'

const scanners = new Scanners([])

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

describe('a number with an exponent', () => {
  const spelled = '4111111111111111,4.111111111111111e15,41111111111111110e-1,4.111111111111111E+15'

  it('is hidden as the same number in digits is, whole and with the same stand-in', () => {
    for (const text of [
      `{"r":[${spelled}]}`,
      `{"r":"rows: [${spelled}]"}`,
      `rows: [${spelled}]`,
      `{"r":"rows:\\n[${spelled}]"}`,
    ]) {
      const [, hidden = ''] = /\[(.*)\]/.exec(mask(text)) ?? []
      expect(hidden).toMatch(/^(1\d{15})(?:,\1){3}$/)
    }
  })

  it('has a stand-in that is as long as it is, where a key names it', () => {
    expect(mask('{"ssn":7.8051120e7,"n":{"passport":1.234567891e+9}}')).toMatch(
      /^{"ssn":1\d{7},"n":{"passport":1\d{9}}}$/,
    )
  })

  it('is left alone where its digits are nobody’s', () => {
    const text =
      '{"a":4.211111111111111e15,"b":1.2345678901234567e+300,"c":"41111111e8f","d":12345678E2,"e":-0.00012345678e-7}'
    expect(mask(text)).toBe(text)
  })
})

describe('true and false in a field that a rule names', () => {
  const terms = [{ fields: ['*.verified', '*.x'], with: 'redact' as const }]

  it('are null in a list, which would have fewer values without them', () => {
    const masked = mask(result({ verified: [true, false, null], n: 1, text: '{"verified":[[true]]}' }), terms)
    expect(JSON.parse(masked).result).toEqual({ verified: [null, null, null], n: 1, text: '{"verified":[[null]]}' })
  })

  it('let nothing pass where the schema of the tool asks for them', () => {
    const document = { properties: { verified: { type: 'array', items: { type: 'boolean' } } } }
    const schema = { at: ['r'], document, checks: { accepts: () => false, matches: () => true } }
    expect(tried('{"r":{"verified":[true]}}', terms, schema)).toMatchObject({ why: 'schema-impossible' })
  })

  it('are not laid on a schema where there is none', () => {
    const refused = tried('{"x":1e9999999}', terms)
    if (refused.kind !== 'refused') throw new Error('nothing stands for a number without end')
    expect(blockedText(refused)).toBe(
      'The reply was withheld: a value must be hidden, and nothing can stand in its place.',
    )
  })
})

function result(members: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: members })
}

function mask(message: string, terms: readonly Terms[] = []): string {
  const masked = tried(message, terms)
  if (masked.kind === 'refused') throw new Error(masked.why)
  return decodeUtf8(masked.bytes)
}

function tried(message: string, terms: readonly Terms[], schema?: Asked['schema']): MaskResult {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked: Asked = { scanner: scanners.for(rules), rules, book, restored: [], schema, binary: 'pass' }
  return maskMessage(encodeUtf8(message), asked)
}
