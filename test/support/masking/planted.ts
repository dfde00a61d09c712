// Made-up values that a run of the gateway meets everywhere, and a search for them in whatever the run leaves behind.
import { Buffer } from 'node:buffer'
import { MADE_SECRETS } from './made-secrets.ts'
import { MADE_NUMBERS } from './made-values.ts'
import { Chance } from './random.ts'

export interface Planted {
  readonly what: string
  /** What a person writes before it. */
  readonly label: string
  /** What a program calls it. */
  readonly key: string
  readonly value: string
  /** Only its key says what it is: prose with it is no test. */
  readonly byKeyAlone?: boolean
  /** Only a word near it says what it is: by itself it is a number or a word. */
  readonly needsWord?: boolean
  /** A secret or a card: a client may not send it to a server, wherever its form or a name near it shows what it is. */
  readonly staysHere?: boolean
}

/** The same values in each run: what a detector misses by its nature must not make a run red by chance. */
const SEED = 20_260_728

/** About 25 values, no two alike, made at run time. */
export function plant(): readonly Planted[] {
  const chance = new Chance(SEED)
  const made = (entity: string) => MADE_NUMBERS.find((kind) => kind.entity === entity)?.make(chance) ?? ''
  const secret = (family: string) => MADE_SECRETS.find((one) => one.family === family)?.make(chance) ?? ''
  const word = (length: number) => chance.shaped(`a{${length}}`)
  const password = `${chance.shaped('A')}${word(5)}!7${word(5)}`
  const inUrl = chance.shaped('w{18}')
  const basic = Buffer.from(`ann:${chance.shaped('w{16}')}`).toString('base64')
  return [
    { what: 'card', label: 'card number', key: 'card_number', value: card(chance), staysHere: true },
    { what: 'iban', label: 'IBAN', key: 'iban', value: made('iban') },
    { what: 'wallet', label: 'wallet address', key: 'wallet', value: made('crypto_wallet') },
    { what: 'email', label: 'e-mail', key: 'email', value: `${word(8)}.${word(8)}@${word(7)}.example` },
    { what: 'phone', label: 'phone', key: 'phone', value: `+49 30 ${chance.digits(8)}` },
    { what: 'ssn', label: 'SSN', key: 'ssn', value: made('us_ssn') },
    { what: 'pesel', label: 'PESEL', key: 'pesel', value: made('pl_pesel'), needsWord: true },
    { what: 'birth', label: 'date of birth', key: 'date_of_birth', value: '1971-03-29', needsWord: true },
    { what: 'name', label: 'name', key: 'full_name', value: `${title(word(9))} ${title(word(11))}`, byKeyAlone: true },
    {
      what: 'street',
      label: 'address',
      key: 'street_address',
      value: `${title(word(10))} Street 8117`,
      byKeyAlone: true,
    },
    { what: 'aws', label: 'key', key: 'access_key_id', value: secret('aws access key'), staysHere: true },
    { what: 'github', label: 'token', key: 'github_token', value: secret('github token'), staysHere: true },
    { what: 'slack', label: 'token', key: 'slack_token', value: secret('slack bot'), staysHere: true },
    { what: 'stripe', label: 'key', key: 'stripe_key', value: secret('stripe'), staysHere: true },
    { what: 'openai', label: 'key', key: 'openai_key', value: secret('openai'), staysHere: true },
    { what: 'npm', label: 'token', key: 'npm_token', value: secret('npm'), staysHere: true },
    { what: 'gitlab', label: 'token', key: 'gitlab_token', value: secret('gitlab'), staysHere: true },
    { what: 'jwt', label: 'token', key: 'id_token', value: secret('jwt'), staysHere: true },
    { what: 'private key', label: 'key', key: 'private_key', value: secret('private key'), staysHere: true },
    { what: 'password', label: 'password', key: 'password', value: password, needsWord: true, staysHere: true },
    { what: 'pin', label: 'PIN', key: 'pin_code', value: `pin-${chance.digits(9)}`, byKeyAlone: true, staysHere: true },
    {
      what: 'connection string',
      label: 'database',
      key: 'database_url',
      value: `postgres://app:${inUrl}@db.example:5432/main`,
      staysHere: true,
    },
    { what: 'basic', label: 'Authorization', key: 'authorization', value: `Basic ${basic}`, staysHere: true },
    {
      what: 'secret',
      label: 'client_secret',
      key: 'client_secret',
      value: chance.shaped('w{28}'),
      needsWord: true,
      staysHere: true,
    },
  ]
}

/** What must be nowhere: of most the whole value, of some the part of it that is secret. */
export function secretPart({ what, value }: Planted): string {
  if (what === 'connection string') return value.split(/[:@]/)[2] ?? value
  if (what === 'basic') return value.slice('Basic '.length)
  // The first lines of a key say that there is one.
  return what === 'private key' ? (value.split('\n')[2] ?? value) : value
}

function card(chance: Chance): string {
  const body = `4${chance.digits(14)}`
  const check = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).find((number) => luhn(number) % 10 === 0)
  return (check ?? '').replaceAll(/\d{4}(?=\d)/g, '$& ')
}

function luhn(digits: string): number {
  return Array.from(digits)
    .toReversed()
    .reduce((sum, digit, i) => sum + (i % 2 === 0 ? Number(digit) : ((Number(digit) * 2 - 1) % 9) + 1), 0)
}

function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** A value as bytes in every form that a file may hold it in, by the name of the form. */
export function formsOf(value: string): ReadonlyMap<string, Buffer> {
  const forms = new Map<string, Buffer>()
  const known = new Set<string>()
  const utf8 = Buffer.from(value)
  const add = (name: string, form: string | Buffer): void => {
    const bytes = Buffer.from(form)
    // Most values are written in several forms alike.
    if (known.has(bytes.toString('latin1'))) return
    known.add(bytes.toString('latin1'))
    forms.set(name, bytes)
  }
  add('plain', utf8)
  const bare = value.replaceAll(/[ -]/g, '')
  if (/^\d{9,}$/.test(bare)) add('digits', bare)
  let escaped = value
  for (const level of [1, 2, 3]) add(`JSON, level ${level}`, (escaped = JSON.stringify(escaped).slice(1, -1)))
  const units = (write: (code: string) => string) =>
    Array.from({ length: value.length }, (_, i) => write(value.charCodeAt(i).toString(16).padStart(4, '0'))).join('')
  add(
    'JSON escapes',
    units((code) => String.raw`\u${code}`),
  )
  add(
    'JSON escapes, capitals',
    units((code) => String.raw`\u${code.toUpperCase()}`),
  )
  add('percent', encodeURIComponent(value))
  add('percent, all', Array.from(utf8, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  add('references', Array.from(value, (char) => `&#${char.codePointAt(0)};`).join(''))
  add('hex', utf8.toString('hex'))
  add('hex, capitals', utf8.toString('hex').toUpperCase())
  add('UTF-16', Buffer.from(value, 'utf16le'))
  add('UTF-16, big endian', Buffer.from(value, 'utf16le').swap16())
  add('turned round', Array.from(value).toReversed().join(''))
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64')
    // Characters that hold bits of what stands before or after are no part of the value's own.
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + utf8.length) * 8) / 6))
    add(`base64, ${shift}`, core)
    add(`base64url, ${shift}`, core.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

/** Where planted values stand in some bytes: `what, form`. */
export class Searcher {
  readonly #forms: readonly { readonly name: string; readonly bytes: Buffer }[]

  constructor(planted: readonly Planted[]) {
    this.#forms = planted.flatMap((one) =>
      [...formsOf(secretPart(one))].map(([form, bytes]) => ({ name: `${one.what}, ${form}`, bytes })),
    )
  }

  in(bytes: Uint8Array | string): string[] {
    const searched = Buffer.from(bytes)
    return this.#forms.filter((form) => searched.includes(form.bytes)).map(({ name }) => name)
  }
}
