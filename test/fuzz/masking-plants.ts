// Values that somebody would want hidden, planted in texts of every kind that a server sends, in every spelling. All are made up.
import { Buffer } from 'node:buffer'
import { MADE_CODES } from '../support/masking/made-codes.ts'
import { MADE_SECRETS, NAMES_OF_SECRETS } from '../support/masking/made-secrets.ts'
import { MADE_NUMBERS } from '../support/masking/made-values.ts'
import type { Chance } from '../support/masking/random.ts'

export interface Plant {
  readonly value: string
  readonly label: string
  /** A key that says what it is. */
  readonly key: string
  /** It is found by its own shape, wherever it stands as a word of its own. */
  readonly isPlain: boolean
}

const PLAIN_KINDS: ReadonlySet<string> = new Set(['credit_card', 'iban', 'email'])
/** Visa, Mastercard, American Express. */
const CARD = /^(?:4\d{15}|5[1-5]\d{14}|3[47]\d{13})$/
const PLAIN_SECRETS: ReadonlySet<string> = new Set([
  'github token',
  'gitlab',
  'stripe',
  'aws access key',
  'jwt',
  'npm',
  'sendgrid',
])
const NUMBERS = [...MADE_NUMBERS, ...MADE_CODES]
const CARDS = NUMBERS.filter(({ entity }) => PLAIN_KINDS.has(entity))

export function makePlant(chance: Chance): Plant {
  const which = chance.below(10)
  if (which < 3) {
    const { family, make } = chance.pick(MADE_SECRETS)
    return { value: make(chance), label: 'token', key: 'token', isPlain: PLAIN_SECRETS.has(family) }
  }
  if (which < 5) {
    const shape = chance.pick(['w{12}', 'a{5}!A9a{4}', 'a{6} a{4} a{5}', '9{6}', 'a{7}"9\\x{4}', 'aé9{4}ü/w{4}'])
    const key = chance.pick(NAMES_OF_SECRETS)
    return { value: chance.shaped(shape), label: key, key, isPlain: false }
  }
  const { entity, label, make } = chance.pick(which < 8 ? NUMBERS : CARDS)
  const value = make(chance)
  // Cards of other lengths may be numbers of orders or of articles.
  const isPlain = entity === 'credit_card' ? CARD.test(value.replaceAll(/\D/g, '')) : PLAIN_KINDS.has(entity)
  return { value, label, key: entity, isPlain }
}

/** A text that has the value in it somehow; `isFair`: whether a value with a shape of its own has to be found in it. */
export interface Carrier {
  readonly name: string
  readonly write: (plant: Plant, chance: Chance) => string
  readonly isFair: boolean
}

const text = (name: string, write: Carrier['write'], isFair = true): Carrier => ({ name, write, isFair })
const oneLine = (value: string): string => value.replaceAll('\n', ' ')
const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`
const cells = (value: string, separator: string): string =>
  value.includes(separator) ? `"${value.replaceAll('"', '""')}"` : value

export const CARRIERS: readonly Carrier[] = [
  text('the value alone', ({ value }) => value),
  text('a sentence', ({ value, label }) => `My ${label} is ${value}, as we said.`),
  text('lines', ({ value, label }) => `Name: Ann\n${label}: ${value}\r\nNote: none`),
  text('a line of its own', ({ value }) => `see\n${value}\nbelow\tand ${value}`),
  text('tabs', ({ value }, chance) => `id\tvalue\tat\n${chance.digits(3)}\t${oneLine(value)}\t2026-01-01T00:00:00Z\n`),
  text('commas', ({ value, key }) => `n,${key},state\r\n1,${cells(oneLine(value), ',')},open\r\n2,,closed\r\n`),
  text('semicolons', ({ value, key }) => `n;${key};state\n1;${cells(oneLine(value), ';')};open\n`),
  text('Markdown', ({ value, key }) => `| n | ${key} |\n|---|:--|\n| 1 | ${oneLine(value).replaceAll('|', '/')} |\n`),
  text('psql', ({ value, key }) => ` id | ${key} \n----+------\n  1 | ${oneLine(value)}\n(1 row)\n`),
  text(
    'MySQL',
    ({ value, key }) => `+----+----+\n| id | ${key} |\n+----+----+\n|  1 | ${oneLine(value)} |\n+----+----+\n`,
  ),
  text('YAML', ({ value, key }) => `user:\n  name: x\n  ${key}: ${JSON.stringify(value)}\n  other: 1\n`),
  text('YAML block', ({ value, key }) => `${key}: |\n  ${value.replaceAll('\n', '\n  ')}\nother: 1\n`, false),
  text('.env', ({ value, key }) => `PORT=80\nexport ${key.toUpperCase()}=${oneLine(value)}\nDEBUG=1\n`),
  text('INI', ({ value, key }) => `[db]\n${key} = ${oneLine(value)} ; note\n`),
  text(
    'XML',
    ({ value, key }) => `<row><${key}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${key}></row>`,
  ),
  text('attribute', ({ value, key }) => `<user ${key}="${value.replaceAll('"', '&quot;')}" id='1'/>`, false),
  text('logfmt', ({ value, key }) => `level=info ${key}=${JSON.stringify(value)} ms=3`, false),
  text('header', ({ value }) => `GET / HTTP/1.1\r\nAuthorization: Bearer ${oneLine(value)}\r\nHost: x.test\r\n`),
  text('query', ({ value, key }) => `https://example.com/x?page=2&${key}=${encodeURIComponent(value)}#end`, false),
  text(
    'names and values',
    ({ value, key }) =>
      JSON.stringify([
        { name: key.toUpperCase(), value },
        { name: 'PORT', value: 80 },
      ]),
    false,
  ),
  text('columns and rows', ({ value, key }) => JSON.stringify({ columns: ['id', key], rows: [[1, value]] }), false),
  text('a key', ({ value }) => JSON.stringify({ [value]: { n: 1 }, b: true }), false),
  text('glued', ({ value, key }) => `${key}_${value}`, false),
  text('with digits around', ({ value }, chance) => `${chance.digits(4)} ${value} ${chance.digits(4)}`, false),
  text('twice in a row', ({ value }) => `${value} ${value}`, false),
  text(
    'rows of SQL',
    ({ value, key }) => `INSERT INTO t (id, ${key}) VALUES (1, ${sqlText(value)}), (2, NULL);`,
    false,
  ),
  text('rows of pg_dump', ({ value, key }) => `COPY t (id, ${key}) FROM stdin;\n1\t${oneLine(value)}\n2\t\\N\n\\.\n`),
  text(
    'HTML',
    ({ value, key }) => `<table><tr><th>id</th><th>${key}</th></tr>\n<tr><td>1</td><td>${value}</td></tr></table>`,
  ),
  text('HTML, one row', ({ value, key }) => `<tr><td>${key}:</td>\n<td> <b>${value}</b></td></tr>`),
  text('marks', ({ value, key }) => `**${key}**: \`${value}\`\n\nYour ${key} is:\n\n${value}\n`),
  text('blanks', ({ value, key }) => `NAME  ${key.toUpperCase()}\nann   ${oneLine(value)}\nben   ${oneLine(value)}\n`),
  text('blanks under dashes', ({ value, key }) => `id  ${key}\n--  --------------------\n 1  ${oneLine(value)}\n`),
  text(
    'a box',
    ({ value, key }) => `┌────┬────┐\n│ id │ ${key} │\n├────┼────┤\n│ 1  │ ${oneLine(value)} │\n└────┴────┘\n`,
  ),
  text('a record', ({ value, key }) => `-[ RECORD 1 ]-\nid | 1\n${key} | ${oneLine(value)}\n`),
  text('a snapshot', ({ value, label }) => `- textbox "${label}" [ref=e3]: ${value}\n- button "Go" [ref=e4]\n`),
  text('a command', ({ value }) => `$ sshpass -p '${value}' ssh a@b && mysql -uann -p${value} app\n`, false),
  text('a sent code', (_, chance) => `${chance.digits(6)} is your verification code.`, false),
  text(
    'a PuTTY key',
    (_, chance) => {
      const lines = Array.from({ length: 3 }, () => Buffer.from(chance.shaped('w{48}')).toString('base64'))
      return `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 3\n${lines.join('\n')}\n`
    },
    false,
  ),
  text(
    'a JWK',
    ({ value }) => JSON.stringify({ kty: 'oct', kid: 'a', k: Buffer.from(value).toString('base64url') }),
    false,
  ),
  text('SQL', ({ value, key }) => `UPDATE t SET ${key} = ${sqlText(value)} WHERE id = 1;`, false),
]

/** Another spelling of a whole text, or of the value alone; `value` is what has to be in the text. */
export interface Spelling {
  readonly name: string
  readonly of: (text: string, chance: Chance) => string
  /** Only the value is spelled so, before it is written into its text. */
  readonly isOfValue: boolean
  readonly isFair: boolean
}

const numbered = (character: string): string => `&#${character.codePointAt(0)};`
const hex = (character: string): string => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`
const percent = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')
const each = (spell: (character: string) => string) => (plain: string) => Array.from(plain, spell).join('')
const some = (spell: (character: string) => string) => (plain: string, chance: Chance) =>
  Array.from(plain, (character) => (chance.below(3) === 0 ? spell(character) : character)).join('')
const BASE64_BYTES_MIN = 30

export const SPELLINGS: readonly Spelling[] = [
  { name: 'percent signs', of: (plain) => encodeURIComponent(plain.toWellFormed()), isOfValue: false, isFair: true },
  { name: 'percent signs for all', of: each(percent), isOfValue: true, isFair: true },
  { name: 'character references', of: each(numbered), isOfValue: true, isFair: true },
  { name: 'some hexadecimal references', of: some(hex), isOfValue: true, isFair: true },
  {
    name: 'base64',
    of: (plain) => Buffer.from(plain.padEnd(BASE64_BYTES_MIN)).toString('base64'),
    isOfValue: false,
    isFair: true,
  },
  {
    name: 'base64 of URLs',
    of: (plain) => Buffer.from(plain.padEnd(BASE64_BYTES_MIN)).toString('base64url'),
    isOfValue: false,
    isFair: true,
  },
  {
    name: 'zero-width characters',
    of: (plain, chance) =>
      plain.slice(0, plain.length >> 1) +
      chance.pick(['\u200b', '\u200d', '\u2060', '\u00ad']) +
      plain.slice(plain.length >> 1),
    isOfValue: true,
    isFair: true,
  },
  {
    name: 'full width',
    of: (plain) => plain.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
    isOfValue: true,
    isFair: true,
  },
  {
    name: 'wide blanks and dashes',
    of: (plain, chance) => plain.replaceAll(' ', '\u00a0').replaceAll('-', chance.pick(['\u2010', '\u2011', '\u2212'])),
    isOfValue: true,
    isFair: false,
  },
  {
    name: 'Arabic digits',
    of: (plain) => plain.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit))),
    isOfValue: true,
    isFair: false,
  },
  {
    name: 'percent in percent',
    of: (plain) => encodeURIComponent(each(percent)(plain)),
    isOfValue: true,
    isFair: false,
  },
  {
    name: 'percent in base64',
    of: (plain) => Buffer.from(each(percent)(plain).padEnd(BASE64_BYTES_MIN)).toString('base64'),
    isOfValue: false,
    isFair: false,
  },
  {
    name: 'base64 in base64',
    of: (plain) => Buffer.from(Buffer.from(plain.padEnd(BASE64_BYTES_MIN)).toString('base64')).toString('base64'),
    isOfValue: false,
    isFair: false,
  },
  { name: 'capitals', of: (plain) => plain.toUpperCase(), isOfValue: true, isFair: false },
]
