import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { scopeBook } from '../../test/support/masking/scope-book.ts'
import { decodeUtf8, encodeUtf8, toBase64 } from '../base/bytes.ts'
import { maskMessage } from './engine.ts'
import { makeRuleSet, type Terms } from './rule-set.ts'
import { Scanners } from './scanners.ts'
import { MessageBook } from './surrogates/message-book.ts'

const scanners = new Scanners([])
const PASSWORD = 'hunt-er2!Hunter2'
const CARD = '4999 9999 9999 9996'

describe('a value that is hidden in one place is hidden', () => {
  const spelled: readonly (readonly [where: string, copy: unknown])[] = [
    ['in a text', `is ${PASSWORD} really`],
    ['in base64 that is short', base64(PASSWORD)],
    ['in base64 of percent signs', base64(each(PASSWORD, percent))],
    ['in base64 of references', base64(each(PASSWORD, (one) => `&#${one.charCodeAt(0)};`))],
    ['in base64 above a word', `${base64(`${PASSWORD}\n`.repeat(6).trim())}\nlater`],
    ['in wide letters', each(PASSWORD, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))],
    ['with an invisible character in it', `${PASSWORD.slice(0, 5)}\u200b${PASSWORD.slice(5)}`],
    ['with a colour in it', `is ${PASSWORD.slice(0, 5)}\u001b[31m${PASSWORD.slice(5)} really`],
    ['in percent signs of wide letters', encodeURIComponent(PASSWORD.replace('h', '\uff48'))],
    ['three texts down', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: PASSWORD }) }) })],
    ['as a key', { [PASSWORD]: 1 }],
  ]

  it.each(spelled)('%s, where a key has shown it', (_, copy) => {
    const masked = mask(result({ password: PASSWORD, copy }))
    expect(readable(masked)).not.toContain(PASSWORD)
    expect(masked).not.toContain(JSON.stringify(copy))
  })

  it.each(spelled)('%s, where a document in base64 has shown it', (_, copy) => {
    const blob = base64(JSON.stringify({ password: PASSWORD, n: 1 }))
    const masked = mask(result({ copy, content: { uri: 'a:b', blob } }))
    expect(readable(masked)).not.toContain(PASSWORD)
    expect(masked).not.toContain(JSON.stringify(copy))
  })

  it('in each of several documents in base64, whichever of them has shown it', () => {
    const [plain, shows] = [base64(`it is ${PASSWORD}`), base64(`password: ${PASSWORD}`)]
    const masked = mask(result({ list: [plain, shows, plain].map((blob) => ({ blob })) }))
    expect(readable(masked)).not.toContain(PASSWORD)
  })

  it('with another hyphen, whatever stands beside it', () => {
    const value = 'Kx.-Urf9z7-.Wq4'
    const masked = mask(result({ password: value, copy: `is ${value.replaceAll('-', '\u2010')} really` }))
    expect(masked).not.toContain('Urf9z7')
  })

  it('in a document in base64, where a longer value holds it that stands there as another one', () => {
    const data = base64(JSON.stringify({ card: '4111 1111 1111 1111', note: 'Kx9steaf"5\\8tbp' }))
    const text = String.raw`"password":"Kx9steaf\\"5\\\8tbp"/`
    const message = result({
      content: [
        { type: 'image', data },
        { type: 'text', text },
      ],
    })
    const masked = JSON.parse(mask(message.replace('tbp\\"/', 'tbp\\"\\/')))
    expect(readable(masked.result.content[0].data)).not.toContain('Kx9steaf')
  })

  it('in escapes, at every depth', () => {
    const escaped = each(PASSWORD, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    const inner = `{"t":"see ${escaped}"}`
    const deep = JSON.stringify({ a: JSON.stringify({ b: inner }) })
    expect(mask(result({ password: PASSWORD, deep }))).not.toContain('u0068')
  })

  it('as a number without its separators, which stays a number', () => {
    const masked = JSON.parse(mask(result({ account_number: '8444 682 53', row: { n: 844_468_253 } })))
    expect(masked.result.row.n).not.toBe(844_468_253)
    expect(typeof masked.result.row.n).toBe('number')
  })

  it('in a document in base64 where another kind that may be shown would be shown', () => {
    const escaped = each('T28413653', (one) => `\\u00${one.charCodeAt(0).toString(16)}`)
    const blob = base64(`{"us_p\\u0061ssport":"${escaped}","email":"joe@example.com"}`)
    const masked = mask(result({ text: 'passport""T28413653', content: { uri: 'a:b', blob } }))
    expect(readable(masked)).not.toContain(escaped)
  })

  it('where another kind of value that may be shown would be shown', () => {
    const masked = mask(result({ text: "license='11-45-487998'", us_driver_license: '11-45-487998' }))
    expect(masked).not.toContain('487998')
  })
})

describe('a value that was hidden may stay', () => {
  it('in a field that a rule shows, unless it is a secret', () => {
    const fields = [{ fields: ['*.public'], with: 'allow' as const }]
    const mail = JSON.parse(mask(result({ public: 'joe@example.com', text: 'joe@example.com' }), fields))
    expect(mail.result.public).toBe('joe@example.com')
    expect(mail.result.text).not.toContain('joe')
    expect(tried(result({ public: `x ${PASSWORD}`, password: PASSWORD }), fields)).not.toContain(PASSWORD)
  })

  it('in a cursor, which is sealed', () => {
    const nextCursor = base64('{"after":"joe@example.com","n":17,"x":1}')
    const masked = JSON.parse(mask(result({ nextCursor, text: 'joe@example.com' })))
    expect(masked.result.nextCursor).toBe(nextCursor)
    expect(masked.result.text).not.toContain('joe')
  })
})

describe('a value', () => {
  it.each(['email', 'secret', 'de_health_insurance', 'redacted'])('may be the name of a kind: %s', (password) => {
    expect(mask(result({ text: `| n | token |\n|---|---|\n| 1 | ${password} |`, e: 'joe@example.com' }))).not.toContain(
      'joe',
    )
  })
})

describe('a stand-in', () => {
  it.each([
    ['percent signs', 'userpass=\'abc%d\'s:%s:s:"%08%s"'],
    ['percent signs after words', '`%E2 value_name:`element`element:` token:`value_name`'],
    ['references', 'P@d@e.nb?a@s&amp;'],
  ])('gives no name to what stands beside it in a text with %s', (_, text) => {
    expect(mask(result({ text }))).toMatch(/redacted:|sur_/)
  })
})

describe('what is looked into', () => {
  it('includes what a terminal colours', () => {
    const [on, off] = ['\u001b[1;31m', '\u001b[0m']
    for (const text of [
      `card ${on}${CARD}${off}`,
      `${on}password${off}: ${on}${PASSWORD}${off}`,
      `IBAN ${on}DE89370400440532013000${off}`,
    ])
      expect(mask(result({ text }))).not.toMatch(/9996|Hunter2|13000/)
  })

  it.each([
    ['with escapes in it', (data: string) => each(data, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)],
    ['with line breaks in it', (data: string) => data.replaceAll(/.{20}/g, '$&\\n')],
  ])('includes base64 of content %s', (_, spell) => {
    const data = spell(base64('call joe@example.com, please, and say hello'))
    const masked = mask(`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"image","data":"${data}"}]}}`)
    expect(readable(masked)).not.toContain('joe@example.com')
    expect(masked).not.toContain(data)
  })

  it('includes base64 of an address that says so, however short', () => {
    for (const plain of ['joe@example.com', CARD, '4999999999999996']) {
      const data = base64(plain)
      const masked = mask(result({ text: `see data:text/plain;base64,${data} there`, href: `data:;base64,${data}` }))
      expect(masked).not.toContain(data)
      expect(JSON.parse(masked).result.text).toMatch(/^see data:text\/plain;base64,\S+ there$/)
    }
  })

  it('includes content under a key that is written in escapes', () => {
    const short = base64('joe@example.com')
    expect(mask(picture('\\u0064ata', short))).not.toContain(short)
    const noise = toBase64(Uint8Array.from({ length: 90 }, (_, i) => (i * 37) % 256))
    for (const key of ['data', 'd\\u0061t\\u0061'])
      for (const type of ['image', '\\u0069mage'])
        expect(tried(picture(key, noise, type), [], 'block')).toBe('refused policy-block')
  })

  it('includes fields whose names are written in escapes', () => {
    const fields = [{ fields: ['*.größe', '*.note'], with: 'redact' as const }]
    const message = result({}).replace('{}', '{"gr\\u00f6\\u00dfe":"XL","n\\u006fte":"tall"}')
    expect(mask(message, fields)).not.toMatch(/XL|tall/)
  })

  it('leaves content that a rule names as a whole', () => {
    const blob = base64('nothing that anybody would hide')
    const noise = toBase64(Uint8Array.from({ length: 90 }, (_, i) => (i * 37) % 256))
    const message = result({ content: [{ blob }, { type: 'image', data: noise }] })
    const masked = mask(message, [{ fields: ['**.blob', '**.data'], with: 'redact' }])
    expect(masked).not.toContain(blob)
    expect(masked).not.toContain(noise)
  })

  it('includes numbers with an exponent', () => {
    expect(mask(result({ n: 1 }).replace('"n":1', '"n":4999999999999996e0'))).not.toContain('9996')
  })

  it('includes numbers in documents in base64', () => {
    const masked = JSON.parse(mask(result({ blob: base64('{"token":123456,"n":1}') })))
    expect(JSON.parse(Buffer.from(masked.result.blob, 'base64').toString())).toEqual({
      token: expect.any(Number),
      n: 1,
    })
    expect(Buffer.from(masked.result.blob, 'base64').toString()).not.toContain('123456')
  })
})

describe('a masked message', () => {
  it.each([
    ['two at the end', { a: 1, token: true, secret: false }],
    ['one at the end', { a: 1, token: true }],
    ['one at the beginning', { token: true, a: 1 }],
    ['all of them', { token: true, secret: false }],
    ['some between others', { a: 1, token: true, b: 2, secret: true, password: false }],
  ])('is JSON where members of true and false go: %s', (_, row) => {
    const fields = [{ fields: ['*.token', '*.secret', '*.password'], with: 'redact' as const }]
    const masked = JSON.parse(mask(result({ row, text: JSON.stringify(row) }), fields))
    expect(JSON.stringify([masked.result.row, JSON.parse(masked.result.text)])).not.toMatch(/true|false/)
  })

  it.each([
    ['a quote at the end of a cell', 'n|privatekey\n-|r"'],
    ['a backslash at the end of a cell', 'n|privatekey\n-|r\\'],
    ['a tab before an address', '\tj\u0660@example.com'],
  ])('is JSON, and so are texts in it that were, with %s', (_, text) => {
    const masked = JSON.parse(mask(result({ text, inner: JSON.stringify({ text, n: 1 }) })))
    expect(JSON.parse(masked.result.inner).n).toBe(1)
  })

  it('has as many members as before, where two keys are spellings of one value', () => {
    const row = { 'joe@example.com': 1, 'JOE@example.com': 2, 'a joe@example.com': 3, 'b joe@example.com': 4 }
    const masked = mask(result({ row, text: JSON.stringify(row), other: { 'joe@example.com': 5 } }))
    const { row: outer, text, other } = JSON.parse(masked).result
    expect(Object.values(outer)).toEqual([1, 2, 3, 4])
    expect(Object.values(JSON.parse(text))).toEqual([1, 2, 3, 4])
    expect(Object.keys(other)).toEqual([Object.keys(outer)[0]])
    expect(mask(masked)).toBe(masked)
  })

  it('keeps JSON in a text apart from a table at the end of one of its values', () => {
    const inner = { table: 'n,password,state\r\n1,%43ab,open\r\n', at: '2026', n: [1, 'x, y'] }
    const masked = JSON.parse(mask(result({ text: JSON.stringify(inner) })))
    expect(Object.keys(JSON.parse(masked.result.text))).toEqual(['table', 'at', 'n'])
  })

  it.each([
    ['pairs', { list: ['sur_us_mbi_86b2fh7sjqcssfr4ex', '064'] }],
    ['keys', { 'redacted:password:1': 'left', sur_email_86b2fh7sjqcssfr4ex: { n: 'left' } }],
    ['words', { text: 'redacted:secret, s.W2p3O1oRAPqq and more' }],
  ])('is not masked because of stand-ins in it: %s', (_, row) => {
    const message = result(row)
    expect(tried(message)).toBe(message)
  })

  it('is changed no more when it is masked again', () => {
    const masked = mask(result({ card: CARD, rows: [{ email: 'joe@example.com', password: PASSWORD, n: null }] }))
    expect(mask(masked)).toBe(masked)
  })
})

function result(members: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: members })
}

function picture(key: string, data: string, type = 'image'): string {
  return `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"${type}","${key}":"${data}"}]}}`
}

function base64(text: string): string {
  return toBase64(encodeUtf8(text))
}

function each(text: string, spell: (one: string) => string): string {
  return Array.from(text, spell).join('')
}

function percent(one: string): string {
  return `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/** With every run of base64 in it read. */
function readable(text: string): string {
  return (
    text + (text.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? []).map((run) => Buffer.from(run, 'base64').toString()).join(' ')
  )
}

/** A refusal is a mistake here. */
function mask(message: string, terms: readonly Terms[] = []): string {
  const masked = tried(message, terms)
  expect(masked).not.toMatch(/^refused/)
  return masked
}

function tried(message: string, terms: readonly Terms[] = [], binary: 'pass' | 'block' = 'pass'): string {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  const book = new MessageBook(scopeBook(), { upstream: 'db', tool: 'find', path: '', atMs: 0 })
  const asked = { scanner: scanners.for(rules), rules, book, restored: [], schema: undefined, binary }
  const masked = maskMessage(encodeUtf8(message), asked)
  return masked.kind === 'refused' ? `refused ${masked.why}` : decodeUtf8(masked.bytes)
}
