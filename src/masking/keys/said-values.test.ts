import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

describe('a value with the rest of a sentence behind it', () => {
  it.each([
    ['The password is maple4821 and the user is admin', ['maple4821']],
    ['The password is maple4821, and the user is admin', ['maple4821']],
    ['password is maple4821, please change it', ['maple4821']],
    ['password is maple4821, token is ghix4821.', ['maple4821', 'ghix4821']],
    ['password: maple4821 in prod', ['maple4821']],
    ['- password: hunter2 in staging', ['hunter2']],
    ['password: maple4821 and user: admin', ['maple4821']],
    ['password: maple4821 (temporary)', ['maple4821']],
    ['host: x\npassword: maple4821 in prod\nuser: y', ['maple4821 in prod']],
    ['The API key is k3yabc12 or ask Bob for one', ['k3yabc12']],
    ['The access token is ghx4821a and the refresh token is ghx4821b.', ['ghx4821a', 'ghx4821b']],
    ['Your verification code is 692901', ['692901']],
    ['Your one-time code is 692901 and it expires in 10 minutes', ['692901']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    'the password is required and must be 8 characters',
    'The password is stored in vault2 and in the keyring',
    'password: required in prod',
    'password: base64 or hex',
    'token is int64 or string',
    'token: sha256 in hex',
    'the token is utf8 and so is the rest',
    'password is sha256, which is weak',
    'The API key is used by x1 and by y1',
    'The private key is 2048 bits long',
    'The default algorithm for private key encryption is 3DES_CBC.',
    'names for private key generation are RSA2, which',
    'The client secret for app12 is app12secret',
    'Disable security key on minix3.',
    'a passphrase for the signing key to `Sign.sign()`.',
    'The security code is printed on the back of card 4',
    'const a = {\n  password: param1 as string,\n}',
    'const a = {\n  password: param1 as string\n}',
    'login(password: param1 as String, user: x)',
    'login(user: x, password: find1 (y))',
    'token: tok1 in known[0]',
    'x = {\n  password: pw12 if x else None\n}',
  ])('%j has none', (text) => expect(valuesIn(leaf(text))).toEqual([]))
})

describe('a password with signs that code has', () => {
  it.each([
    ['password: +maple48211', ['+maple48211']],
    ['a: b\npassword: +maple48211\nc: d', ['+maple48211']],
    ['[db]\npassword = +maple48211\nhost = x', ['+maple48211']],
    ['password: ;maple4821', [';maple4821']],
    ['DB_PASSWORD=(maple)4821', ['(maple)4821']],
    ['password: (maple)4821', ['(maple)4821']],
    ['DB_PASSWORD=ma(ple)4821', ['ma(ple)4821']],
    ['password: maple[48]21', ['maple[48]21']],
    ['password: $ecret4821!', ['$ecret4821!']],
    ['A=1\nDB_PASSWORD=$ecret4821!\nB=2', ['$ecret4821!']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    'password: ${VAR}',
    'password: ${VAR12}4821',
    'password: $(cat /run/secrets/db12)',
    'password: $VAR12',
    'DB_PASSWORD=$VAR12',
    'password: !Ref Password12',
    'const token = +arg1',
    'token = (int)4821',
    'secret: (uint8_t)4821',
    'password: (str)4821',
    'password = hash(pw12)',
    'password: fn12(x22)',
    'password: x[12]',
    "$password = $row12['x']",
    'password = $x12 % 22',
    'password = $this->p12',
    'password = $a12.$b2',
    'password: *alias12',
  ])('%j is a reference or code', (text) => expect(valuesIn(leaf(text))).toEqual([]))
})

describe('a change from one value to another', () => {
  it.each([
    ['  ~ password = "old4821" -> "new4821"', ['old4821', 'new4821']],
    ['      ~ password      = "old pw" -> "new pw" # forces replacement', ['old pw', 'new pw']],
    ['  ~ "db_password" = "old4821" -> "new4821"', ['old4821', 'new4821']],
    ['  - password = "old4821" -> null', ['old4821']],
    ['  ~ password = "old4821" -> (known after apply)', ['old4821']],
    ['  password: "old4821" => "new4821"', ['old4821', 'new4821']],
    ['  ~ password = "old4821"\n  ~ name = "a" -> "b"', ['old4821']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each(['  ~ password = (sensitive value)', '  + password = (known after apply)', '  ~ password = null -> null'])(
    '%j tells no value',
    (text) => expect(valuesIn(leaf(text))).toEqual([]),
  )
})

describe('a list behind a name', () => {
  it.each([
    ['x tokens=["Kf83hdKdj38d", "Lf83hdKdj38d"] y', ['Kf83hdKdj38d', 'Lf83hdKdj38d']],
    ["secrets=['maple4821','birch7733']", ['maple4821', 'birch7733']],
    ['password={ "maple4821" }', ['maple4821']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each(['password={ "n": 1, "b": 2 }', 'const password={ a: 1 }', 'password = { "n4x" }', "TOKENS=['if','else']"])(
    '%j tells no value',
    (text) => expectEverywhere(text, []),
  )
})
