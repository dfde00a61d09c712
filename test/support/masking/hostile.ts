// Results of tools that are made to be slow to look through: each of one thing, as much of it as is asked for.
import { Buffer } from 'node:buffer'

export interface HostileFamily {
  readonly name: string
  /** A message of about `bytes` bytes. */
  readonly make: (bytes: number) => string
  /** What may become of it: `kept` where there is nothing in it that anybody would hide. */
  readonly ends: 'kept' | 'hidden' | 'refused' | 'any'
}

type Ends = HostileFamily['ends']

/** As the text of a result. */
const text = (some: string): string => message(JSON.stringify(some))
const message = (content: string): string =>
  `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":${content}}]}}`

function repeated(name: string, unit: string, ends: Ends = 'kept'): HostileFamily {
  const size = Buffer.byteLength(JSON.stringify(unit)) - 2
  return { name, make: (bytes) => text(unit.repeat(Math.ceil(bytes / size))), ends }
}

/** Written into the text as it is: escapes of JSON itself. */
function written(name: string, unit: string, ends: Ends = 'kept'): HostileFamily {
  return { name, make: (bytes) => message(`"${unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)))}"`), ends }
}

/** Each line another one. */
function numbered(name: string, line: (i: number) => string, ends: Ends = 'hidden'): HostileFamily {
  return {
    name,
    make: (bytes) => {
      const lines: string[] = []
      for (let size = 0, i = 0; size < bytes; i += 1) {
        lines.push(line(i))
        size += (lines.at(-1)?.length ?? 0) + 2
      }
      return text(lines.join('\n'))
    },
    ends,
  }
}

/** As the source of a mail. */
function mail(name: string, unit: string, ends: Ends = 'kept'): HostileFamily {
  return begun(name, 'Content-Transfer-Encoding: quoted-printable\n\n', unit, ends)
}

function begun(name: string, before: string, unit: string, ends: Ends = 'kept'): HostileFamily {
  return { name, make: (bytes) => text(before + unit.repeat(Math.ceil(bytes / unit.length))), ends }
}

const TABLE = 'create table t (id int);\n'
const wideTable = (columns: number): string =>
  `create table t (${Array.from({ length: columns }, (_, i) => `c${i} int`).join(',')});\n`

const OPENING = ['-----BEGIN ', 'PRIVATE KEY-----'].join('')
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

export const HOSTILE: readonly HostileFamily[] = [
  repeated('one digit', '1'),
  repeated('cards with a wrong digit', '4111111111111112'),
  repeated('cards with a wrong digit, apart', '4111111111111112 '),
  repeated('digits and separators', '1 2-3.'),
  repeated('groups of digits', '411 '),
  repeated('numbers with an exponent', '4.111111111111112e15,'),
  repeated('cards with an exponent in lists', '[4.111111111111111e15,', 'any'),
  repeated('addresses in JSON', '{"address":"a","b":', 'any'),
  repeated('tokens beside tokens', '"token":"a",', 'any'),
  repeated('at signs', 'a@'),
  repeated('parts of addresses', 'a@a.', 'any'),
  repeated('one letter', 'a'),
  repeated('letters and dots', 'a.'),
  repeated('names of secrets', 'token=', 'any'),
  repeated('settings of connections without an end', 'user=a%password=A%', 'any'),
  repeated('secrets with percent signs', 'password=A%41', 'any'),
  repeated('names of secrets with blanks', 'token = ', 'any'),
  repeated('names of secrets with colons', 'password: ', 'any'),
  repeated('openings of sections', '<password><![CDATA[', 'any'),
  repeated('sections in sections', '<password><![CDATA[a]>b]]', 'any'),
  repeated('words for secrets', 'secret '),
  repeated('letters and digits', 'AB12', 'any'),
  repeated('letters and digits, apart', 'AB12 ', 'any'),
  repeated('hexadecimal', '0123456789abcdef', 'any'),
  repeated('pairs of an address', 'a:', 'any'),
  repeated('quotes', '"'),
  repeated('heads of tokens', 'eyJhbGciOiJ', 'any'),
  repeated('digits and points', '1.'),
  repeated('schemes', 'a://'),
  repeated('URLs with names', 'https://a:', 'any'),
  repeated('bearers', 'bearer ', 'any'),
  repeated('openings of keys', OPENING, 'any'),
  repeated('openings of keys, in lines', `${OPENING}\n`, 'any'),
  written('escapes of a letter', '\\u0041', 'any'),
  written('escapes of digits', '\\u0034\\u0031', 'any'),
  written('slashes in escapes', '\\/'),
  repeated('percent signs', '%40', 'any'),
  repeated('percent signs of percent signs', '%2540', 'any'),
  repeated('references of HTML', '&#64;', 'any'),
  repeated('references of references', '&amp;#64;', 'any'),
  repeated('zero-width spaces', '\u200b'),
  repeated('letters and zero-width spaces', 'a\u200b'),
  repeated('wide digits', '\uff14', 'any'),
  repeated('look-alikes', 'a\u0430'),
  repeated('backslashes', '\\'),
  repeated('brackets of text', '[{'),
  repeated('bars of a table', '| a ', 'any'),
  repeated('lines of a table', '| token |\n|---|\n', 'any'),
  repeated('rows of a table', 'token,id\n1,2\n', 'hidden'),
  repeated('YAML', 'password:\n  - a\n', 'any'),
  repeated('tags', '<password>', 'any'),
  repeated('stand-ins', 'sur_email_0123456789abcdefgh ', 'kept'),
  repeated('half stand-ins', 'sur_email_'),
  repeated('base64', 'QUJD', 'any'),
  repeated('lines of base64', `${'QUJD'.repeat(19)}\n`, 'any'),
  repeated('lines of base64 that is no text', `${'QUJD'.repeat(10)}${'/v7+'.repeat(9)}\n`, 'any'),
  repeated('lines of words for base64', `${'password'.repeat(6)}\n`, 'any'),
  repeated('words of context', 'card ssn iban phone dob '),
  repeated('numbers and words of context', 'ssn 123456789 ', 'any'),
  numbered('addresses', (i) => `person${i}@example.com`),
  numbered('secrets under names', (i) => `password=hunter${i}x${i}`),
  numbered('numbers of cards', (i) => `card ${String(4_111_111_100_000_000 + i)}`, 'any'),
  mail('bytes of a mail', '=40', 'any'),
  mail('halves of bytes of a mail', '=4'),
  mail('ends of lines of a mail', '=\n'),
  mail('blanks before ends of lines of a mail', '=  ', 'any'),
  mail('addresses in a mail', 'a=40a.de ', 'any'),
  mail('names of secrets in a mail', 'pass=\nword=3Dmaple4821=\n ', 'any'),
  repeated('lines of a mail without its header', `${'x'.repeat(75)}=\n`),
  repeated('tables that change', TABLE + 'alter table t add password text;\n', 'any'),
  begun('columns that are added', `${TABLE}alter table t `, 'add password text, '),
  begun('columns that are added in brackets', `${TABLE}alter table t `, 'add (', 'any'),
  begun('columns that are dropped and added', `${wideTable(1_500)}alter table t `, 'drop c1499,add c1499 int,'),
  begun('columns behind others', `${wideTable(800)}alter table t `, 'add p int after c799,drop p,'),
  begun(
    'rows between changes',
    wideTable(1_500),
    'alter table t drop c1,add c1 int first;\ninsert into t values (1);\n',
  ),
  begun('changes with long blanks', TABLE, `alter table t add${' '.repeat(300)}`),
  repeated('quotes in lists of commands', '"sshpass","-p","\\\\\\"', 'any'),
  repeated('duties of parameters', '| password | required | token | optional |\n| a | b | c | d |\n\n', 'any'),
  repeated('values that are encrypted', 'password: ENC[GPG,', 'any'),
  repeated('values to fill in', `password: [your${'_a'.repeat(90)}\n`, 'any'),
  { name: 'padding all over base64', make: (bytes) => resource('YQ=='.repeat(bytes / 4)), ends: 'any' },
  { name: 'padding alone', make: (bytes) => resource(`YW5u${'='.repeat(bytes)}`), ends: 'any' },
  { name: 'junk in base64', make: (bytes) => resource('YW5uQHNob3AuZXhhbXBsZQo!'.repeat(bytes / 24)), ends: 'any' },
  { name: 'spellings in URIs', make: spellings, ends: 'hidden' },
  { name: 'escapes of escapes in URIs', make: deepUris, ends: 'any' },
  { name: 'lists in lists', make: nested, ends: 'any' },
  { name: 'JSON in JSON', make: jsonInJson, ends: 'any' },
  { name: 'base64 of base64', make: base64OfBase64, ends: 'any' },
  {
    name: 'one long key',
    make: (bytes) => `{"jsonrpc":"2.0","id":1,"result":{"${'password_'.repeat(bytes / 9)}":1}}`,
    ends: 'any',
  },
  { name: 'many resources in base64', make: manyResources, ends: 'hidden' },
  { name: 'many keys', make: manyKeys, ends: 'any' },
  { name: 'secrets of all types', make: manyTypes, ends: 'any' },
  { name: 'a header of many columns', make: manyColumns, ends: 'any' },
  { name: 'values that begin alike', make: alike, ends: 'any' },
]

/** As deep as is read, again and again. */
function nested(bytes: number): string {
  const one = `${'['.repeat(400)}1${']'.repeat(400)}`
  const list = Array.from({ length: Math.ceil(bytes / one.length) }, () => one).join(',')
  return `{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"password":[${list}]}}}`
}

/** To the fourth level: each level doubles the backslashes. */
function jsonInJson(bytes: number): string {
  const rows = Array.from({ length: Math.ceil(bytes / 150) }, (_, i) => ({ id: i, token: `t${i}`, a: [1, true] }))
  let some = JSON.stringify(rows)
  for (let level = 0; level < 3; level += 1) some = JSON.stringify({ a: some })
  return text(some.slice(0, bytes))
}

function base64OfBase64(bytes: number): string {
  const inner = Buffer.from('joe@example.com, and more text. '.repeat(Math.ceil(bytes / 60))).toString('base64')
  return text(Buffer.from(inner).toString('base64'))
}

function manyResources(bytes: number): string {
  const contents = Array.from({ length: Math.ceil(bytes / 110) }, (_, i) => ({
    uri: `file:///${i}`,
    blob: Buffer.from(`note ${i}: mail user${i}@mail${i}.example please`).toString('base64'),
  }))
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { contents } })
}

function resource(blob: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { contents: [{ uri: 'a:b', mimeType: 'text/plain', blob }] } })
}

const escaped = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`

function spellings(bytes: number): string {
  const resources = Array.from({ length: Math.ceil(bytes / 60) }, (_, i) => ({
    uri: `crm://p/${Array.from('annabell', (one, at) => ((i >> at) % 2 === 1 ? escaped(one) : one)).join('')}%40shop.example`,
    name: 'r',
  }))
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resources } })
}

function deepUris(bytes: number): string {
  const resources = Array.from({ length: Math.ceil(bytes / 240) }, (_, i) => ({
    uri: `crm:%2525253a${'%25'.repeat(60)}a%40b${i}.example.com`,
  }))
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resources } })
}

function manyKeys(bytes: number): string {
  const pairs = Array.from({ length: Math.ceil(bytes / 18) }, (_, i) => `"token${i}":"v${i}"`)
  return `{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{${pairs.join(',')}}}}`
}

function manyTypes(bytes: number): string {
  const pairs = Array.from({ length: Math.ceil(bytes / 40) }, (_, i) => `"token${i}":true,"pin${i}":${i},"x${i}":null`)
  return `{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{${pairs.join(',')}}}}`
}

function manyColumns(bytes: number): string {
  const columns = Array.from({ length: Math.ceil(bytes / 20) }, (_, i) => `token${LETTERS.charAt(i % 26)}${i}`)
  return text(`${columns.join(',')}\n${columns.map((_, i) => i).join(',')}\n`)
}

/** Found by their names, and then looked for everywhere. */
function alike(bytes: number): string {
  const values = Array.from({ length: Math.ceil(bytes / 600) }, (_, i) => `"password${i}":"${'ab '.repeat(64)}${i}"`)
  const rest = 'ab '.repeat(Math.ceil(bytes / 6))
  return `{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{${values.join(',')},"text":"${rest}"}}}`
}
