import { describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64, toBase64Url } from '../base/bytes.ts'
import { Chance } from '../../test/support/masking/random.ts'
import { compileAllOwn } from './patterns/compile-own.ts'
import { Scanners } from './scanners.ts'
import { sensitiveFinder, type SensitiveAt } from './sensitive.ts'

const AT: SensitiveAt = { connection: 'crm', tool: 'send' }
const { own } = compileAllOwn([
  {
    name: 'employee_no',
    pattern: 'EMP-[0-9]{6}',
    with: 'allow',
    tools: ['send'],
    examples: { matches: ['EMP-004711'], leaves_alone: ['EMP-1'] },
  },
])
const findBuiltIn = sensitiveFinder(new Scanners([]), [])
const findOwn = sensitiveFinder(new Scanners(own), own)
const CARD = '4111111111111111'

function secretsIn(args: unknown): number | undefined {
  return findBuiltIn(JSON.stringify(args), AT)?.secrets
}

function personalIn(args: unknown): readonly string[] | undefined {
  return findBuiltIn(JSON.stringify(args), AT)?.personal
}

function part(text: string): string {
  return toBase64Url(encodeUtf8(text))
}

/** Made up, and put together here so that no file holds anything with the shape of a credential. */
function made(): Readonly<Record<string, string>> {
  const chance = new Chance(7)
  const letters = (length: number) =>
    chance.text('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', length)
  const hex = (length: number) => chance.text('0123456789abcdef', length)
  const dashes = '-'.repeat(5)
  return {
    github: ['gh', 'p_', letters(36)].join(''),
    gitlab: ['gl', 'pat-', letters(20)].join(''),
    aws: ['AK', 'IA', chance.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)].join(''),
    'aws secret in a text': ['aws_secret_access_key', letters(40)].join(' = '),
    slack: ['xo', 'xb-', '123456789012-', letters(24)].join(''),
    stripe: ['sk', '_live_', letters(24)].join(''),
    anthropic: ['sk-', 'ant-', letters(40), '9a'].join(''),
    vault: ['hv', 's.', letters(22), '9a'].join(''),
    heroku: ['HR', 'KU-', [hex(8), hex(4), hex(4), hex(4), hex(12)].join('-')].join(''),
    telegram: ['123456789', ':AA', letters(33)].join(''),
    azure: ['DefaultEndpointsProtocol=https;AccountName=x;Account', 'Key=', letters(86), '=='].join(''),
    'private key': [dashes, 'BEGIN RSA PRIVATE KEY', dashes, '\n', letters(64)].join(''),
    jwt: [part('{"alg":"HS256","typ":"JWT"}'), part('{"sub":"1"}'), letters(43)].join('.'),
    bearer: ['Authorization: Bear', 'er ', letters(30)].join(''),
    url: ['https://', 'ann', ':', 'h4rd2guess', '@example.com/x'].join(''),
    'a line of a file': ['DEBUG=1\nAPI_TOKEN', letters(40)].join('='),
    'a flag': ['deploy --api-token', letters(40)].join(' '),
  }
}

describe('a secret in arguments counts', () => {
  it.each(Object.keys(made()))('of the kind %s', (kind) => {
    const secret = made()[kind] ?? ''
    expect(secretsIn({ text: secret })).toBe(1)
    expect(secretsIn({ a: { note: `first line\n${secret}\nlast` } })).toBe(1)
    expect(secretsIn({ body: JSON.stringify({ text: secret }) })).toBe(1)
  })

  it('once, however often it stands there', () => {
    const { github = '', aws = '' } = made()
    expect(secretsIn({ a: `${github} ${aws}`, b: [github, { c: aws }] })).toBe(2)
  })

  it('behind escapes, percent signs and base64', () => {
    const { github = '' } = made()
    const escaped = `\\u0067${github.slice(1)}`
    expect(findBuiltIn(`{"a":"${escaped}"}`, AT)?.secrets).toBe(1)
    expect(secretsIn({ a: `%67${github.slice(1)}` })).toBe(1)
    expect(secretsIn({ a: toBase64(encodeUtf8(`export TOKEN=${github}`)) })).toBe(1)
    expect(secretsIn({ mimeType: 'text/plain', blob: toBase64(encodeUtf8(`the token is ${github}`)) })).toBe(1)
  })
})

describe('no secret counts', () => {
  it('because an argument has the name of one', () => {
    const { 'aws secret in a text': line = '' } = made()
    const value = line.slice(line.lastIndexOf(' ') + 1)
    expect(secretsIn({ password: 'hunter2hunter2', api_token: value, secret_access_key: value, pin: 1234 })).toBe(0)
    expect(secretsIn({ name: 'DB_PASSWORD', value: 'hunter2hunter2' })).toBe(0)
  })

  it.each([
    '',
    'SELECT id FROM users WHERE token = $1',
    'the api_key parameter is required',
    'https://example.com/path?next=%2Fa&page=2',
    'postgres://user:password@localhost/db',
    'postgres://${USER}:${PASSWORD}@host/db',
    'redis://default:changeme@localhost:6379',
    'Authorization: Bearer YOUR_TOKEN_HERE',
    'eyJhYmM.def.ghi',
    'task-force sk-learn desk-ant-colony risk_live_data',
    'commit 0123456789abcdef0123456789abcdef01234567',
    '550e8400-e29b-41d4-a716-446655440000',
    `sha256:${'0123456789abcdef'.repeat(4)}`,
    'const password = readPassword(); login(user, password)',
    'password: must have eight characters',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@host',
    `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)} is the first line of such a file`,
    'npm_config_registry=https://registry.example.com',
    '00:aa:bb:cc:dd:ee and 12:AA:bb',
  ])('in %j', (text) => {
    expect(secretsIn({ text })).toBe(0)
  })
})

describe('personal data in arguments', () => {
  it('is told by its kinds, in the order of the catalogue', () => {
    const args = { to: 'ann@example.com', note: `card ${CARD}, again ${CARD}`, ssn: '078-05-1120', last_name: 'Miller' }
    expect(personalIn(args)).toEqual(['credit_card', 'email', 'person_name', 'us_ssn'])
  })

  it('is found as a number, in the name of an argument, in an encoded text, and where the protocol has its own members', () => {
    expect(personalIn({ n: Number(CARD) })).toEqual(['credit_card'])
    expect(personalIn({ 'ann@example.com': 1 })).toEqual(['email'])
    expect(personalIn({ a: 'ann%40example.com' })).toEqual(['email'])
    expect(personalIn({ id: CARD, method: 'ann@example.com' })).toEqual(['credit_card', 'email'])
  })

  it('is none of what a profile lets pass, and no secret', () => {
    const { github = '' } = made()
    expect(personalIn({ ip: '203.0.113.7', url: 'https://example.com/', at: '2026-01-02', key: github })).toEqual([])
    expect(personalIn({})).toEqual([])
  })

  it('has the kinds of the configuration, where they are looked for', () => {
    const args = JSON.stringify({ text: 'EMP-004711 and ann@example.com' })
    expect(findOwn(args, AT)?.personal).toEqual(['email', 'employee_no'])
    expect(findOwn(args, { ...AT, tool: 'other' })?.personal).toEqual(['email'])
  })
})
