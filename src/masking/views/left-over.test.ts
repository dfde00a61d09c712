import { describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64, toBase64Url } from '../../base/bytes.ts'
import { Spans } from '../scan/spans.ts'
import { findLeftOver } from './left-over.ts'

const VALUE = 'joe.doe@example.com'

describe('a value that was masked and can still be read is noticed', () => {
  it.each([
    ['as it is', VALUE],
    ['in escapes', 'joe.doe\\u0040example.com'],
    ['in escapes of escapes', 'joe.doe\\\\u0040example.com'],
    ['all in escapes', VALUE.replaceAll(/./g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)],
    ['percent-encoded', 'joe.doe%40example.com'],
    ['in base64', toBase64(encodeUtf8(VALUE))],
    ['in base64 for URLs', toBase64Url(encodeUtf8(`${VALUE}???>>>`))],
    ['in base64, one byte on', toBase64(encodeUtf8(`:${VALUE}:`))],
    ['in base64, two bytes on', toBase64(encodeUtf8(`a,${VALUE}`))],
    ['in base64 behind other characters', `abc/${toBase64(encodeUtf8(VALUE))}`],
    ['in base64 of several lines', toBase64(encodeUtf8(`${'x'.repeat(50)} ${VALUE}`)).replace(/.{76}/, '$&\\n')],
  ])('%s', (_, text) => {
    expect(findLeftOver(encodeUtf8(`{"t":"see ${text} there"}`), ['other value', VALUE])).toBe(1)
  })

  it.each([
    ['above', [`joe.doe@exam${'x'.repeat(18)}`, VALUE]],
    ['below', [`${'x'.repeat(10)} ${VALUE}`, `and ${'x'.repeat(26)}`, 'x'.repeat(29)]],
  ])('in a line of base64 that another text stands %s', (_, lines) => {
    const text = lines.map((line) => toBase64(encodeUtf8(line)).replace(/=+$/, '')).join(String.raw`\n`)
    expect(findLeftOver(encodeUtf8(`{"t":"${text}"}`), ['joe.doe@else.org', VALUE])).toBe(1)
  })

  it.each([
    ['an escaped slash', (run: string) => run.replace('/', String.raw`\/`)],
    ['a line break', (run: string) => `${run.slice(0, 60)}\\n${run.slice(60)}`],
  ])('in base64 that is hidden as far as %s, and goes on', (_, written) => {
    const text = written(toBase64(encodeUtf8(`${'x'.repeat(35)} ${VALUE} ?~?~?~?~?~?~`)))
    const end = text.indexOf('\\')
    const bytes = encodeUtf8(`{"t":"${text}"}`)
    const allowed = Spans.of([{ start: 6, end: 6 + end }])
    expect(findLeftOver(bytes, [VALUE], { allowed })).toBe(0)
    expect(findLeftOver(bytes, [VALUE], { allowed: Spans.of([{ start: 6, end: bytes.length - 2 }]) })).toBeUndefined()
  })

  it.each([
    ['without its separators', '4111 1111 1111 1111', '{"t":4111111111111111}'],
    ['where it has quotes', 'a "b" secret', '{"t":"a \\"b\\" secret"}'],
    ['where it is beyond ASCII', 'Zoë Größe', '{"t":"Zo\\u00eb Gr\\u00f6\\u00dfe"}'],
  ])('%s', (_, value, message) => {
    expect(findLeftOver(encodeUtf8(message), [value])).toBe(0)
  })

  it('among thousands', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => `person${i}@example.com`)
    const clean = JSON.stringify(values.map((_, i) => `sur_email_${i}`))
    expect(findLeftOver(encodeUtf8(clean), values)).toBeUndefined()
    expect(findLeftOver(encodeUtf8(clean.replace('sur_email_77"', 'person4321@example.com"')), values)).toBe(4_321)
  })
})

describe('nothing is noticed', () => {
  it.each([
    ['where the value is gone', VALUE, '{"t":"sur_email_0123456789abcdefgh"}'],
    ['in a longer word', 'secretary', '{"t":"secretaryship"}'],
    ['of short values', 'Anna', '{"t":"Anna"}'],
    ['of common words', 'password', '{"password":"redacted:password"}'],
  ])('%s', (_, value, message) => {
    expect(findLeftOver(encodeUtf8(message), [value])).toBeUndefined()
  })

  it('inside what is allowed, and only there', () => {
    const output = encodeUtf8(`{"a":"${VALUE}","b":"${toBase64(encodeUtf8(VALUE))}"}`)
    const a = { start: 6, end: 6 + VALUE.length }
    expect(
      findLeftOver(output, [VALUE], { allowed: Spans.of([a, { start: a.end + 5, end: output.length }]) }),
    ).toBeUndefined()
    expect(findLeftOver(output, [VALUE], { allowed: Spans.of([a]) })).toBe(0)
    expect(findLeftOver(output, [VALUE], { allowed: Spans.of([{ start: a.start + 1, end: output.length }]) })).toBe(0)
  })
})
