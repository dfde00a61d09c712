import { describe, expect, it } from 'vitest'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const found = (text: string): string[] => names.find(text).map(({ value }) => value)
const inText = (text: string): string[] => names.find(text, { raw: false }).map(({ value }) => value)

function expectNothing(text: string): void {
  expect(found(JSON.stringify({ t: text }))).toEqual([])
  expect(found(JSON.stringify({ t: JSON.stringify({ a: text, b: 1 }) }))).toEqual([])
  expect(inText(text)).toEqual([])
}

function expectOne(text: string, value: string): void {
  expect(inText(text)).toEqual([value])
  expect(found(JSON.stringify({ t: text })).map((one) => String(JSON.parse(`"${one}"`)))).toEqual([value])
}

describe('a name as the value of a name', () => {
  it.each([
    'self.passwd = passwd',
    'self.key_password = key_password\nself.x = 1',
    'username, password = user_pass',
    'self.password = new_password',
    'if x:\n    user.password = proposed_password\n',
    'f(address=address, x=1)',
    'f(address=addr, x=1)',
    'f(\n    tokens=tokens,\n    x=1,\n)',
    'f(password=password\n)',
    'f(\n    token=next_token\n)',
    'f(first_name=first_name, fax=fax)',
    'aws_secret_access_key=credentials.secret_key,\n x',
    'datagram_transport(address=("0.0.0.0", 1))',
    "datagram_transport(address=('0.0.0.0', 1))",
    'tokens: ParseResults',
    '_credential: TokenCredential',
    'password: SecretBytes',
    'export declare const $ZodJWT: core.$constructor<$ZodJWT>;',
    '{ client_id: clientId,\n client_secret: clientSecret\n }',
    'address: Address6;\nport: number | null;',
    'PrivateKey: testRSA2048PrivateKey}',
    'PrivateKey:  testP256PrivateKey,',
    'd.tokens = wref.d.tokens',
    'seed := &globalRand.seed\n',
    'encryptionKey1024: dk.encryptionKey1024,',
    'PASSWORD=password',
  ])('%j has none', expectNothing)

  it.each([
    ['password = hunter2', 'hunter2'],
    ['password = hunter', 'hunter'],
    ['self.password = hunter2', 'hunter2'],
    ['PASSWORD=hunter2', 'hunter2'],
    ['POSTGRES_PASSWORD=my_password', 'my_password'],
    ['DB_PASSWORD=dbpassword', 'dbpassword'],
    ['env:\n  POSTGRES_PASSWORD: my_password', 'my_password'],
    ['PASSWORD=Password1', 'Password1'],
    ['user: joe\npassword: Password1', 'Password1'],
    ['password: Correct-Horse', 'Correct-Horse'],
    ['password: CorrectHorse', 'CorrectHorse'],
    ['client_secret: Summer2024Secret', 'Summer2024Secret'],
    ['f(password="hunter2")', 'hunter2'],
    ['f(password="hunter2"\n)', 'hunter2'],
    ['{"password": "correct horse"}', 'correct horse'],
    ['a: b\naddress: 12 Main Street', '12 Main Street'],
  ])('%j has one', expectOne)
})

describe('formats, expressions and strings of code put together', () => {
  it.each([
    'password = "%s:%s"',
    "address=%r'",
    "auth_val = 'Digest %s' % auth",
    'creds = " --username=%s --password=%s"',
    `userpass='s:%s's:%s:s:"%08%s"`,
    'addr=%x size=%x',
    'address = "%s://%s" % (protocol, address)',
    "write('password={0}\\n'.format(signature))",
    'const TOKEN = /[\\p{L}]+/gu',
    'jwt: /^[A-Za-z0-9-_]+\\.[A-Za-z0-9-_]+$/,',
    'const CREDENTIAL = /key|token|secret|auth/',
    "link_address = r'(?:[0-9.]+|[0-9a-f:.]+)'",
    '"address " + e.Addr + ": " + s',
    'x = "DB_PASSWORD=" + x + "; y=3"',
    '"_PASSWORD="+x+"y"',
    '"password: " << pw << "!"',
    "'token=' . $token . '&x=1'",
  ])('%j has none', expectNothing)

  it.each([
    ['password = "%s3cret"', '%s3cret'],
    ['password = "100%:safe"', '100%:safe'],
    ['password = "{hunter-2}"', '{hunter-2}'],
    ['password = /hunter2', '/hunter2'],
    ['password = "/h/unter2"', '/h/unter2'],
    ['password = "a+b"', 'a+b'],
    ['password = "+hunter+2"', '+hunter+2'],
    ['password=user:%2Fx9', 'user:%2Fx9'],
    ['authorization = "Digest hunter2hunter2"', 'Digest hunter2hunter2'],
  ])('%j has one', expectOne)
})

describe('words of lexers, lists of names, and references', () => {
  it.each([
    'Token: "#dddddd"',
    "Token.String: '#ansiyellow',",
    'GPG_ERR_INV_PASSPHRASE = 31,\nGPG_ERR_X = 32,',
    '"authorization": 23,\n"x": 24,',
    'e[e.CloseBraceToken=2]="CloseBraceToken"',
    "SECRET_KEY = 'aws_secret_access_key'",
    "ENV_VAR_AUTH_TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN'",
    "const paths = { token: '/token', x: 1 }",
    'options: --password= --cache-dir= --token=',
    'options: --address= -n= --namespace=',
    'imap AUTH=CRAM-MD5 AUTH=SCRAM-SHA-256',
    'UPDATE users SET password=:password WHERE x',
    'master_key: file:master.key\nx: y',
    'smtp:\n  password: file:/run/secrets/mail\n  x: y',
    'token: env:NAME',
    "secret_access_key: 'file:heads.secret'",
    'password: vault:secret/data/mail#password\nx: y',
  ])('%j has none', expectNothing)

  it.each([
    ['password: "#abc123"', '#abc123'],
    ['token: "#abc-hunter2"', '#abc-hunter2'],
    ['DB_PASSWORD = 1234', '1234'],
    ['MY_DB_PASSWORD = 123456,', '123456,'],
    ['"authorization": "Basic x",', 'Basic x'],
    ['"authorization": 4815162342,', '4815162342'],
    ["SECRET_KEY = 'my_secret_key'", 'my_secret_key'],
    ["password = 'MY_PASSWORD'", 'MY_PASSWORD'],
    ["password = '/hunter'", '/hunter'],
    ["token = '/token/hunter2'", '/token/hunter2'],
    ['mysql --password=-hunter2', '-hunter2'],
    ['password=:hunter', ':hunter'],
    ['user: joe\npassword: file:hunter2', 'file:hunter2'],
    ['user: joe\npassword: secret:hunter2', 'secret:hunter2'],
    ['TOKEN=env:hunter2', 'env:hunter2'],
  ])('%j has one', expectOne)
})

describe('PASS, passwd and PWD as other programs use them', () => {
  it.each([
    '--- PASS: TestFoo/0 (0.01s)',
    'x\n    --- PASS: TestFoo/a1=b (0.00s)\n',
    'passwd:         files\ngroup:          files\n',
    'passwd:         compat systemd\ngroup:          compat\n',
    'PWD=/home/user',
    'HOME=/home/user\nPWD=/home/user/project\nA=b',
    'export PWD="/tmp"',
    'env = append(env, "PWD="+cmd.Dir, "GOROOT="+root)',
    'external relocations, and pass to reloc1x',
    'pass to `suffix=`',
  ])('%j has none', expectNothing)

  it('of JSON is none', () => expect(found('{"PWD":"/home/user/project"}')).toEqual([]))

  it.each([
    ['PWD=hunter2', 'hunter2'],
    ['PWD=/hunter2', '/hunter2'],
    ['pwd=/home/user', '/home/user'],
    ['DB_PWD=/home/user', '/home/user'],
    ['{"PWD":"hunter2"}', 'hunter2'],
    ['Server=x;UID=a;PWD=/hun/ter2;', '/hun/ter2'],
    ['PASS: hunter2!', 'hunter2!'],
    ['DB_PASS=hunter2', 'hunter2'],
    ['passwd: files1', 'files1'],
    ['user: joe\npasswd: hunter2', 'hunter2'],
  ])('%j has one', expectOne)
})

describe('keys of the keyboard, and times of files', () => {
  it.each([
    '<a accesskey="p" href="x">',
    "<a accesskey='1' href='x'>",
    'Change: 2024-01-01 00:00:00.000000000 +0000\n Birth: 2024-01-01 00:00:00.000000000 +0000\n  File: /usr',
  ])('%j has none', expectNothing)

  it.each([
    ['<a accesskey="hunter2">', 'hunter2'],
    ['{"accessKey":"ab"}', 'ab'],
    ['{"birth":"1980-01-02T00:00:00Z"}', '1980-01-02T00:00:00Z'],
    ['name: x\nbirth: 1980-01-02 00:00:00\nc: d', '1980-01-02 00:00:00'],
    ['{"authorization_code":1234}', '1234'],
  ])('%j has one', (text, value) => expect([found(text), inText(text)].flat()).toContain(value))
})

describe('names and addresses of code', () => {
  it.each([
    'fname="test_keywords"',
    "full_name='__main__.C'",
    "FIELD_FULLNAME = 'pydantic.fields.Field'",
    'fname=support.TESTFN, x=1',
    "fullname: 'a::b'",
    "x: 1\naddress: 'block',",
    "private_address: 'bool'",
    "'address': 'Adresse',",
    "'adresse': 'address',",
    'a: b\naddress: block\nc: d',
  ])('%j has none', expectNothing)

  it.each([
    ['fname="John"', 'John'],
    ['full_name="J.Doe"', 'J.Doe'],
    ['full_name="Joe R. Doe"', 'Joe R. Doe'],
    ['address: "Berlin 1"', 'Berlin 1'],
    ['address="12 Main Street"', '12 Main Street'],
    ['street: "Hauptstrasse"', 'Hauptstrasse'],
    ['"address": "Berlin"', 'Berlin'],
    ['a: b\naddress: 北京市朝阳区\nc: d', '北京市朝阳区'],
  ])('%j has one', expectOne)
})

describe('versions and files of packages', () => {
  it.each([
    '{"dependencies":{"express":"^4.18.2","pbkdf2-password":"1.2.1"}}',
    '{\n  "dependencies": {\n    "csrf-token": "^1.0.0",\n    "express": "4.1.2"\n  }\n}',
    '{"dependencies":{"csrf-token":"^1.0.0","passport-jwt":"4.0.1"}}',
    '{"typesVersions":{"*":{"jwt":["./dist/types/middleware/jwt"]}}}',
    '{"exports":{"jwt":"./jwt.js"}}',
  ])('%j has none', (text) => {
    expect(found(text)).toEqual([])
    expectNothing(text)
  })

  it.each([
    ['{"user":"joe","password":"1.2.1"}', '1.2.1'],
    ['{"version":"1.0.0","password":"1.2.1"}', '1.2.1'],
    ['{"a":"1.0.0","password":"hunter2"}', 'hunter2'],
    ['{"a":"1.0.0","password":"12.34"}', '12.34'],
    ['{"password":"./hunter2"}', './hunter2'],
  ])('%j has one', (text, value) => expect(found(text)).toEqual([value]))
})
