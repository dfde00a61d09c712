import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { ENTITY_NAMES } from '../entities.ts'
import {
  emailText,
  FORM_WORDS,
  hashText,
  ipv4Text,
  ipv6Text,
  oneWayUuidText,
  redactedText,
  surrogateText,
  uriText,
  uuidText,
} from './forms.ts'
import { findForms, isOwnForm, readForm } from './read-forms.ts'

const ID = '0123456789abcdefgh'
const HASH = 'zyxwvtsrqpnmkjhg'
const base32 = (length: number) =>
  fc
    .array(fc.constantFrom(...Array.from('0123456789abcdefghjkmnpqrstvwxyz')), { minLength: length, maxLength: length })
    .map((characters) => characters.join(''))
const anyEntity = fc.constantFrom(...ENTITY_NAMES)

describe('a surrogate', () => {
  it('is read back, in each of its shapes', () => {
    fc.assert(
      fc.property(anyEntity, base32(18), (entity, id18) => {
        expect(readForm(surrogateText(entity, id18))).toEqual({ id18, entity })
        for (const text of [emailText(`s-${id18}`), uriText(id18), uuidText(id18)])
          expect(readForm(text)).toEqual({ id18 })
        expect(readForm(uuidText(id18).toUpperCase())).toEqual({ id18 })
      }),
    )
  })

  it('as a UUID is of version 8, and says which bits are ours', () => {
    fc.assert(
      fc.property(base32(18), (id) => {
        expect(uuidText(id)).toMatch(/^5a11f0ca-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  it('is found in a text, wherever it stands, and holds a word that a scan looks for', () => {
    fc.assert(
      fc.property(
        anyEntity,
        base32(18),
        fc.constantFrom('', ' ', '"', '\\n', '\\"', 'é', '(', ','),
        (entity, id, before) => {
          for (const text of [surrogateText(entity, id), emailText(`s-${id}`), uriText(id), uuidText(id)]) {
            expect(FORM_WORDS.some((word) => text.includes(word))).toBe(true)
            const bytes = encodeUtf8(`{"a":"${before}${text}"}`)
            const start = encodeUtf8(`{"a":"${before}`).length
            expect(findForms(bytes)).toEqual([{ start, end: start + text.length, form: readForm(text) }])
          }
        },
      ),
    )
  })

  it('is found several times, in order', () => {
    const texts = [surrogateText('email', ID), emailText(`s-${ID}`), uuidText(ID), uriText(ID)]
    expect(findForms(encodeUtf8(texts.join(' ')))).toHaveLength(4)
  })

  it.each([
    ['cut', `sur_email_${ID.slice(1)}`],
    ['longer', `sur_email_${ID}0`],
    ['glued to a word', `sur_email_${ID}_x`],
    ['in capitals', `SUR_EMAIL_${ID.toUpperCase()}`],
    ['with a letter that the alphabet leaves out', `sur_email_${ID.slice(1)}u`],
    ['of a kind that does not exist', `sur_nothing_${ID}`],
    ['empty', 'sur_email_'],
    ['under another domain', `s-${ID}@mask.invalid.example.com`],
    ['with a domain before ours', `https://evil.mask.invalid/${ID}`],
    ['with a user before the domain', `https://a@mask.invalid/${ID}`],
    ['over another scheme', `http://mask.invalid/${ID}`],
    ['without a scheme', `mask.invalid/${ID}`],
    ['with escaped slashes', `https:\\/\\/mask.invalid\\/${ID}`],
    ['with a longer local part', `as-${ID}@mask.invalid`],
    ['an address of nobody', 'joe@mask.invalid'],
    ['a cut UUID', uuidText(ID).slice(0, -1)],
    ['a longer UUID', `${uuidText(ID)}0`],
    ['a UUID glued to a word', `a${uuidText(ID)}`],
    ['a UUID of another version', uuidText(ID).replace('-8', '-4')],
  ])('that is damaged or invented is found and is none: %s', (_, text) => {
    const found = findForms(encodeUtf8(`"${text}"`))
    expect(found).toHaveLength(1)
    expect(found[0]?.form).toBeUndefined()
    expect(readForm(text)).toBeUndefined()
  })

  it.each([
    'surface',
    'sur_name',
    'sur_',
    'unmask.it',
    'mask.invalid',
    'https://mask.invalid',
    'SELECT sur_name, sur_date FROM t',
    redactedText('email'),
    hashText('email', HASH),
    emailText('redacted'),
    emailText(`h-${HASH}`),
    uriText('redacted'),
    oneWayUuidText(HASH),
    '5a11f0cb-0000-8000-8000-000000000000',
  ])('is not seen in %s', (text) => {
    expect(findForms(encodeUtf8(text))).toEqual([])
  })

  it('in a text with ten thousand marks is found without looking at the text again for each of them', () => {
    const text = `${'s-'.repeat(100)}@mask.invalid `.repeat(2000) + surrogateText('email', ID)
    expect(findForms(encodeUtf8(text)).at(-1)?.form).toEqual({ id18: ID, entity: 'email' })
  })
})

describe('every form', () => {
  it('is one word of ASCII that needs no escape', () => {
    fc.assert(
      fc.property(
        anyEntity,
        base32(18),
        base32(16),
        fc.bigInt({ min: 0n, max: 2n ** 90n }),
        (entity, id, hash, bits) => {
          for (const text of formsOf(entity, id, hash, bits)) {
            expect(text).toMatch(/^[A-Za-z0-9_.:@+/-]+$/)
            expect(JSON.stringify(text)).toBe(`"${text}"`)
          }
        },
      ),
    )
  })

  it('is known to be ours as a whole and in all its parts, and the text around it is not', () => {
    fc.assert(
      fc.property(
        anyEntity,
        base32(18),
        base32(16),
        fc.bigInt({ min: 0n, max: 2n ** 90n }),
        (entity, id, hash, bits) => {
          for (const text of formsOf(entity, id, hash, bits)) {
            const bytes = encodeUtf8(`{"a":"x ${text} y"}`)
            const start = 8
            const end = start + text.length
            expect([text, isOwnForm(bytes, start, end)]).toEqual([text, true])
            expect(isOwnForm(bytes, start + 2, end - 1)).toBe(true)
            expect(isOwnForm(bytes, start - 2, end)).toBe(false)
            expect(isOwnForm(bytes, start, end + 2)).toBe(false)
          }
        },
      ),
    )
  })

  it.each([
    `redacted:${'4'.repeat(16)}`,
    `redacted:email:${'4'.repeat(16)}`,
    `sur_email_${'4'.repeat(16)}`,
    'joe@mask.invalid',
    'https://mask.invalid/joe',
    '200.1.2.3',
    '1.240.1.2.3',
    '2001:db9:0:0:0:0:0:0',
  ])('is not what only looks like it: %s', (text) => {
    const bytes = encodeUtf8(`"${text}"`)
    expect(isOwnForm(bytes, 1, 1 + text.length)).toBe(false)
  })
})

function formsOf(entity: (typeof ENTITY_NAMES)[number], id: string, hash: string, bits: bigint): readonly string[] {
  return [
    redactedText(entity),
    redactedText(entity, 12),
    hashText(entity, hash),
    surrogateText(entity, id),
    emailText('redacted'),
    emailText(`s-${id}`),
    emailText(`h-${hash}`),
    uriText('redacted'),
    uriText(id),
    uriText(`h-${hash}`),
    uuidText(id),
    oneWayUuidText(hash),
    oneWayUuidText(''),
    ipv4Text(bits),
    ipv6Text(bits),
  ]
}
