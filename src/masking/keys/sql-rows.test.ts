import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const BYTES = 262_144
const names = new NamedValues()

describe('values under the columns of a statement of SQL', () => {
  it.each([
    ["INSERT INTO users (id, password) VALUES (1, 'maple4821')", ['maple4821']],
    ["insert into users(password) values ('maple4821');", ['maple4821']],
    [
      "INSERT INTO `app`.`users` (`id`, `first_name`, `password`)\nVALUES\n  (1, 'Anna', 'maple4821'),\n  (2, 'Bo', 'birch7733');",
      ['Anna', 'maple4821', 'Bo', 'birch7733'],
    ],
    ['INSERT INTO "users" ("id", "password") VALUES (1, \'it\'\'s, a\')', ["it''s, a"]],
    ['INSERT INTO users (id, password) VALUES (1, "maple 4821")', ['maple 4821']],
    ["INSERT INTO [users] ([id], [password]) OUTPUT inserted.id VALUES (1, N'maple4821')", ['maple4821']],
    ["INSERT [dbo].[users] ([id], [password]) VALUES (1, N'maple4821')\r\nGO\r\n", ['maple4821']],
    ["INSERT IGNORE INTO users (id, ssn, note) VALUES (1, 78051120, 'a (b), c')", ['78051120']],
    ["REPLACE INTO users AS u (note, password) VALUES ('say \"hi\"', 'maple4821')", ['maple4821']],
    ["INSERT INTO users (password, id) VALUES (crypt('maple4821', gen_salt('bf')), 2)", ['maple4821']],
    ["INSERT INTO t (note, password) VALUES ('two\nlines', 'maple4821'), ('x', DEFAULT)", ['maple4821']],
    ["INSERT INTO t (path, password) VALUES ('C:\\', 'maple4821')", ['maple4821']],
    ["INSERT INTO t (x, password) VALUES ('it\\'s', 'maple4821'::text)", ['maple4821']],
    [
      'COPY public.users (id, email, password) FROM stdin;\n1\ta\tmaple4821\n2\tb\t\\N\n3\tc\tbirch7733\n\\.\n4\td\tx\n',
      ['maple4821', 'birch7733'],
    ],
    [
      'COPY users (id, password) FROM stdin WITH (FORMAT csv);\n1,maple4821\n2,birch7733\n\\.\n',
      ['maple4821', 'birch7733'],
    ],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    'INSERT INTO users (id, password) VALUES (1, ?)',
    'INSERT INTO users (id, password) VALUES ($1, $2), (:id, :password)',
    "INSERT INTO users (id, password) VALUES (1, NULL), (2, DEFAULT), (3, '')",
    "INSERT INTO users (id, password) VALUES (1, '<password>'), (2, '${PASSWORD}')",
    'INSERT INTO users (id, password) SELECT id, secret FROM old',
    "INSERT INTO users (id, name) VALUES (1, 'x')",
    "INSERT INTO users (id, password) VALUES ('x')",
    'please copy it (the password) and values (are "kept")',
    'COPY users (id, password) FROM stdin;\n\\.\n',
    'COPY users (id, password) TO stdout',
  ])('nothing in %j', (text) => expectEverywhere(text, []))

  it('end with the string of JSON that the statement stands in', () => {
    const text = `data: {"q":"INSERT INTO t (id, password) VALUES (1, 'maple","b":"', 2)"}`
    expect(valuesIn(leaf(text))).toEqual([])
    const raw = `{"q":"INSERT INTO t (id, password) VALUES (1, 'maple","b":"', 2)"}`
    expect(valuesIn(raw)).toEqual([])
  })

  it('cost time in proportion', () => {
    const units = [
      "insert into t(password) values ('",
      String.raw`insert into t(password) values (\'`,
      'insert into t(a,password,',
      'copy copy a(password) values ((',
      "copy a(password) values ('a'),(",
    ]
    for (const unit of units)
      expect(cpuMs(() => names.find(unit.repeat(BYTES / unit.length), { raw: false }))).toBeLessThan(
        (4 * BYTES) / 1_024,
      )
  })
})
