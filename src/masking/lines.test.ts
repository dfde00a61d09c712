import { describe, expect, it } from 'vitest'
import { LineHide } from './lines.ts'

const DASHES = '-'.repeat(5)
const BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'

function hidden(lines: readonly string[]): string[] {
  const hide = new LineHide((text) => text.replace('ann@example.com', '[email]'))
  return lines.map((line) => hide.text(line))
}

describe('lines that come one by one', () => {
  it('are masked each for itself', () => {
    expect(hidden(['mail to ann@example.com', 'done'])).toEqual(['mail to [email]', 'done'])
  })

  it('hide a private key that takes many', () => {
    const key = [
      `12:00 loaded ${DASHES}BEGIN RSA PRIVATE KEY${DASHES}`,
      BODY,
      `12:00 ${BODY}==`,
      `${DASHES}END RSA PRIVATE KEY${DASHES}`,
    ]
    const printed = hidden([...key, 'to ann@example.com', BODY])
    expect(printed.slice(1, 3)).toEqual(['redacted:private_key', 'redacted:private_key'])
    expect(printed.slice(3)).toEqual([`${DASHES}END RSA PRIVATE KEY${DASHES}`, 'to [email]', BODY])
  })

  it('show what another process prints between them, and hide no more than a key has', () => {
    const begin = `${DASHES}BEGIN PRIVATE KEY${DASHES}`
    expect(hidden([begin, BODY, 'ready for ann@example.com', BODY])).toEqual([
      begin,
      'redacted:private_key',
      'ready for [email]',
      'redacted:private_key',
    ])
    expect(hidden([begin, ...Array.from({ length: 200 }, () => BODY)]).at(-1)).toBe(BODY)
    expect(hidden([`${begin}${BODY}${DASHES}END PRIVATE KEY${DASHES}`, BODY])[1]).toBe(BODY)
  })
})
