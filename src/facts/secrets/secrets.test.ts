import { describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64Url } from '../../base/bytes.ts'
import { countSecrets, findHiddenCharacters } from './secrets.ts'

function part(text: string): string {
  return toBase64Url(encodeUtf8(text))
}

/** Made up, and put together here so that no file holds anything with the shape of a credential. */
function made(): Readonly<Record<string, string>> {
  const letters = 'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA'.repeat(4)
  const hex = '0123456789abcdef'.repeat(5)
  const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const dashes = '-'.repeat(5)
  return {
    github: ['gh', 'p_', letters.slice(0, 36)].join(''),
    'github app': ['gh', 's_', letters.slice(0, 36)].join(''),
    'github fine-grained': ['github', '_pat_', letters.slice(0, 22), '_', letters.slice(0, 59)].join(''),
    gitlab: ['gl', 'pat-', letters.slice(0, 20)].join(''),
    aws: ['AK', 'IA', base32.slice(0, 16)].join(''),
    'aws session': ['AS', 'IA', base32.slice(8, 24)].join(''),
    'aws secret': `aws_secret_access_key = ${letters.slice(0, 40)}`,
    'aws secret in JSON': `{"SecretAccessKey":"${letters.slice(0, 40)}"}`,
    slack: ['xo', 'xb-', '123456789012-', letters.slice(0, 24)].join(''),
    stripe: ['sk', '_live_', letters.slice(0, 24)].join(''),
    google: ['AI', 'za', letters.slice(0, 35)].join(''),
    npm: ['np', 'm_', letters.slice(0, 36)].join(''),
    pypi: ['py', 'pi-AgE', letters.slice(0, 60)].join(''),
    sendgrid: ['S', 'G.', letters.slice(0, 22), '.', letters.slice(0, 43)].join(''),
    twilio: ['S', 'K', hex.slice(0, 32)].join(''),
    openai: ['sk-', 'proj-', letters.slice(0, 60)].join(''),
    anthropic: ['sk-', 'ant-api03-', letters.slice(0, 40)].join(''),
    digitalocean: ['dop', '_v1_', hex.slice(0, 64)].join(''),
    vault: ['hv', 's.', letters.slice(0, 24)].join(''),
    databricks: ['da', 'pi', hex.slice(0, 32)].join(''),
    azure: ['DefaultEndpointsProtocol=https;AccountName=x;Account', 'Key=', letters.slice(0, 86), '=='].join(''),
    telegram: ['123456789', ':AA', letters.slice(0, 33)].join(''),
    mailgun: ['key', '-', hex.slice(0, 32)].join(''),
    heroku: ['HR', 'KU-', letters.slice(0, 36)].join(''),
    shopify: ['shp', 'at_', hex.slice(0, 32)].join(''),
    'private key': [dashes, 'BEGIN RSA PRIVATE KEY', dashes, '\n', letters.slice(0, 64)].join(''),
    'private key in JSON': [dashes, 'BEGIN PRIVATE KEY', dashes, '\\n', letters.slice(0, 64)].join(''),
    'encrypted key': [
      dashes,
      'BEGIN RSA PRIVATE KEY',
      dashes,
      '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n',
      letters.slice(0, 64),
    ].join(''),
    jwt: [part('{"alg":"HS256","typ":"JWT"}'), part('{"sub":"1"}'), letters.slice(0, 43)].join('.'),
    bearer: ['Authorization: Bear', 'er ', letters.slice(0, 30)].join(''),
    basic: ['{"Authorization":"Bas', 'ic ', letters.slice(0, 20), '=="}'].join(''),
    url: ['https://', 'ann', ':', 'h4rd2guess', '@example.com/x'].join(''),
    database: ['postgres://', 'app', ':', 's3kr1t-9', '@db.example.com:5432/app'].join(''),
  }
}

describe('a credential is found', () => {
  it.each(Object.keys(made()))('of the kind %s', (kind) => {
    const secret = made()[kind] ?? ''
    expect(countSecrets(secret)).toBe(1)
    expect(countSecrets(`text before: ${secret} and after`)).toBe(1)
    expect(countSecrets(JSON.stringify({ a: { note: `first line\n${secret}\nlast` } }))).toBe(1)
  })

  it('behind an escape that spells one of its letters', () => {
    const secret = made()['github'] ?? ''
    expect(countSecrets(`{"a":"\\u0067${secret.slice(1)}"}`)).toBe(1)
  })

  it('each once', () => {
    const { github = '', aws = '' } = made()
    expect(countSecrets(`${github} ${aws} ${github}`)).toBe(2)
  })
})

describe('ordinary text has none', () => {
  it.each([
    '',
    'SELECT id FROM users WHERE token = $1',
    'the api_key parameter is required',
    'https://example.com/path?next=%2Fa&page=2',
    'https://user@example.com/',
    'postgres://user:password@localhost/db',
    'postgres://user:<password>@host/db',
    'postgres://${USER}:${PASSWORD}@host/db',
    'https://x:***@example.com/',
    'redis://default:changeme@localhost:6379',
    'Authorization: Bearer <token>',
    'Authorization: Bearer YOUR_TOKEN_HERE',
    'Authorization: Bearer',
    'eyJ is how a JWT begins',
    'eyJhYmM.def.ghi',
    'task-force sk-learn desk-ant-colony risk_live_data',
    'commit 0123456789abcdef0123456789abcdef01234567',
    '550e8400-e29b-41d4-a716-446655440000',
    `sha256:${'0123456789abcdef'.repeat(4)}`,
    'AKIA is the prefix of an access key',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@host',
    `${'-'.repeat(5)}BEGIN PUBLIC KEY${'-'.repeat(5)}\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE`,
    `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)} is the first line of such a file`,
    'key-value-store and monkey-1234',
    'mailto:ann@example.com, see http://a.example/b@c:d',
    'npm_config_registry=https://registry.example.com',
  ])('%s', (text) => {
    expect(countSecrets(text)).toBe(0)
  })
})

describe('a hostile text is searched in linear time', () => {
  const size = 256 * 1024
  it.each([
    'a',
    'eyJ',
    'eyJ.',
    'eyJhbGciOiJ',
    '://',
    'a://b:',
    'authorization: bearer ',
    'authorization:',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----a: ',
    'secret_access_key=',
    'AccountKey=',
    'ghp_',
    'sk-',
    'glpat-a',
    'xoxb-',
    '\\u0067',
    '\\\\',
    '1',
    '123456789:AA',
    '&sig=',
  ])('%j over and over', (piece) => {
    // The fastest of three: neighbours on the machine only ever make it slower.
    const small = Math.min(...[1, 2, 3].map(() => elapsed(piece, size / 4)))
    const large = Math.min(...[1, 2, 3].map(() => elapsed(piece, size)))
    // A quadratic search takes sixteen times as long; the floor is for clocks and neighbours.
    expect(large).toBeLessThan(Math.max(small * 10, 150))
  })
})

describe('hidden characters', () => {
  it.each([
    'a\u200bb',
    'a\u202eb',
    'a\u2066b',
    'a\u0000b',
    'a\ud800b',
    '{"a":"x\\u200by"}',
    '{"a":"x\\u202Ey"}',
    '{"a":"\\u0000"}',
    '{"a":"\\u00ad"}',
  ])('are found: %j', (text) => {
    expect(findHiddenCharacters(text)).toBe(true)
  })

  it.each([
    '',
    'plain',
    'Grüße, 東京, עברית',
    '{"a":"line\\nnext\\ttab \\u00e9"}',
    '{"a":"\\\\u200b is an escape"}',
    '{"a":"❤️"}',
  ])('are not seen where there are none: %j', (text) => {
    expect(findHiddenCharacters(text)).toBe(false)
  })
})

function elapsed(piece: string, chars: number): number {
  const text = piece.repeat(Math.ceil(chars / piece.length))
  const start = process.hrtime.bigint()
  countSecrets(text)
  return Number(process.hrtime.bigint() - start) / 1e6
}
