import { describe, expect, it } from 'vitest'
import { encodeUtf8, toBase64, toBase64Url } from '../../base/bytes.ts'
import { Chance } from '../../../test/support/masking/random.ts'
import { secretFinder, textsOf } from '../../../test/support/masking/secret-finder.ts'

const find = secretFinder()
const chance = new Chance(31)
const base64 = (bytes: number) => toBase64(encodeUtf8(chance.shaped(`w{${bytes}}`)))
const web = (value: unknown) => toBase64Url(encodeUtf8(JSON.stringify(value)))
const dashes = '-----'
const lines = (count: number) => Array.from({ length: count }, () => base64(48)).join('\n')
const pem = (label: string, body = lines(4)) =>
  `${dashes}BEGIN ${label}${dashes}\n${body}\n${dashes}END ${label}${dashes}`
const part = () => chance.shaped('w{43}')
const inJson = (text: string) => textsOf(text, find(text, { raw: true }))
const ppk = (body: string) =>
  `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 3\n${body}\nPrivate-MAC: 88ba7d\n`

describe('a private key in its armour', () => {
  it.each([
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('is found whole, in text and at each level of JSON: %s', (label) => {
    const key = pem(label)
    expectFound(`key:\n${key}\nend`, key)
    const once = JSON.stringify({ a: `x\n${key}\n`, b: 'after' })
    expectFound(once, JSON.stringify(key).slice(1, -1), { raw: true })
    const twice = JSON.stringify({ text: once })
    expectFound(twice, JSON.stringify(JSON.stringify(key).slice(1, -1)).slice(1, -1), { raw: true })
  })

  it('is found in one line, and in lines of source code', () => {
    const one = pem('PRIVATE KEY').replaceAll('\n', ' ')
    expectFound(`KEY='${one}'`, one)
    const code = pem('PRIVATE KEY').replaceAll('\n', '\\n" +\n  "')
    expectFound(`key = "${code}"`, code)
  })

  it('that was cut off is found up to the end of its text, and no escape is broken', () => {
    const cut = `${dashes}BEGIN PRIVATE KEY${dashes}\n${lines(3)}`
    expectFound(cut, cut)
    const raw = JSON.stringify({ a: `${cut}\n`, b: 'after' })
    const wanted = JSON.stringify(cut).slice(1, -1)
    expectFound(raw, `${wanted}\\n`, { raw: true })
    const inner = JSON.stringify({ t: JSON.stringify({ a: cut, b: 'after' }) })
    expectFound(inner, JSON.stringify(wanted).slice(1, -1), { raw: true })
  })

  it.each(['', '\n', '\n...\n', '\n***\n', '\nYOUR KEY HERE\n'])('without a key in it is nothing: %j', (body) => {
    expect(find(`${dashes}BEGIN PRIVATE KEY${dashes}${body}${dashes}END PRIVATE KEY${dashes}`)).toEqual([])
  })

  it('public keys and certificates are nothing', () => {
    expect(find(`${pem('PUBLIC KEY')}\n${pem('CERTIFICATE')}`)).toEqual([])
  })
})

describe('a JSON web token', () => {
  const token = () =>
    [web({ alg: 'HS256', typ: 'JWT' }), web({ sub: chance.digits(10) }), chance.shaped('w{43}')].join('.')
  const encrypted = [
    web({ alg: 'RSA-OAEP', enc: 'A256GCM' }),
    ...[200, 16, 90, 22].map((n) => chance.shaped(`w{${n}}`)),
  ]

  it.each([
    (jwt: string) => jwt,
    (jwt: string) => `Bearer ${jwt}`,
    (jwt: string) => `"t":"${jwt}",`,
    (jwt: string) => `?t=${jwt}&a`,
  ])('is found wherever it stands: %s', (around) => {
    const jwt = token()
    expectFound(around(jwt), jwt)
    expectFound(JSON.stringify({ a: `\n${around(jwt)}` }), jwt, { raw: true })
  })

  it('is found when it is encrypted, without a signature, and in base64 once more', () => {
    expectFound(`t ${encrypted.join('.')}`, encrypted.join('.'))
    const unsigned = `${web({ alg: 'none' })}.${web({ sub: 'joe.bloggs' })}.`
    expectFound(`t ${unsigned}`, unsigned.slice(0, -1))
    const wrapped = toBase64Url(encodeUtf8(token()))
    expectFound(`t: ${wrapped}`, wrapped)
  })

  it('is no other base64 of JSON', () => {
    expect(find(`cursor: ${web({ after: 17, limit: 100 })} ${web({ a: 1 })}.${web([2])}`)).toEqual([])
  })
})

describe('a JSON Web Key', () => {
  it('gives away nothing but its public part, at each level of JSON', () => {
    const secrets = [part(), part(), part(), part()]
    const [d = '', p = '', q = '', last = ''] = secrets
    const key = { kty: 'RSA', n: part(), e: 'AQAB', key_ops: ['sign'], d, p, q, kid: '1' }
    const keys = JSON.stringify({ keys: [key, { kty: 'EC', crv: 'P-256', x: part(), y: part(), d: last }] })
    expect(inJson(keys)).toEqual(secrets)
    expect(inJson(JSON.stringify({ t: keys }))).toEqual(secrets)
    expect(inJson(JSON.stringify({ t: JSON.stringify({ k: p, kty: 'oct' }, undefined, 2) }))).toEqual([p])
  })

  it('loses short parts, and those of further primes on either side of its type', () => {
    expect(inJson(JSON.stringify({ kty: 'oct', k: 'c2Vj', kid: 'A' }))).toEqual(['c2Vj'])
    const oth = [
      { r: 'abc1', d: 'abc2', t: 'abc3' },
      { r: 'abc4', d: 'abc5', t: 'abc6' },
    ]
    const secrets = ['abc1', 'abc2', 'abc3', 'abc4', 'abc5', 'abc6', 'abc7']
    for (const key of [
      { kty: 'RSA', n: part(), oth, d: 'abc7' },
      { d: 'abc7', oth, n: part(), kty: 'RSA' },
    ])
      for (const text of [JSON.stringify(key), JSON.stringify({ keys: [{ kty: 'EC', y: part() }, key], r: 'abc9' })]) {
        expect(inJson(text).toSorted()).toEqual(secrets)
        expect(inJson(JSON.stringify({ t: text })).toSorted()).toEqual(secrets)
      }
  })

  it('that is public is left as it is, and so are other objects', () => {
    expect(find(JSON.stringify({ a: { kty: 'EC' }, d: 'abc1', b: { k: 'abc2' } }), { raw: true })).toEqual([])
    expect(find(JSON.stringify({ kty: 'RSA', n: part(), r: 'abc1', t: 'abc2' }), { raw: true })).toEqual([])
    expect(find(JSON.stringify({ kty: 'EC', crv: 'P-256', x: part(), y: part() }), { raw: true })).toEqual([])
    expect(find(JSON.stringify([{ kty: 'EC' }, { d: part(), k: part() }]), { raw: true })).toEqual([])
  })
})

describe('a key file of PuTTY', () => {
  it('loses its private lines, to the last one', () => {
    const body = `${lines(2)}\nAb==`
    expectFound(ppk(body), body)
    expectFound(JSON.stringify({ t: ppk(body) }), JSON.stringify(body).slice(1, -1), { raw: true })
    expectFound(`Private-Lines: 3\n${body}`, body)
  })

  it('is not what says how many lines there are', () => {
    expect(find('Private-Lines: 14\nof text follow')).toEqual([])
  })
})

describe('credentials of HTTP', () => {
  const basic = toBase64(encodeUtf8('joe:hunter2hunter2'))
  const bearer = chance.shaped('w{39}7')

  it.each([
    [`Authorization: Basic ${basic}`, basic],
    [`authorization: bearer ${bearer}`, bearer],
    [`{"Authorization":"Bearer ${bearer}"}`, bearer],
    [`{"headers":{"authorization": "Token ${bearer}"}}`, bearer],
    [`curl -H 'Authorization: ${bearer}' https://api.example.com`, bearer],
    [`curl -H "Authorization: Basic ${basic}" https://api.example.com`, basic],
    [`use Bearer ${bearer} for it`, bearer],
    [`use Basic ${basic}`, basic],
    [`.header("Authorization", "Bearer ${bearer}")`, bearer],
  ])('are found: %s', (text, value) => {
    expectFound(text, value)
    expectFound(JSON.stringify({ t: text }), value, { raw: true })
  })

  it.each([
    ['curl -u elastic:P@ss$1word https://localhost:9200', 'elastic:P@ss$1word'],
    ['curl -s --user "j.smith:dB2yF6@q 9vZ" https://api.example.com', 'j.smith:dB2yF6@q 9vZ'],
    ["curl --user 'joe:h0pk1ns' -X POST", 'joe:h0pk1ns'],
  ])('are found on a command line: %s', (text, value) => {
    expectFound(text, value)
    expectFound(JSON.stringify({ t: text }), value, { raw: true })
  })

  it.each([
    'Authorization: Bearer $TOKEN',
    'Authorization: Bearer {{ token }}',
    'Authorization: Basic ...',
    'Authorization: Bearer <token>',
    'Authorization is required',
    'authorization: options.headers.authorization',
    'a bearer token is sent; basic authentication is not',
    'curl -u username:password https://example.com',
    'curl -u "${USER}:${PASS}" https://example.com',
    'sort -u a:b',
  ])('are nothing where somebody leaves them out: %s', (text) => {
    expect(find(text)).toEqual([])
  })
})

describe('passwords in addresses', () => {
  it.each([
    ['postgres://joe:s3cr3tPa@db.example.net:5432/app', 's3cr3tPa'],
    ['mongodb+srv://app:myR3alP@ssw0rd@cluster0.example.net/db?retryWrites=true', 'myR3alP@ssw0rd'],
    ['このhttps://joe:pa55word1@example.comは', 'pa55word1'],
    ['[url](ftp://joe:hunter22@example.com)', 'hunter22'],
    ["postgres://app:ma^p(le)48'21@db/x", "ma^p(le)48'21"],
    ["'postgres://app:ma^ple(1)@db:5432/x'", 'ma^ple(1)'],
    ['[url](postgres://app:pass@wo(rd)@db/x)', 'pass@wo(rd)'],
  ])('only they are replaced: %s', (text, password) => {
    const [found] = find(text)
    const bytes = encodeUtf8(text)
    expect(new TextDecoder().decode(bytes.subarray(found?.start, found?.end))).toBe(password)
    expect(find(text)).toHaveLength(1)
  })

  it('a user that is a token is replaced', () => {
    const token = chance.shaped('h{38}7a')
    expectFound(`git+https://${token}:x-oauth-basic@example.com/a.git`, token)
    expectFound(`https://${token}@example.com/a.git`, token)
  })

  it.each([
    'https://${user}:${password}@example.com',
    'https://{{user}}:{{pass}}@example.com',
    'https://username:password@example.com',
    'https://YOUR_USERNAME:YOUR_PASSWORD@example.com',
    'postgres://postgres:postgres@localhost',
    'https://example.com:8080/@joe',
    'https://example.com/a:b@c',
    'ssh://git@example.com:22/a.git',
    'see http://example.com: joe@example.com',
    "'http://example:80','joe@example.com'",
    "f('http://example:one','joe@example.com')",
    'url(http://example:8080)@media',
    '(http://example:one)(two@example)',
    'http://example:one),joe@example.com',
    'http://example:8080(joe@example.com)',
  ])('place-holders and other signs are nothing: %s', (text) => {
    expect(find(text)).toEqual([])
  })
})

describe('secrets in settings', () => {
  const key = base64(48)
  it.each([
    ['Server=db;Database=app;User Id=sa;Password=p@ss w0rd;Encrypt=true', 'p@ss w0rd'],
    ['Data Source=db;uid=sa;pwd=hunter2', 'hunter2'],
    ['host=db user=joe password=hunter2 dbname=app', 'hunter2'],
    ['Server=db;Password=maple4821%pwd=hunter2%xpass=p@ss w0rd', 'maple4821%', 'hunter2%x', 'p@ss w0rd'],
    [`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key};EndpointSuffix=x`, key],
    [`Endpoint=sb://a.example.net/;SharedAccessKeyName=b;SharedAccessKey=${key}`, key],
    ['https://a.example.com/b?x=1&access_token=a1b2c3d4e5f6', 'a1b2c3d4e5f6'],
    ['https://a.example.com/b?sv=2024&amp;sig=a1B2c3D4e5F6a1B2c3D4&amp;x=1', 'a1B2c3D4e5F6a1B2c3D4'],
    ['machine db.example.com login joe password hunter2', 'hunter2'],
    ['machine db.example.com\n  login joe\n  password hunter2\n', 'hunter2'],
    [`{"auths":{"r.example.com":{"auth":"${toBase64(encodeUtf8('joe:pw1'))}"}}}`, toBase64(encodeUtf8('joe:pw1'))],
    ['facebook 1308742762612587|rhoK1cbv0DOU-RTX_87O4MkX7AI', '1308742762612587|rhoK1cbv0DOU-RTX_87O4MkX7AI'],
    [
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  user: YWRtaW4=\n  b.key: c2VjcmV0\n',
      'YWRtaW4=',
      'c2VjcmV0',
    ],
    ['apiVersion: v1\ndata:\n  user: YWRtaW4=\nkind: Secret\ntype: Opaque\n', 'YWRtaW4='],
    ['{"kind":"Secret","data":{"user":"YWRtaW4=","b":"c2VjcmV0"}}', 'YWRtaW4=', 'c2VjcmV0'],
  ])('are found: %s', (text, ...values) => {
    for (const value of values) {
      expectFound(text, value)
      expectFound(JSON.stringify({ t: text }), value, { raw: true })
    }
  })

  it.each([
    'kind: ConfigMap\ndata:\n  user: YWRtaW4=\n',
    'kind: SecretProviderClass\ndata:\n  user: YWRtaW4=\n',
    'https://a.example.com/b?page_token=a1b2c3d4e5f6&key=order-12345&sort_key=name',
    'connect(user=user, password=password)',
    'Server=db;Password=${PASSWORD};',
    'machine learning login user password',
  ])('are nothing of the kind: %s', (text) => {
    expect(find(text)).toEqual([])
  })
})

/** One of the findings is exactly the value. */
function expectFound(text: string, value: string, options?: { readonly raw: boolean }): void {
  const found = textsOf(text, find(text, options))
  expect(found).toContain(value)
}
