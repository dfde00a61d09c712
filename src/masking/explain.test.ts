import { describe, expect, it } from 'vitest'
import { type Explained, explainText } from './explain.ts'
import { makeRuleSet, type Terms } from './rule-set.ts'
import { Scanners } from './scanners.ts'

describe('an explanation', () => {
  it('tells what was found, where in the text, and the word that decided', () => {
    const text = 'Gruß 🙂 my ssn is 078-05-1121, thanks'
    const [found] = counted(explain(text))
    expect(found).toMatchObject({ entity: 'us_ssn', counts: true })
    expect(text.slice(found?.start, found?.end)).toBe('078-05-1121')
  })

  it('tells what a near miss lacks, and that it does not count', () => {
    const near = explain('the number 078051121 is one').find(({ entity }) => entity === 'us_ssn')
    expect(near?.counts).toBe(false)
    expect(near?.why).toContain('no word of its kind near it')
  })

  it('tells that a card counts although its check fails, and by which word', () => {
    const [found] = counted(explain('4111111111111112, my credit card'))
    expect(found).toMatchObject({ entity: 'credit_card' })
    expect(found?.why).toMatch(/word "credit card"; checksum failed/)
  })

  it('tells of the password in an address where the address is, and what of it is hidden', () => {
    const text = `see postgres://app:${'hunter2'.repeat(2)}@db.example.com/x now`
    const [found] = counted(explain(text))
    expect(text.slice(found?.start, found?.end)).toMatch(/^postgres:.*\.com/)
    expect(text.slice(found?.hidden?.start, found?.hidden?.end)).toBe('hunter2hunter2')
  })

  it('finds values in JSON at any level, escaped, in base64 and in resources in base64', () => {
    const mail = 'please write to ann@example.com, she is the one'
    const inBase64 = btoa(mail)
    const texts = [
      JSON.stringify({ a: JSON.stringify({ b: mail }) }),
      '{"t":"ann\\u0040example.com"}',
      `the note ${inBase64} was sent`,
      JSON.stringify({ resource: { uri: 'x:y', mimeType: 'text/plain', blob: inBase64 } }),
    ]
    for (const text of texts) expect(counted(explain(text)).map(({ entity }) => entity)).toEqual(['email'])
  })

  it('tells what becomes of each: overlaps the strictest way, fields by their rule, near misses not at all', () => {
    const terms = [
      { fields: ['*.note'], with: 'block' as const },
      { entities: ['email'], with: 'partial' as const },
    ]
    const text = JSON.stringify({ note: 'to ann@example.com', cc: 'bob@example.com', n: 'the number 078051121' })
    const actions = explain(text, terms).map(({ entity, action }) => [entity, action])
    expect(actions).toEqual(
      expect.arrayContaining([
        ['field', 'block'],
        ['email', 'block'],
        ['email', 'partial'],
        ['us_ssn', undefined],
      ]),
    )
  })

  it('tells of the same value elsewhere, where only its place gave it away', () => {
    const [key, again] = counted(explain('{"password":"horse-9","log":"with horse-9"}'))
    expect([key?.rule, again?.rule]).toEqual(['key.password', 'propagated'])
    expect(again).toMatchObject({
      start: 34,
      end: 41,
      action: 'redact',
      why: expect.stringContaining('shown by its key'),
    })
  })

  it('tells what stays because the protocol itself is written there, and of nothing like it in documents', () => {
    const mail = 'ann@example.com'
    const message = { jsonrpc: '2.0', id: mail, result: {} }
    expect(counted(explain(JSON.stringify(message)))).toMatchObject([
      { action: 'allow', why: expect.stringContaining('the protocol itself is written here') },
    ])
    const blob = btoa(JSON.stringify(message))
    for (const document of [{ id: mail }, { resource: { uri: 'x:y', mimeType: 'application/json', blob } }])
      expect(counted(explain(JSON.stringify(document)))).toMatchObject([{ action: 'surrogate' }])
  })

  it('never holds a part of the value', () => {
    const words = explain('{"password":"correcthorse","x":"4111 1111 1111 1111"}').map(({ why, rule }) => why + rule)
    expect(words.join(' ')).not.toMatch(/correct|4111/)
  })

  it('leaves out kinds that nobody asked for', () => {
    expect(explain('the host is 10.0.0.1').map(({ entity }) => entity)).not.toContain('ip_address')
    const named = [{ entities: ['ip_address'], with: 'redact' as const }]
    expect(counted(explain('the host is 10.0.0.1', named)).map(({ entity }) => entity)).toEqual(['ip_address'])
  })
})

function explain(text: string, terms: readonly Terms[] = []): readonly Explained[] {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
  return explainText(text, { rules, scanner: new Scanners([]).for(rules) }) ?? []
}

function counted(found: readonly Explained[]): readonly Explained[] {
  return found.filter(({ counts }) => counts)
}
