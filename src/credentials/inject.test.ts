import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { CredentialDeclaration } from './credential.ts'
import { inject } from './inject.ts'
import { Secret } from './secret.ts'

describe('credentials are put where they are declared', () => {
  it('as a header, whose parts are hidden too', () => {
    const injection = setUp([{ name: 'key', kind: 'header', header: 'X-Api-Key' }], { key: 'Token abcdef123' })
    expect(injection.headers()).toEqual({ 'x-api-key': 'Token abcdef123' })
    expect(injection.hidden()).toEqual(['Token abcdef123', 'abcdef123'])
  })

  it('as a bearer token', () => {
    const injection = setUp([{ name: 't', kind: 'bearer' }], { t: 'abcdef123' })
    expect(injection.headers()).toEqual({ authorization: 'Bearer abcdef123' })
    expect(injection.hidden()).toEqual(['abcdef123'])
  })

  it('as user and password, hidden together, apart and encoded', () => {
    const injection = setUp([{ name: 'b', kind: 'basic' }], { b: 'svc:p\u00e4ss:word' })
    const encoded = Buffer.from('svc:p\u00e4ss:word').toString('base64')
    expect(injection.headers()).toEqual({ authorization: `Basic ${encoded}` })
    expect(injection.hidden()).toEqual(['svc:p\u00e4ss:word', 'p\u00e4ss:word', encoded])
  })

  it('as a variable, of which the password in a URL and the lines of a key are hidden too', () => {
    const line = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'
    const injection = setUp(
      [
        { name: 'db', kind: 'env', variable: 'DATABASE_URL' },
        { name: 'pem', kind: 'env', variable: 'KEY' },
      ],
      { db: 'postgres://app:s%40cret99@db/app', pem: `begin key\n${line}\nend key\n` },
    )
    expect(injection.env()).toEqual({ DATABASE_URL: 'postgres://app:s%40cret99@db/app', KEY: expect.any(String) })
    expect(injection.hidden()).toEqual(expect.arrayContaining(['s%40cret99', 's@cret99', line]))
    expect(injection.hidden()).not.toContain('begin key')
    expect(injection.headers()).toEqual({})
  })

  it('and are not shown by what holds them', () => {
    const injection = setUp([{ name: 't', kind: 'bearer' }], { t: 'abcdef123' })
    expect(inspect(injection, { depth: 9, showHidden: true }) + JSON.stringify(injection)).not.toContain('abcdef123')
  })
})

describe('a connection does not open when', () => {
  const wrong: readonly {
    why: string
    declared: CredentialDeclaration[]
    values: Record<string, string>
    code: string
  }[] = [
    {
      why: 'a credential has no value',
      declared: [{ name: 't', kind: 'bearer' }],
      values: {},
      code: 'credential_unreadable',
    },
    {
      why: 'two credentials want one place',
      declared: [
        { name: 't', kind: 'bearer' },
        { name: 'h', kind: 'header', header: 'Authorization' },
      ],
      values: { t: 'abcdef123', h: 'abcdef124' },
      code: 'config_invalid',
    },
    {
      why: 'a value does not fit the place that is declared today',
      declared: [{ name: 'h', kind: 'header', header: 'x-key' }],
      values: { h: 'stored for a variable\nonce' },
      code: 'config_invalid',
    },
    ...['Host', 'Mcp-Session-Id', 'Content-Length', 'bad name', 'x:y', ''].map((header) => ({
      why: `the header is "${header}"`,
      declared: [{ name: 'h', kind: 'header' as const, header }],
      values: { h: 'abcdef123' },
      code: 'config_invalid',
    })),
  ]
  it.each(wrong)('$why', ({ declared, values, code }) => {
    const attempt = () => setUp(declared, values)
    expect(attempt).toThrow(expect.objectContaining({ code }))
    for (const value of Object.values(values)) expect(attempt).not.toThrow(value)
  })
})

function setUp(declarations: readonly CredentialDeclaration[], values: Readonly<Record<string, string>>) {
  return inject(
    'files',
    declarations,
    new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)])),
  )
}
