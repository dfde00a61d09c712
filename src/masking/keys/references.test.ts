import { describe, expect, it } from 'vitest'
import { Finder } from '../../../test/support/masking/finder.ts'
import { leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

const finder = new Finder()
const anything = (text: string): string[] => finder.anything(text).map(({ start, end }) => text.slice(start, end))

/** In JSON, settings, YAML, SQL, CSV and Markdown. */
const places = (key: string, value: string): string[] => [
  JSON.stringify({ a: 1, [key]: value }),
  leaf(`${key}=${value}`),
  leaf(`[db]\n${key} = ${value}\nhost = y`),
  leaf(`user: x\n${key}: ${value}\nhost: y`),
  leaf(`user: x\n${key}: "${value}"\nhost: y`),
  leaf(`INSERT INTO users (id, ${key}) VALUES (1, '${value}');`),
  leaf(`id,${key}\n1,${value}\n2,${value}`),
  leaf(`| id | ${key} |\n|---|---|\n| 1 | ${value} |`),
]

describe('a reference to a secret', () => {
  it.each([
    '$1',
    ':password',
    '@new_password',
    '?',
    '%s',
    '${DB_PASSWORD}',
    '{{ .Values.password }}',
    'process.env.DB_PASSWORD',
    'os.getenv(DB_PASSWORD)',
    'secrets.DB_PASSWORD',
    '!secret db_password',
    'vault:secret/data/db#password',
    'op://vault/item/field',
    'arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-AbCdEf',
    'ref+awsssm://prod/db/password',
    'projects/p/secrets/db/versions/latest',
    'application/token-introspection+jwt',
    '[Redacted]',
    '__DB_PASSWORD__',
    '@@DB_PASSWORD@@',
    '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)',
    '%DB_PASSWORD%',
    '#{db.password}',
    '<%= db.password %>',
    '<%= ENV[:DB_PASSWORD] %>',
    '[your password]',
    '[your-password]',
    '<your-password>',
    '<your password>',
    'ENC[AES256_GCM,data:bWFwbGU0ODIx,iv:c29tZWl2,tag:dGFn,type:str]',
    'ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC==]',
    'ENC(nrmZtkF7T0kjG/VodDvBw93Ct8EgjCAM)',
  ])('%s is none', (value) => {
    for (const place of places('password', value)) expect([place, valuesIn(place)]).toEqual([place, []])
  })

  it('is none in a role of reStructuredText, or as a variable behind a scheme', () => {
    expect(valuesIn(leaf('If the :token:`registry_query` of a :token:`value_name` is left out'))).toEqual([])
    expect(valuesIn(leaf('add_header("Authorization", "Basic $encoded");'))).toEqual([])
    expect(valuesIn(leaf('password: `maple4821`'))).toEqual(['maple4821'])
  })

  it.each([
    '[maple4821]',
    '[your4821]',
    '#{maple4821}',
    'ENC[maple4821]',
    'ENC[GPG,maple4821]',
    'ENC(4821)',
    'ENC(maple4821)',
    'ENC(maple4821maple4821maple)',
    '%maple4821%',
    '<%= 4821 %>',
  ])('is no %s', (value) => {
    const place = JSON.stringify({ password: value })
    expect([place, valuesIn(place)]).toEqual([place, [value]])
  })

  it('is the variable of a shell also where it begins like percent-encoding', () => {
    expect(anything('password: %DB_PASSWORD%')).toEqual([])
    expect(anything('DB_PASSWORD=%DB_PASSWORD%')).toEqual([])
    expect(anything('id,password\n1,%DB_PASSWORD%')).toEqual([])
    expect(anything('card 4111%E2%80%8B1111%C2%A011111111')).toEqual(['4111%E2%80%8B1111%C2%A011111111'])
  })

  it('is none in quotes of its own', () => {
    expect(valuesIn(leaf('id,password\n1,os.environ["DB_PASSWORD"]\n2,os.environ["X"]'))).toEqual([])
    expect(valuesIn(leaf("password=process.env['DB_PASSWORD']"))).toEqual([])
  })

  it.each([
    'your_password',
    'changeme',
    ':maple4821',
    '@maple',
    '@Secret',
    'op:maple4821',
    'secrets4821.maple',
    'env.maple4821x!',
  ])('%s is no reference', (value) => {
    expect(valuesIn(JSON.stringify({ a: 1, password: value }))).toEqual([value])
    expect(valuesIn(leaf(`INSERT INTO users (id, password) VALUES (1, '${value}');`))).toEqual([value])
  })
})

describe('the path of a page, an endpoint or a file under the name of a secret', () => {
  it.each([
    ['token', '/oauth/token'],
    ['token', '/api/v2/token'],
    ['token', '/oauth2/v2.0/token'],
    ['token', '/users/{id}/tokens'],
    ['token', 'https://auth.example.com/oauth/token'],
    ['token', 'https://auth.example.com:8443'],
    ['secret', '/v1/secrets'],
    ['private_key', '/etc/ssl/private/server.key'],
    ['password', '/reset-password'],
    ['password', '/users/:id/password'],
    ['password', '/run/secrets/db_password'],
    ['password', 'https://example.com/account/password'],
  ])('%s: %s is none', (key, value) => {
    for (const place of places(key, value)) expect([place, valuesIn(place)]).toEqual([place, []])
    expect(valuesIn(leaf(`<tr><td>${key}</td><td>${value}</td></tr>`))).toEqual([])
  })

  it.each([
    ['token', '/Kf83hdKdj38d/xoab'],
    ['token', '/token/hunter2'],
    ['token', '/qzxkvjwpqh/grtkp'],
    ['token', 'https://hooks.example.com/ahmwqgtrelkvnbio'],
    ['token', 'https://hooks.example.com/services/VQUPNKZCYA'],
    ['token', 'https://example.com/hook/Kf83hdKdj38dLL2'],
    ['token', 'https://example.com/hook?token=maple4821'],
    ['token', 'https://joe:maple@example.com/hook'],
    ['secret', '/maple/Kf8+3hdKdj38d='],
    ['password', '/home/user'],
    ['password', '/maple'],
    ['password', '/h/unter2'],
  ])('%s: %s is one', (key, value) => {
    expect(valuesIn(JSON.stringify({ a: 1, [key]: value })).length).toBeGreaterThan(0)
    expect(valuesIn(leaf(`id,${key}\n1,${value}\n2,${value}`)).length).toBeGreaterThan(0)
  })
})
