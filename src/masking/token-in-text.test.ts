import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { Document } from './document.ts'
import { locate } from './structure/locate.ts'
import { tokenInText } from './token-in-text.ts'

const NUMBER = '4111111111111111'

/** The token around the number in a text: of a text alone, and in two levels of JSON. */
function tokens(text: string, value = NUMBER): (string | undefined)[] {
  return [text, JSON.stringify({ t: text }), JSON.stringify({ t: JSON.stringify({ t: text }) })].map(
    (message, level) => {
      const document = new Document(encodeUtf8(message))
      const start = message.lastIndexOf(value)
      const at = level === 0 || document.structure === undefined ? undefined : locate(document.structure, start)
      const token = tokenInText(document, { start, end: start + value.length }, at)
      return token && `${token.kind} ${message.slice(token.start, token.end)}`
    },
  )
}

const thrice = <T>(one: T): T[] => [one, one, one]

describe('a number of JSON in a text', () => {
  it.each([
    [`Found: {"card":${NUMBER},"n":1}`, NUMBER],
    [`{"a":1}\n{"card": ${NUMBER}}\n`, NUMBER],
    [`data: {"card":-${NUMBER}.50 }\n\n`, `-${NUMBER}.50`],
    ['```json\n{\n  "card": ' + NUMBER + '\n}\n```', NUMBER],
    [`x {'card': ${NUMBER}, 'n': 1}`, NUMBER],
    [`the rows are [[1, "a, [b", null, ${NUMBER}], [2]]`, NUMBER],
    [`x {"cards":[\n  ${NUMBER},\n  5]}`, NUMBER],
    [`x {"card":${NUMBER}e0}`, `${NUMBER}e0`],
    [`"card": ${NUMBER}\nthen more`, NUMBER],
    [`"card": ${NUMBER}`, NUMBER],
  ])('is whole: %j', (text, token) => expect(tokens(text)).toEqual(thrice(`number ${token}`)))

  it('is whole however long it is', () => {
    const long = '7'.repeat(500)
    expect(tokens(`data: {"token":${long},"a":1}`, long)).toEqual(thrice(`number ${long}`))
  })

  it('may be true or false instead', () => {
    expect(tokens('x {"ok":true}', 'true')).toEqual(thrice('literal true'))
    expect(tokens('x {"a":1,"ok": false\n}', 'false')).toEqual(thrice('literal false'))
  })

  it.each([
    `my card ${NUMBER}, or`,
    `x {"card":"${NUMBER}"}`,
    `1,${NUMBER},open`,
    `[see ${NUMBER}]`,
    `x [2026-01-01, ${NUMBER}]`,
    `card: ${NUMBER}\n`,
    `"card": ${NUMBER} is mine`,
    `x {"card":0${NUMBER}}`,
    `x {"a":1,${NUMBER}}`,
    `x {"card":${NUMBER}-17}`,
  ])('is none: %j', (text) => expect(tokens(text)).toEqual(thrice(undefined)))

  it('is looked for in a bounded part of a long list', () => {
    expect(tokens(`x [${'1,'.repeat(1_000)}${NUMBER}]`)).toEqual(thrice(undefined))
  })
})
