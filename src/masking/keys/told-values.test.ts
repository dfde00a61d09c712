import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

/** Under headers of Markdown, CSV, HTML, a box of psql and columns of blanks, in rows of JSON, and as a member. */
const tables = (cell: string): string[] => [
  leaf(`| Option | password | token |\n|---|:---:|---|\n| a | ${cell} | ${cell} |\n| b | ${cell} | ${cell} |`),
  leaf(`user;password\njoe;${cell}\nann;${cell}`),
  leaf(`<table><tr><th>user</th><th>password</th></tr><tr><td>a</td><td>${cell}</td></tr></table>`),
  leaf(` user | password \n------+----------\n joe  | ${cell}\n ann  | ${cell}\n`),
  leaf(`USER    PASSWORD\njoe     ${cell}\nann     ${cell}\n`),
  JSON.stringify({ columns: ['user', 'password'], rows: [['joe', cell]] }),
  JSON.stringify({ user: 'joe', secret: cell }),
]

describe('what a table says of a secret', () => {
  it.each([
    'optional',
    'required',
    'Required',
    '**required**',
    '`string`',
    'string, optional',
    'string (required)',
    'yes',
    'Nein',
    'n/a',
    'N/A',
    'hidden',
    'TBD',
    'varchar(255)',
    'VARCHAR(64) NULL',
    'not set',
    'Not supported',
    'see vault',
    'see 1Password',
    '8 characters',
    'min. 12 chars',
    '15 minutes',
    'obligatoire',
    'Erforderlich',
    '必須',
    '-',
  ])('%s is no value', (cell) => {
    for (const table of tables(cell)) expect([table, valuesIn(table)]).toEqual([table, []])
  })

  it('nor are marks of two letters, in cells alone', () => {
    expect(valuesIn(leaf('user;password\njoe;no\nann;Sí\nbob;ja'))).toEqual([])
    expect(valuesIn('{"user":"joe","secret":"no"}')).toEqual(['no'])
  })

  it('nor are rows of parameters, with a header or without', () => {
    for (const text of [
      '| password | required |\n| user | optional |',
      'x\n\n| password | required |\n| token | optional |\n| host | required |',
      '| password | required | of the user |\n| user | `optional` | its name |',
    ])
      expectEverywhere(text, [])
    const rows = '| token | string | required | The API token |\n| password | string | optional | The password |'
    expect(valuesIn(leaf(`| Name | Type | Required | Description |\n|---|---|---|---|\n${rows}`))).toEqual([])
    expect(valuesIn(leaf(rows))).toEqual([])
  })

  it.each([
    'admin',
    'password',
    'secret',
    'default',
    'root',
    'optional1',
    'required!',
    'hidden4821',
    'string maple',
    'see spot run',
    '12345678',
    '8characters',
    'promise',
    'not maple',
  ])('%s is one', (cell) => {
    // Blanks alone are no frame for a word that others have too.
    for (const table of tables(cell).filter((one) => !one.includes('USER ')))
      expect([table, valuesIn(table)]).toEqual([table, [cell]])
  })
})
