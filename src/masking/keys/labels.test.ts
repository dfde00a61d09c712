import { describe, expect, it } from 'vitest'
import { leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

const LABELS = [
  'Password',
  'Passwords',
  'Password *',
  'Confirm password',
  'Enter your password',
  'enter your new password',
  'Forgot password?',
  'The provided password is incorrect.',
  'API key',
  'API-Key',
  'Client secret',
  'Passwort',
  'Passwort wiederholen',
  'Bitte geben Sie Ihr Passwort ein',
  'API-Schlüssel',
  'Mot de passe',
  'Confirmez le mot de passe',
  'Clé d’API',
  'Contraseña',
  'Contrase\\u00f1a',
  'Repetir la contraseña',
  'Nova senha',
  'Conferma la password',
  'Wachtwoord bevestigen',
  'Powtórz hasło',
  'Zadejte heslo',
  'Bekräfta lösenord',
  'Şifreyi onaylayın',
  'Пароль',
  'Введите пароль',
  'パスワード',
  'パスワードを入力してください',
  'APIトークン',
  '请再次输入密码',
  '비밀번호 확인',
]

const FILES: readonly ((value: string) => string)[] = [
  (value) => `{"login":"Log in","password":"${value}","n":1}`,
  (value) => `{"t":"{\\"old_password\\":\\"${value.replaceAll('\\', '\\\\\\\\')}\\"}"}`,
  (value) => leaf(`en:\n  login: Log in\n  new_password: ${value}\n  save: Save`),
  (value) => leaf(`en:\n  login: Log in\n  new_password: "${value}"\n  save: Save`),
  (value) => leaf(`login=Log in\nlogin.new_password=${value}\nsave=Save`),
  (value) => leaf(`msgid "password"\nmsgstr "${value}"\n`),
  (value) => leaf(`export const en = {\n  login: "Log in",\n  newPassword: "${value}",\n}`),
  (value) => leaf(`"login" = "Log in";\n"login.password" = "${value}";`),
  (value) => leaf(`<string name="password">${value}</string>`),
  (value) => leaf(`key,password\nen,${value}\nde,${value}`),
]

describe('what a form calls a secret', () => {
  it.each(LABELS)('%s is none', (label) => {
    for (const file of FILES) expect([file(label), valuesIn(file(label))]).toEqual([file(label), []])
  })

  it.each([
    'password',
    'secret',
    'passwort',
    'PASSWORD',
    'Password1',
    'Password!',
    'Passwort123!',
    'SecretKey',
    'MySecretKey',
    'My secret',
    'Secret',
    'Token',
    'Geheim',
    'my password',
    'Secret staple',
    'correct horse secret staple',
    'Пароль1',
    'パスワード1',
    '密码猫',
    'Enter',
    'Confirm',
  ])('%s may be one', (value) => {
    expect(valuesIn(`{"login":"x","password":"${value}"}`)).toEqual([value])
    expect(valuesIn(leaf(`login,password\nx,${value}\ny,${value}`))).toEqual([value])
  })
})

describe('what a form says about a secret', () => {
  it.each([
    'Das Passwort muss geändert werden.',
    'Passwords do not match',
    'Votre mot de passe a expiré.',
    'Le password non corrispondono.',
    'Пароли не совпадают.',
    'Текущий пароль: ',
    'パスワードが一致しません。',
    '密码(P)：',
  ])('%s is none, in escapes or not', (text) => {
    const escaped = text.replaceAll(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    expect(valuesIn(`{"login":"x","password_confirmation":"${text}"}`)).toEqual([])
    expect(valuesIn(`{"login":"x","password_confirmation":"${escaped}"}`)).toEqual([])
  })
})

describe('what a form calls the data of a person', () => {
  it.each([
    '{"last_name":"Nachname","first_name":"Vorname","street":"Straße","address":"Adresse:"}',
    '{"firstName":"Prénom","lastName":"Nom de famille"}',
  ])('%s has none', (json) => expect(valuesIn(json)).toEqual([]))

  it('is the same kind of data: a person may be called by another word', () => {
    expect(valuesIn('{"last_name":"Street","first_name":"Rue"}')).toEqual(['Street', 'Rue'])
  })
})
