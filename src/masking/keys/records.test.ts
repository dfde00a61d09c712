import { describe, it } from 'vitest'
import { expectEverywhere } from '../../../test/support/masking/everywhere.ts'

describe('records of a line for each column', () => {
  it.each([
    [
      'psql',
      '-[ RECORD 1 ]-----\nid         | 1\npassword   | hunter\nfirst_name | Ann Lee\n-[ RECORD 2 ]-----\nid         | 2\npassword   | correct horse\n',
      ['hunter', 'Ann Lee', 'correct horse'],
    ],
    ['psql, one', 'Expanded display is on.\n-[ RECORD 1 ]+--------\npassword     | hun ter\n', ['hun ter']],
    [
      'psql in German, with lines',
      '─[ DATENSATZ 1 ]─┬────────\nid               │ 1\npassword         │ hun ter\n',
      ['hun ter'],
    ],
    [
      'MySQL',
      '********** 1. row **********\n      id: 1\npassword: hunter\n********** 2. row **********\n      id: 2\npassword: correct horse\n2 rows in set\n',
      ['hunter', 'correct horse'],
    ],
    ['SQLite', '      id = 1\npassword = hunter\n\n      id = 2\npassword = qwerty\n', ['hunter', 'qwerty']],
    [
      'PowerShell',
      '\nName     : ann\nPassword : hunter\n\nName     : ben\nPassword : correct horse\n',
      ['hunter', 'correct horse'],
    ],
  ])('%s', (_, text, expected) => expectEverywhere(text, expected))

  it('are none behind another line', () => {
    expectEverywhere('-[ RECORD 1 ]---\nid | 1\n\npassword   | the user chooses it\n', [])
  })
})
