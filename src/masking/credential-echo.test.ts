import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../base/assert.ts'
import { decodeUtf8, encodeUtf8, toBase64, toBase64Url, toHex } from '../base/bytes.ts'
import { credentialHide } from './credential-echo.ts'

// Looks like nothing that a vendor issues; has the characters that encodings treat differently.
const PLAIN = 'made-up-9fK2LmQ8xZ7pR4sT'
const AWKWARD = 'made/up+"quoted"\\päß~%41=&'

type Spell = (text: string) => string

const asUnicode: Spell = (text) =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
const inJson: Spell = (text) => JSON.stringify(text).slice(1, -1)
const asPercent: Spell = (text) =>
  [...encodeUtf8(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const inBothCases: Spell = (text) =>
  Array.from(text, (letter, i) => (i % 3 === 0 ? letter.toUpperCase() : letter)).join('')

/** What stands in the decoded string; it is JSON-escaped as needed when the message is written. */
const SPELLINGS: Readonly<Record<string, Spell>> = {
  plain: (text) => text,
  encodeURIComponent: encodeURIComponent,
  'percent, every byte, lower case': asPercent,
  'percent, every byte, upper case': (text) => asPercent(text).toUpperCase(),
  'percent, twice': (text) => encodeURIComponent(asPercent(text)),
  'base64, alignment 0': (text) => toBase64(encodeUtf8(text)),
  'base64, alignment 1': (text) => toBase64(encodeUtf8(`:${text}!!`)),
  'base64, alignment 2': (text) => toBase64(encodeUtf8(`k=${text}`)),
  'base64 without padding': (text) => toBase64(encodeUtf8(text)).replaceAll('=', ''),
  'base64url, alignment 0': (text) => toBase64Url(encodeUtf8(text)),
  'base64url, alignment 1': (text) => toBase64Url(encodeUtf8(`u${text}`)),
  'base64url, alignment 2': (text) => toBase64Url(encodeUtf8(`u:${text}x`)),
  'base64 of a JSON document': (text) => toBase64(encodeUtf8(`{"key":"${text}"}`)),
  hexadecimal: (text) => toHex(encodeUtf8(text)),
  'hexadecimal, upper case': (text) => toHex(encodeUtf8(text)).toUpperCase(),
  'hexadecimal, in both cases': (text) => inBothCases(toHex(encodeUtf8(text))),
  'JSON in JSON': inJson,
  'JSON in JSON in JSON': (text) => inJson(inJson(text)),
  'unicode escapes, one layer down': asUnicode,
  'unicode escapes, two layers down': (text) => inJson(asUnicode(text)),
  'unicode escapes of unicode escapes': (text) => asUnicode(asUnicode(text)),
}

const PLACES: Readonly<Record<string, (text: string) => string>> = {
  'a value': (text) => JSON.stringify({ result: { content: [{ type: 'text', text }] } }),
  'the middle of a value': (text) => JSON.stringify({ text: `before\n ${text} \tafter` }),
  'a key': (text) => JSON.stringify({ a: { [text]: 1 } }),
  'an error message': (text) => JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -1, message: `bad ${text}` } }),
  'a bare JSON string': (text) => JSON.stringify(text),
  'text that is no JSON': (text) => `<html><body>Unauthorized: ${text}</body></html>`,
}

describe('a credential that an upstream echoes', () => {
  const cases = Object.entries(SPELLINGS).flatMap(([spelling, spell]) =>
    Object.entries(PLACES).map(([place, put]) => ({
      spelling,
      place,
      text: put(spell(PLAIN)),
      awkward: put(spell(AWKWARD)),
    })),
  )
  it.each(cases)('is masked in $place, spelled as $spelling', ({ text, awkward, place }) => {
    for (const [secret, message] of [
      [PLAIN, text],
      [AWKWARD, awkward],
    ] as const) {
      const out = maskText(secret, message)
      expect(out).toContain('[credential masked]')
      expect(leaks(out, secret)).toEqual([])
      expect(isJson(out)).toBe(place !== 'text that is no JSON')
    }
  })

  it.each([
    { what: 'unicode escapes', spelled: asUnicode(PLAIN) },
    { what: 'some unicode escapes', spelled: `${asUnicode(PLAIN.slice(0, 3))}${PLAIN.slice(3)}` },
    { what: 'a unicode escape at its end', spelled: `${PLAIN.slice(0, -1)}${asUnicode(PLAIN.slice(-1))}` },
    { what: 'upper-case digits in the escapes', spelled: asUnicode(PLAIN).toUpperCase().replaceAll('\\U', '\\u') },
  ])('is masked with $what in the message itself, and the rest stays as it was', ({ spelled }) => {
    expect(maskText(PLAIN, `{"t":"\\u0041${spelled} y"}`)).toBe('{"t":"\\u0041[credential masked] y"}')
    expect(maskText(PLAIN, `{"${spelled}":1.0}`)).toBe('{"[credential masked]":1.0}')
  })

  it('is masked with slashes that were escaped', () => {
    const out = maskText('made/up/with/slashes', String.raw`{"t":"made\/up\/with\/slashes"}`)
    expect(out).toBe('{"t":"[credential masked]"}')
  })

  it('is masked where base64 has its slashes escaped', () => {
    const secret = 'made-up-???>>>~~~???'
    const encoded = toBase64(encodeUtf8(secret))
    expect(encoded).toContain('/')
    expect(leaks(maskText(secret, `{"t":"${encoded.replaceAll('/', '\\/')}"}`), secret)).toEqual([])
  })

  it('leaves no character of its base64 behind, not even those it shares with its neighbours', () => {
    const blob = toBase64(encodeUtf8(`ab${PLAIN}c`))
    // What is left of the group before tells of "ab", what is left of the group after of "c".
    expect(maskText(PLAIN, `{"t":"${blob}"}`)).toBe(`{"t":"${blob.slice(0, 2)}[credential masked]${blob.slice(35)}"}`)
  })
})

describe('a message without a credential', () => {
  it.each([
    '{"result":{"content":[{"type":"text","text":"50% of \\u00fcber \\"quoted\\" \\/ 100%25"}]}}',
    'Bad Gateway',
    '',
  ])('goes on as the very same bytes: %s', (text) => {
    const raw = encodeUtf8(text)
    expect(credentialHide([PLAIN, AWKWARD]).bytes(raw)).toBe(raw)
    expect(credentialHide([]).bytes(raw)).toBe(raw)
    expect(credentialHide([PLAIN]).text(text)).toBe(text)
  })
})

describe('escapes next to a credential', () => {
  it.each([
    {
      what: 'an escape letter that the credential begins with',
      secret: 'nobody-knows',
      raw: String.raw`{"t":"a\nobody-knows b"}`,
      out: '{"t":"a[credential masked] b"}',
    },
    {
      what: 'a backslash that the credential ends with',
      secret: 'made-up\\',
      raw: String.raw`{"t":"made-up\\"}`,
      out: '{"t":"[credential masked]"}',
    },
    {
      what: 'an escaped backslash before it',
      secret: 'nobody-knows',
      raw: String.raw`{"t":"C:\\nobody-knows"}`,
      out: String.raw`{"t":"C:\\[credential masked]"}`,
    },
  ])('stay whole: $what', ({ secret, raw, out }) => {
    expect(maskText(secret, raw)).toBe(out)
  })
})

describe('what cannot be masked', () => {
  it.each([
    { what: 'a credential of digits in a number', secret: '4815162342', raw: '{"pin":4815162342}' },
    { what: 'a credential inside a longer number', secret: '4815162342', raw: '{"pin":-14815162342.5}' },
    {
      what: 'a credential that reaches over the border of a string',
      secret: 'up","b":"made',
      raw: '{"a":"up","b":"made"}',
    },
  ])('blocks the message: $what', ({ secret, raw }) => {
    expect(failure(() => maskText(secret, raw))).toBe('masking_blocked')
  })

  it('is not the word that usually stands in its place', () => {
    expect(maskText('credential', '{"t":"my credential here"}')).toBe('{"t":"my [***] here"}')
  })
})

describe('several credentials', () => {
  it('are all masked, overlapping ones as one place, and counted', () => {
    const hits: number[] = []
    const hide = credentialHide(['user:made-up-pw', 'made-up-pw', 'other-made-up'], (n) => hits.push(n))
    const out = decodeUtf8(hide.bytes(encodeUtf8('{"a":"user:made-up-pw","b":"other-made-up","c":"made-up-pw"}')))
    expect(out).toBe('{"a":"[credential masked]","b":"[credential masked]","c":"[credential masked]"}')
    expect(hits).toEqual([3])
  })

  it('are masked in header values and lines of text too', () => {
    const hide = credentialHide([PLAIN])
    expect(hide.text(`event ${PLAIN}/1`)).toBe('event [credential masked]/1')
    expect(hide.text(`key=${asPercent(PLAIN)}`)).toBe('key=[credential masked]')
    expect(hide.text(`key=${inBothCases(toHex(encodeUtf8(PLAIN)))}`)).toBe('key=[credential masked]')
  })
})

describe('any credential in any message', () => {
  const secrets = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
    .filter((text) => text.trim().length >= 8 && text.isWellFormed())
  const spellings = fc.constantFrom(...Object.values(SPELLINGS))

  it('is not in what comes out, in any of the spellings, and what comes out is JSON', () => {
    const holds = fc.property(
      secrets,
      fc.array(spellings, { minLength: 1 }),
      fc.jsonValue(),
      (secret, spells, noise) => {
        const message = JSON.stringify({ noise, found: spells.map((spell) => ({ at: `x ${spell(secret)}` })) })
        const out = attempt(() => maskText(secret, message))
        // A secret may be a piece of the envelope itself; then the message is blocked, and that is right too.
        return out === 'masking_blocked' || (leaks(out, secret).length === 0 && isJson(out))
      },
    )
    expect(() => fc.assert(holds, { numRuns: 300 })).not.toThrow()
  })

  it('is masked whatever mix of plain and escaped characters it is written in', () => {
    const holds = fc.property(secrets, fc.infiniteStream(fc.boolean()), (secret, coins) => {
      const mixed = Array.from({ length: secret.length }, (_, i) => secret[i] ?? '')
        .map((unit) => (coins.next().value === true || unit.charCodeAt(0) >= 0xd800 ? asUnicode(unit) : inJson(unit)))
        .join('')
      const out = attempt(() => maskText(secret, `{"t":"${mixed}"}`))
      return out === 'masking_blocked' || !JSON.stringify(JSON.parse(out)).includes(inJson(secret))
    })
    expect(() => fc.assert(holds, { numRuns: 300 })).not.toThrow()
  })
})

function maskText(secret: string, message: string): string {
  return decodeUtf8(credentialHide([secret]).bytes(encodeUtf8(message)))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function attempt(mask: () => string): string {
  try {
    return mask()
  } catch (error) {
    if (error instanceof GatewayError) return error.code
    throw error
  }
}

function failure(mask: () => string): string {
  return attempt(() => `not blocked: ${mask()}`)
}

/** An independent search: takes layers off strings with the platform's own decoders and looks for every spelling. */
function leaks(out: string, secret: string): string[] {
  const forms = [secret, toBase64(encodeUtf8(secret)).replace(/..?=*$/, '')]
  const seen = new Set<string>()
  const queue = [out]
  for (const text of queue) {
    if (seen.has(text) || seen.size > 60) continue
    seen.add(text)
    queue.push(...peeled(text))
  }
  const hex = toHex(encodeUtf8(secret))
  const inHex = [...seen].filter((text) => text.toLowerCase().includes(hex))
  return [...forms.filter((form) => [...seen].some((text) => text.includes(form))), ...inHex]
}

function peeled(text: string): string[] {
  const json = text.replaceAll(/\\u([0-9a-fA-F]{4})|\\["\\/bfnrt]/g, (whole, hex: string | undefined) =>
    hex === undefined ? String(JSON.parse(`"${whole}"`)) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
  const percent = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
    decodeUtf8(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
  )
  return [json, percent]
}
