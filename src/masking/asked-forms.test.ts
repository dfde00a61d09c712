import { describe, expect, it } from 'vitest'
import { openMasker, seenOf } from '../../test/support/masking/passages.ts'

const EMAIL = 'erika.muster@example.com'
const CARD = '4111111111111111'

interface Field {
  readonly default?: unknown
  readonly [keyword: string]: unknown
}

/** The fields of a form as a client sees them. */
function shown(fields: Readonly<Record<string, Field>>, era: 'legacy' | 'modern' = 'legacy'): Record<string, Field> {
  using world = openMasker()
  const requestedSchema = { type: 'object', properties: fields, required: Object.keys(fields) }
  const params = { mode: 'form', message: 'Is it right?', requestedSchema }
  const method = 'elicitation/create'
  const message =
    era === 'legacy'
      ? { jsonrpc: '2.0', id: 1, method, params }
      : { jsonrpc: '2.0', id: 1, result: { resultType: 'input_required', inputRequests: { a: { method, params } } } }
  const [seen] = seenOf(world.passage(), [JSON.stringify(message)])
  const read = JSON.parse(seen?.text ?? '')
  return (era === 'legacy' ? read.params : read.result.inputRequests.a.params).requestedSchema.properties
}

describe('what a field of a form has by default', () => {
  it.each(['legacy', 'modern'] as const)('is hidden as something that the field takes: %s', (era) => {
    const fields = shown(
      {
        mail: { type: 'string', format: 'email', default: EMAIL },
        card: { type: 'string', pattern: '^[a-z_0-9]{20,40}$|^[0-9]{16}$', default: CARD },
        short: { type: 'string', maxLength: 30, default: EMAIL },
        number: { type: 'integer', title: 'card', minimum: 4_000_000_000_000_000, default: Number(CARD) },
      },
      era,
    )
    expect(fields['mail']?.default).toMatch(/^s-\w{18}@mask\.invalid$/)
    expect(fields['card']?.default).toMatch(/^\w{20,40}$/)
    expect(String(fields['short']?.default).length).toBeLessThanOrEqual(30)
    expect(fields['number']?.default).toBeGreaterThanOrEqual(4_000_000_000_000_000)
    expect(JSON.stringify(fields)).not.toContain(EMAIL)
    expect(JSON.stringify(fields)).not.toContain(CARD)
  })

  it('is left out where it is one of few, which are hidden as well', () => {
    const { mail } = shown({ mail: { type: 'string', enum: [EMAIL, 'another'], default: EMAIL } })
    expect(mail).not.toHaveProperty('default')
    expect(mail?.['enum']).toEqual([expect.stringMatching(/^sur_email_/), 'another'])
  })

  it('is hidden in forms that nobody would fill in as in a text', () => {
    const fields = Array.from({ length: 40 }, (_, i) => [
      `f${i}`,
      { type: 'string', format: 'email', default: `a${i}@example.com` },
    ])
    const all = Object.values(shown(Object.fromEntries(fields))).map((field) => String(field.default))
    expect(all.filter((text) => text.endsWith('@mask.invalid'))).toHaveLength(32)
    expect(all.filter((text) => text.startsWith('sur_email_'))).toHaveLength(8)
  })
})
