import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES, findEntity } from '../entities.ts'
import { classifyKey, KEY_GROUPS, phrasesOf } from './dictionary.ts'
import { keyTriggers } from './triggers.ts'

const entityOf = (key: string): string | undefined => {
  const kind = classifyKey(key)
  return kind === undefined ? undefined : ENTITY_NAMES[kind.entity]
}

describe('a key says what its value is', () => {
  it.each([
    [
      'password',
      'password passwd PWD DB_PASSWORD dbpassword userPassword password2 new_password password_confirmation password_hash',
    ],
    [
      'password',
      'contraseña CONTRASEÑA contrasena senha Passwort Benutzerpasswort kennwort mot_de_passe mdp wachtwoord hasło heslo lösenord',
    ],
    ['password', 'salasana şifre пароль Пароль ПАРОЛЬ 密码 登录密码 パスワード 비밀번호'],
    [
      'password',
      'jelszó Lozinka парола συνθηματικό κωδικός_πρόσβασης كلمة_المرور סיסמה पासवर्ड kata_sandi mật_khẩu matKhau รหัสผ่าน',
    ],
    [
      'secret',
      'secret clientSecret client_secret api_key apiKey API-KEY X-Api-Key accessToken refresh_token GITHUB_TOKEN',
    ],
    [
      'secret',
      'aws_secret_access_key authorization Proxy-Authorization Set-Cookie session_key SECRET_KEY_BASE api_key_prod oauth2Token',
    ],
    ['private_key', 'private_key privateKey ssh_private_key'],
    ['pin', 'pin PIN card_pin otp otp_code verificationCode'],
    ['card_verification', 'cvv cvv2 CVC security_code'],
    ['credit_card', 'card pan cc cc2 cc04 card_number customerCardNumber x.cardNo creditCard kreditkartennummer'],
    ['iban', 'iban IBAN bank_iban'],
    ['bank_account', 'account_number accountNo bic swift_code kontonummer'],
    ['us_ssn', 'ssn SSN ssn_last4 social_security_number'],
    ['person_name', 'first_name firstName "First Name" surname nachname cardholderName'],
    ['email', 'email userEmail e-mail email_address mail correo'],
    ['phone', 'phone phone_number mobile tel fax telefon'],
    ['postal_address', 'address street zip postal_code billing_address address_line_1 straße'],
    ['date_of_birth', 'dob date_of_birth birthDate geburtsdatum'],
    ['coordinates', 'lat lng longitude geo.lat'],
    ['br_cpf', 'cpf'],
    ['pl_pesel', 'pesel'],
    ['uk_nhs', 'nhs_number'],
    ['in_aadhaar', 'aadhaar'],
    ['de_tax_id', 'steuer_id'],
    ['se_personnummer', 'personnummer'],
    ['tr_national_id', 'kimlik_no'],
  ])('%s: %s', (entity, keys) => {
    for (const key of keys.match(/"[^"]+"|\S+/g) ?? []) expect([key, entityOf(key)]).toEqual([key, entity])
  })

  it('by its last words, so that a card holder’s email is an address of mail', () => {
    expect(entityOf('card_holder_email')).toBe('email')
  })

  it('in every phrase of the dictionary, written in every way that keys join words', () => {
    for (const group of KEY_GROUPS)
      for (const phrase of phrasesOf(group)) {
        const joined = [phrase, phrase.replaceAll(' ', '_'), phrase.replaceAll(' ', '-'), phrase.toUpperCase()]
        for (const key of joined) expect([key, classifyKey(key) === undefined]).toEqual([key, false])
        expect(findEntity(group.entity)).toBeDefined()
      }
  })
})

describe('a key that only has such a word in it says nothing', () => {
  it.each([
    'tokens_used max_tokens total_tokens next_page_token nextToken token_count token_type token_id token_symbol',
    'secret_name SecretArn secrets_count password_policy password_changed_at password_expires_at has_password PASSWORD_FILE forgot_password',
    'key_id public_key primary_key sort_key access_key_id api_key_id session_id author authors authority auth_method auth_type',
    'expires_in name status state city country created_at id type',
    'pin_count pinned card_id card_type cardinality card_count address_id address_count ip_address mac_address remote_address contract_address',
    'email_verified email_count email_template phone_verified phone_model mobile_app mail_server keyboard tokenizer secretary compassion',
    'latency longest company panel routing_key bicycle zipfile street_view random_seed signature_version cookie_policy cookie_count',
    'secret/data/db ./generate_secret 82e90aba-70b5-47c7-8982-d126280053cc 5f053cc cc2f cc0b 12fax',
  ])('%s', (keys) => {
    for (const key of keys.split(' ')) expect([key, entityOf(key)]).toEqual([key, undefined])
  })
})

describe('the words of the scan', () => {
  it('are short of what an automaton may have by far', () => {
    const bytes = keyTriggers().words.reduce((sum, word) => sum + new TextEncoder().encode(word).length, 0)
    expect(bytes).toBeLessThan(20_000)
  })

  it('have no ASCII capitals, and are two bytes or more', () => {
    for (const word of keyTriggers().words) {
      expect(word).not.toMatch(/[A-Z]/)
      expect(new TextEncoder().encode(word).length).toBeGreaterThan(1)
    }
  })
})
