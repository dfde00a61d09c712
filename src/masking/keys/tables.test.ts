import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const cells = (text: string): string[] => names.find(text).map(({ value }) => value)

describe('a table in the key of an object', () => {
  it.each([
    '| id | password |\n|----|----|\n| 1 | maple21 |',
    '+----+----------+\n| id | password |\n+----+----------+\n|  1 | maple21  |',
    'id,password\n1,maple21',
    ' id | password \n----+-----------\n  1 | maple21\n',
  ])('%j', (table) => {
    for (const value of [1, 'x', { a: 1 }, [], null]) {
      const object = JSON.stringify({ [table]: value, more: [2] })
      for (const text of [object, leaf(object), leaf(leaf(object))]) expect(cells(text)).toEqual(['maple21'])
    }
  })
})

describe('cells under a sensitive name of a column', () => {
  it.each([
    ['CSV', 'id,name,ssn\n1,Joe,078051123\n2,Ann,219099999\n\nfoo,bar,baz', ['078051123', '219099999']],
    ['CSV with \\r\\n', 'id,ssn\r\n1,078051123\r\n2,219099999\r\n', ['078051123', '219099999']],
    ['semicolons', 'id;email;phone\n1;j@x;555-1234', ['j@x', '555-1234']],
    ['tabulators', 'id\tpassword\n1\tpw\n2\tqw', ['pw', 'qw']],
    [
      'quoted cells',
      'id,"Card Number",note\n1,"4111,1111","a ""b"""\n2,4222222222222,x',
      ['4111,1111', '4222222222222'],
    ],
    ['Markdown', '| id | password |\n|----|----|\n| 1 | pw1 |\n| 2 | x y |\n', ['pw1', 'x y']],
    ['psql', ' id | password \n----+----------\n  1 | pw1\n  2 | pw2\n(2 rows)', ['pw1', 'pw2']],
    [
      'MySQL',
      '+----+----------+\n| id | password |\n+----+----------+\n|  1 | pw1      |\n|  2 | pw2      |\n+----+----------+',
      ['pw1', 'pw2'],
    ],
    ['Markdown behind a text', 'x\n\n| token | meaning |\n|---|---|\n| abc | x |', ['abc']],
    ['Markdown without a header', 'x\n\n| password | hunter2 |\n|---|---|\n| user | - |', ['hunter2', 'user']],
    ['duties above values', '| password | required |\n| maple21 | yes |', ['maple21']],
    ['lines of names and values', 'x\n\n| token | meaningful |\n| other | y |', ['meaningful']],
    ['paths in Markdown', '| address | x |\n|---|---|\n| `/healthz` | 1 |\n| `12 Main St` | 2 |', ['`12 Main St`']],
    ['CSV with blanks', 'user, password\nann, hunter22', ['hunter22']],
    ['columns called as types', 'id,object,password\n1,door,maple21\n2,gate,birch7', ['maple21', 'birch7']],
    ['the same between bars', 'int | object | password\nx | y | maple21\nz | w | birch7', ['maple21', 'birch7']],
    ['the same behind the secret', 'token,object\na1b2c3,door', ['a1b2c3']],
    ['CSV with blanks and words', 'user, password\nann, hunter\nbob, qwerty', ['hunter', 'qwerty']],
    ['CSV of words', 'user,password\nann,hunter', ['hunter']],
    ['CSV whose lines end with a comma', 'id,password,\n1,hunter,\n2,qwerty,', ['hunter', 'qwerty']],
    ['blanks, and commas at the end', 'user, password,\nann, hunter22,', ['hunter22']],
    ['semicolons at the end', 'id;password;\nann;hunter;', ['hunter']],
    ['signs of code in cells', 'id,name (new),password\nf(x,a(b=*c,/*d', ['/*d']],
    ['names like statements', 'import date,surname,x\n1.1.,Ann,y\n2.1.,Bob,y', ['Ann', 'Bob']],
    ['names of two words at the end', 'id,First Name\n1,Ann\n2,Bob', ['Ann', 'Bob']],
    ['psql, one column', 'x=#\n password \n----------\n hun ter2\n \n qwerty\n(3 rows)\n', ['hun ter2', 'qwerty']],
    ['psql, one column of two words', ' first name \n------------\n Ann Lee\n(1 row)', ['Ann Lee']],
    ['SQLite, one column', 'password\n--------\nhunter\nqwerty', ['hunter', 'qwerty']],
    [
      'MySQL, one column',
      '+----------+\n| password |\n+----------+\n| hunter   |\n| qw erty  |\n+----------+\n2 rows in set',
      ['hunter', 'qw erty'],
    ],
    ['Markdown, one column', '| api_key |\n|---|\n| abc |\n| def |\n\ntext', ['abc', 'def']],
    ['psql, expanded', '-[ RECORD 1 ]\nid       | 1\nssn      | 078-05-1120\nfirst_name | Joe', ['078-05-1120', 'Joe']],
    ['a row with a cell less', 'id,password,note\n1,hunter,a\n2,qwerty\n3,zxcvbn,c\n', ['hunter', 'qwerty', 'zxcvbn']],
    ['a first row with a cell more', 'id,password,note\n1,hunter,a,b\n2,qwerty,c\n', ['hunter', 'qwerty']],
    ['a sentence below a table', 'id,password,note\n1,hunter,a\nThat is all, friends', ['hunter']],
    ['signs in a head', 'id,Discount %,Price [EUR],Active?,@timestamp,password\n1,2,3,4,5,hunter', ['hunter']],
    ['years in a head', 'id,2024,1st_seen,Total €,password\n1,2,3,4,hunter', ['hunter']],
    ['blanks that fill up a head', '| API Key      | x |\n|---|---|\n| abc | 1 |\n', ['abc']],
    ['a bold head', '| **User** | **Password** |\n|---|---|\n| ann | hunter |\n', ['hunter']],
    ['key|value', 'password|hunter2\nuser|joe', ['hunter2']],
    ['key,value', 'user,joe\npassword,hunter2\n', ['hunter2']],
    ['two names', 'First Name,Last Name,Email\nJoe,Doe,j@x', ['Joe', 'Doe', 'j@x']],
  ])('%s', (_, text, expected) => {
    expect(cells(leaf(text))).toEqual(expected)
    expect(names.find(text, { raw: false }).map(({ value }) => value)).toEqual(expected)
    expect(cells(leaf(leaf(text)))).toEqual(expected)
  })

  it('are read below rows whose first or last cell is empty', () => {
    const rows = ' id | password \n----+----------\n  1 | maple4821\n    | birch7733\n  3 | \n  4 | cedar9911\n'
    expect(cells(leaf(rows))).toEqual(['maple4821', 'birch7733', 'cedar9911'])
    const three =
      ' id | password | note \n----+----------+------\n    | maple4821 | \n  2 | birch7733 | x\n    |          | \n  4 | cedar9911 | \n'
    expect(cells(leaf(three))).toEqual(['maple4821', 'birch7733', 'cedar9911'])
    expect(cells(leaf('| id | password |\n|--|--|\n|  | maple4821 |\n| 2 |  |\n| 3 | birch7733 |\n'))).toEqual([
      'maple4821',
      'birch7733',
    ])
  })

  it('end with the string of JSON that they stand in, also where that is a text', () => {
    const text = String.raw`{"a":"n,token,\n","t":"x","b":["` + '\n"],"c":1}'
    expect(names.find(text, { raw: false })).toEqual([])
    const row = 'Found 1 row: {"a":"webhook_secret|Kx9","b":1}'
    expect(names.find(row, { raw: false }).map(({ value }) => value)).toEqual(['Kx9'])
  })

  it('go on over a quote inside them', () => {
    expectEverywhere('id\tpassword\n1\tpa"ss\n2\tqwerty', ['pa"ss', 'qwerty'])
  })

  it('are said to be found by their column', () => {
    expect(names.find(leaf('id,ssn\n1,078051123'))).toMatchObject([
      { entity: 'us_ssn', finding: { by: 'column', score: 1 } },
    ])
  })

  it('are found in every column of a very wide table', () => {
    const header = Array.from({ length: 10_000 }, (_, i) => (i % 100 === 0 ? 'token' : `c${i}x`)).join(',')
    const row = Array.from({ length: 10_000 }, (_, i) => `v${i}`).join(',')
    expect(cells(leaf(`${header}\n${row}\n${row}`))).toHaveLength(200)
  })

  it.each([
    '| Name | Description |\n|---|---|\n| password | The password of the user |\n| token | A token |',
    'Column | Type | Nullable\n--------+------+---------\npassword | text | not null\nemail | text | not null',
    'SELECT email,\n password,\n token\nFROM users',
    '| password | required |\n|---|---|\n| yes | no |',
    "import {\n  login, password,\n  render, config,\n} from 'x'\nuse(config)",
    'self.assertEqual(p.authkey, current.authkey)\nself.assertEqual(p.is_alive(), False)',
    'func read(addr, size uintptr)\nfunc write(addr, size uintptr)',
    'for index, token, value in \\\n  unprocessed(self, text, stack):',
    'verify(\n  signature, pad_to=32\n)',
    'int set(const char *user, const char *password,\n  int timeout, int retries,',
    'The user, password\nand the name, id',
    '  struct in_addr a_addr;\t/* first */\n  uint32_t b;\t/* x */',
    '  Elf32_Addr\te_entry;  /* where it begins */\n  Elf32_Off\te_off;',
    'hi def link vimAddress\tvimMark\nhi def link vimX\tNumber',
    'Password\n--------\nThe password of the user\nis hashed',
    'Password\n--------\n\nhashed',
    'Token\n=====\nhashed',
    'token\n---\nfoo',
    '+----------+\n| Field    |\n+==========+\n| password |\n+----------+\n| email    |\n+----------+\n',
    '| password |\n| token |',
    'hello, first name\nworld, foo',
  ])('are not what only looks like a table: %j', (text) => expect(cells(leaf(text))).toEqual([]))
})

describe('cells in boxes of Unicode', () => {
  it.each([
    [
      'DuckDB',
      '┌─────────┬──────────┐\n│  name   │ password │\n│ varchar │ varchar  │\n├─────────┼──────────┤\n│ ann     │ maple    │\n│ ben     │ hun|ter  │\n├─────────┴──────────┤\n│ 2 rows   2 columns │\n└────────────────────┘',
      ['maple', 'hun|ter'],
    ],
    [
      'Python',
      '      Users\n┏━━━━━━┳━━━━━━━━━━━━┓\n┃ Name ┃ Phone      ┃\n┡━━━━━━╇━━━━━━━━━━━━┩\n│ ann  │ 4155550132 │\n│ ben  │ 4155550133 │\n└──────┴────────────┘\n',
      ['4155550132', '4155550133'],
    ],
    [
      'Nushell',
      '╭───┬──────┬──────────╮\n│ # │ name │ password │\n├───┼──────┼──────────┤\n│ 0 │ ann  │ maple    │\n│ 1 │ ben  │ hun ter  │\n╰───┴──────┴──────────╯',
      ['maple', 'hun ter'],
    ],
    [
      'lines between the rows',
      '╔══════╦══════════╗\n║ name ║ password ║\n╠══════╬══════════╣\n║ ann  ║ maple    ║\n╠══════╬══════════╣\n║ ben  ║ qwerty   ║\n╚══════╩══════════╝',
      ['maple', 'qwerty'],
    ],
    ['without a frame', ' name │ password \n──────┼──────────\n ann  │ maple\n ben  │ qwerty\n', ['maple', 'qwerty']],
    [
      'one column',
      '┌──────────┐\n│ password │\n├──────────┤\n│ maple    │\n│ hun ter  │\n└──────────┘',
      ['maple', 'hun ter'],
    ],
    [
      'names and values',
      '╭──────────┬───────────╮\n│ user     │ ann       │\n│ password │ maple4821 │\n╰──────────┴───────────╯',
      ['maple4821'],
    ],
    ['blanks over lines', 'name  password\n────  ────────\nann   maple\n', ['maple']],
  ])('%s', (_, text, expected) => expectEverywhere(text, expected))

  it('are read where the lines are escapes', () => {
    const table = '│ name │ password │\n├──────┼──────────┤\n│ ann  │ maple    │\n└──────┴──────────┘'
    const escaped = leaf(table).replaceAll(/[^ -~]/g, (sign) => String.raw`\u${sign.charCodeAt(0).toString(16)}`)
    expect(cells(escaped)).toEqual(['maple'])
    expect(cells(leaf(escaped))).toEqual(['maple'])
  })

  it.each([
    '┌──────────┬──────────────┐\n│ Field    │ Meaning      │\n├──────────┼──────────────┤\n│ password │ the password │\n│ token    │ a token      │\n└──────────┴──────────────┘',
    '├── token\n│   ├── password.ts\n│   └── secret\n└── email\n',
    'src\n├── password\n│   └── index2.ts\n├── token\n',
    '  12 │ password\n  13 │ token4x\n  14 │ secret12\n',
    '  × error\n   ╭─[a.ts:3:1]\n 2 │ const token = read()\n 3 │ password\n   · ───┬────\n   ╰────\n',
    'password\n────────\nThe password of the user\n',
    '  Column  |  Type   | Nullable | Default\n----------+---------+----------+---------\n id       | integer | not null | 1\n password | text    |          | \n email    | text    |          | \n token    | text    | not null | \n',
  ])('are not what only looks like one: %j', (text) => expectEverywhere(text, []))
})

describe('JSON with columns and rows', () => {
  it.each([
    ['{"columns":["id","ssn"],"rows":[[1,"078051123"],[2,"219099999"]]}', ['078051123', '219099999']],
    ['{"rows":[[1,"078051123"],[2,"219099999"]],"columns":["id","ssn"]}', ['078051123', '219099999']],
    ['{"columns":[{"name":"id"},{"name":"password","type":"text"}],"data":[[1,"pw"]]}', ['pw']],
    ['{"values":[["Name","Email","SSN"],["Joe","j@x","078051123"]]}', ['j@x', '078051123']],
    ['{"schema":{"fields":[{"name":"ssn"}]},"rows":[{"f":["123456789"]}]}', ['123456789']],
    ['{"manifest":{"schema":{"columns":[{"name":"ssn"}]}},"result":{"data_array":[["123456789"]]}}', ['123456789']],
    ['{"columns":["id","card"],"rows":[[1,4111111111111111]]}', ['4111111111111111']],
  ])('%s', (json, expected) => {
    expect(cells(json)).toEqual(expected)
    expect(cells(leaf(json))).toEqual(expected)
    expect(cells(leaf(JSON.stringify(JSON.parse(json), undefined, 2)))).toEqual(expected)
  })
})

describe('a name and a value beside each other', () => {
  it.each([
    ['{"name":"DB_PASSWORD","value":"hunter2hunter2"}', ['hunter2hunter2']],
    ['{"value":"hunter2hunter2","name":"DB_PASSWORD"}', ['hunter2hunter2']],
    ['{"value":{"a":["x"]},"id":3,"name":"DB_PASSWORD"}', ['x']],
    ['{"key":"api_key","enabled":true,"tags":["a"],"val":"x1"}', ['x1']],
    ['{"header":"Authorization","content":"Bearer abc"}', ['Bearer abc']],
    ['{"Name":"/prod/db/password","Type":"SecureString","Value":"x1"}', ['x1']],
    ['{"ParameterKey":"DBPassword","ParameterValue":"x1"}', ['x1']],
    ['{"OutputKey":"ApiKey","OutputValue":"x1"}', ['x1']],
    ['{"title":"Password","value":"x1","short":true}', ['x1']],
    ['{"title":"Password","content":"x1"}', []],
    ['{"system":"phone","value":"4155550132"}', ['4155550132']],
    ['{"Name":"/etc/passwd","Value":"x1"}', ['x1']],
    ['{"label":"SSN","data":78051123}', ['78051123']],
    ['["authorization","Bearer abc.def"]', ['Bearer abc.def']],
    ['[["accept","*/*"],["authorization","Bearer abc.def"]]', ['Bearer abc.def']],
    ['{"rawHeaders":["Host","x","Authorization","Bearer abc"]}', ['Bearer abc']],
    ['{"args":["--password","hunter2","-v"]}', ['hunter2']],
  ])('%s', (json, expected) => {
    expect(cells(json)).toEqual(expected)
    expect(cells(leaf(json))).toEqual(expected)
    expect(cells(leaf(leaf(json)))).toEqual(expected)
  })

  it('are said to be found by their sibling', () => {
    expect(names.find('{"name":"DB_PASSWORD","value":"x"}')).toMatchObject([
      { entity: 'password', finding: { by: 'sibling' } },
    ])
  })

  it.each([
    '{"name":"password","in":"query","type":"string"}',
    '{"label":"Password","value":"password"}',
    '{"name":"Secret Garden","value":10}',
    '{"tags":["password","security"]}',
    '["email","password"]',
  ])('are no pair in %s', (json) => expect(cells(json)).toEqual([]))
})
