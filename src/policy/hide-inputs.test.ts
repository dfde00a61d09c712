import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../base/json.ts'
import { openMasker } from '../../test/support/masking/passages.ts'
import { hideInputs } from './hide-inputs.ts'
import { inputsMissing } from './inputs-missing.ts'

/** As a connection with the usual profile keeps them. */
function kept(facts: JsonObject): JsonObject {
  using opened = openMasker()
  return hideInputs(facts, (list) => opened.masker.recorded(list))
}

const PASSWORD = ['s3kr1t', '9xQ2'].join('-')

describe('facts that are kept', () => {
  it('are the very same where nothing in them has to be hidden', () => {
    const facts: JsonObject = {
      secrets: 2,
      pii: ['email'],
      session: { age: 1, calls: 0 },
      sql: { verbs: ['read'], tables_read: ['users'], columns_read: ['users.ssn', 'users.password'] },
      k8s: { secrets: true, name: 'web' },
      claims: { tenant: 'acme' },
    }
    expect(kept(facts)).toBe(facts)
    expect(hideInputs({ secrets: 1 }, () => '[]')).toEqual({ secrets: 1 })
  })

  it('hold no value of a person, and say where one stood', () => {
    const facts = kept({
      also: ['call.annotations', 'shell.commands', 'shell.urls'],
      shell: {
        programs: ['mail'],
        commands: [{ program: 'mail', args: ['-s', 'hello', 'ann@example.com'], via: '' }],
        urls: ['https://crm.example.com/customers/ann@example.com'],
        hosts: ['crm.example.com'],
      },
      http: { host: 'crm.example.com', path: '/pay/4111111111111111' },
      sql: { tables_read: ['users'] },
    })
    expect(JSON.stringify(facts)).not.toMatch(/ann@|4111111111111111/)
    expect(facts['masked']).toEqual(['http', 'shell'])
    expect(facts['sql']).toEqual({ tables_read: ['users'] })
    expect(facts['shell']).toMatchObject({ programs: ['mail'], hosts: ['crm.example.com'] })
  })

  it('hold no secret that an option of a command announces', () => {
    const facts = kept({
      shell: { commands: [{ program: 'curl', args: ['-u', `ann:${PASSWORD}`, 'https://example.com/'], via: '' }] },
    })
    expect(JSON.stringify(facts)).not.toContain(PASSWORD)
  })

  it('hold no claim that its name gives away, and are not asked again about it', () => {
    const facts = kept({
      also: ['identity.claims.tenant', 'identity.claims.phone_number', 'identity.amr'],
      claims: { tenant: 'acme', phone_number: '0157 555 0199' },
      amr: ['pwd'],
    })
    expect(facts['claims']).toMatchObject({ tenant: 'acme' })
    expect(JSON.stringify(facts)).not.toContain('555')
    expect(facts['also']).toEqual(['identity.amr'])
    const uses = new Set(['identity.claims.tenant', 'identity.amr'])
    expect(inputsMissing(uses, { facts, args: true, about: {} })).toEqual(['identity.claims.tenant'])
  })

  it('are nothing but there where they cannot be searched', () => {
    const facts: JsonObject = { session: { age: 1 }, sql: { tables_read: ['x'] }, claims: { a: 'b' } }
    const expected = { session: { age: 1 }, sql: { cut: true }, claims: null, masked: ['identity.claims', 'sql'] }
    expect(hideInputs(facts, () => undefined)).toMatchObject(expected)
    expect(hideInputs(facts, () => '[]')).toMatchObject(expected)
  })

  it('do not answer a condition that looks at what was hidden', () => {
    const facts = kept({ http: { host: 'example.com', path: '/ann@example.com' } })
    expect(inputsMissing(new Set(['http.host', 'sql.verbs']), { facts, args: true, about: {} })).toEqual(['http'])
  })
})
