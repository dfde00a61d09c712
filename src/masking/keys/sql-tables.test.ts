import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const BYTES = 262_144
const names = new NamedValues()

const OF_MYSQL = [
  'CREATE TABLE `users` (',
  '  `id` int NOT NULL AUTO_INCREMENT,',
  "  `kind` enum('a','b') NOT NULL DEFAULT 'a',",
  "  `amount` decimal(10,2) DEFAULT '0.00' COMMENT 'in €, it''s (net)',",
  '  `password` varchar(255) NOT NULL,',
  '  PRIMARY KEY (`id`),',
  '  UNIQUE KEY `kind` (`kind`,`amount`),',
  '  KEY `by_amount` (`amount`),',
  '  CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `other` (`id`)',
  ') ENGINE=InnoDB;',
  'LOCK TABLES `users` WRITE;',
].join('\n')

describe('rows of a table that was altered', () => {
  const created = 'CREATE TABLE t (id int, note text);'
  const rows = "INSERT INTO t VALUES (1, 'a', 'maple4821');"

  it.each([
    [`${created} ALTER TABLE t ADD COLUMN password text;\n${rows}`],
    [`${created}\nalter table only public.t\n  add password varchar(80) default 'x, y';\n${rows}`],
    [`${created} ALTER TABLE \`t\` ADD \`password\` varchar(80) NOT NULL AFTER \`note\`;\n${rows}`],
    [`${created} ALTER TABLE t ADD COLUMN IF NOT EXISTS "password" text, ADD CONSTRAINT c CHECK (id > 0);\n${rows}`],
    [`${created}\nALTER TABLE [dbo].[t] ADD [password] nvarchar(80)\nGO\n${rows}`],
    [`CREATE TABLE t (note text); ALTER TABLE t ADD password text, ADD id int FIRST;\n${rows}`],
    [`CREATE TABLE t (id int); ALTER TABLE t ADD (note text, password text);\n${rows}`],
    [`CREATE TABLE t (id int);\nALTER TABLE t ADD note text, password text\n${rows}`],
    [
      `CREATE TABLE t (id int, old int, note text, pin int, password text); ALTER TABLE t DROP COLUMN old, DROP pin;\n${rows}`,
    ],
    [`CREATE TABLE t (id int, note text, x text); ALTER TABLE t RENAME COLUMN x TO password;\n${rows}`],
    [`CREATE TABLE t (id int, note text, x text); ALTER TABLE t RENAME x TO "password";\n${rows}`],
    [`CREATE TABLE t (id int, note text, x text); ALTER TABLE t CHANGE x password varchar(80);\n${rows}`],
    [`CREATE TABLE t (id int, note text, x text); ALTER TABLE t RENAME x TO password; ${rows}`],
    [`CREATE TABLE t (note text); ALTER TABLE t ADD password, ADD id int FIRST; ${rows}`],
    [`CREATE TABLE u (id int, note text, password text); ALTER TABLE u RENAME TO t;\n${rows}`],
    [
      `${created} ALTER TABLE t ADD COLUMN secret text; ALTER TABLE t ALTER COLUMN id SET NOT NULL, RENAME secret TO password;\n${rows}`,
    ],
    [
      `${created} ALTER TABLE u ADD COLUMN x text; ALTER TABLE t ADD COLUMN password text; ALTER TABLE t ADD INDEX (id);\n${rows}`,
    ],
  ])('%j', (text) => expectEverywhere(text, ['maple4821']))

  it.each([
    `CREATE TABLE t (id int, note text, password text); ALTER TABLE t RENAME password TO remark;\n${rows}`,
    `CREATE TABLE t (id int, note text, password text); ALTER TABLE t DROP password, ADD remark text;\n${rows}`,
    `${created} ALTER TABLE t ADD COLUMN remark text;\n${rows}`,
    `${created} we alter table t to add a password column and then ${rows}`,
    `ALTER TABLE t ADD COLUMN password text;\n${rows}`,
  ])('nothing in %j', (text) => expectEverywhere(text, []))
})

describe('rows of a table of which a text says only that it is altered', () => {
  const created = 'CREATE TABLE t (id int, note text, password text);'
  const rows = "INSERT INTO t VALUES (1, 'a', 'maple4821');"

  it.each([
    '-- ALTER TABLE t DROP COLUMN id;',
    '-- ALTER TABLE t RENAME COLUMN password TO remark;',
    'BEGIN; -- ALTER TABLE t RENAME password TO remark;',
    '# alter table t rename password to remark',
    '/* ALTER TABLE t RENAME password TO remark; */',
    ' * ALTER TABLE t RENAME password TO remark;',
    "INSERT INTO log VALUES ('ALTER TABLE t DROP id');",
    'To be rid of it, alter table t drop id and say so.',
    '/*\nALTER TABLE t ADD x int;\n*/',
    'BEGIN;\nALTER TABLE t DROP COLUMN password;\nROLLBACK;',
    'ALTER TABLE old.t DROP COLUMN note;',
  ])('%j', (said) => expectEverywhere(`${created}\n${said}\n${rows}`, ['maple4821']))
})

describe('rows of a table that was defined before', () => {
  it.each([
    [
      `${OF_MYSQL}\nINSERT INTO \`users\` VALUES (1,'a',1.00,'maple4821'),(2,'b',2.50,'birch7733');`,
      ['maple4821', 'birch7733'],
    ],
    [
      "CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, password TEXT);\nINSERT INTO users VALUES(1,'a','maple4821');",
      ['maple4821'],
    ],
    ["create table t (password text); insert into T values ('maple4821')", ['maple4821']],
    [
      'CREATE TABLE IF NOT EXISTS "the users" ("id" int, "first name" text);\nINSERT INTO "the users" VALUES (1, \'Anna\')',
      ['Anna'],
    ],
    [
      "CREATE TABLE [dbo].[users] ([id] int, [password] nvarchar(max))\nINSERT INTO [dbo].[users] VALUES (1, N'maple4821')",
      ['maple4821'],
    ],
    [
      "CREATE TABLE public.users (\n id integer,\n tags text[],\n password text\n);\nINSERT INTO users VALUES (1, '{a,b}', 'maple4821')",
      ['maple4821'],
    ],
    [
      "CREATE TABLE a.t (password text); CREATE TABLE b.t (note text); INSERT INTO a.t VALUES ('maple4821'); INSERT INTO b.t VALUES ('birch7733')",
      ['maple4821'],
    ],
    [
      "CREATE TABLE t (\n -- the id, it's first\n id int, /* (and, */ key text, -- or `not\n password text,\n CHECK (id > 0), KEY (id)\n);\nINSERT INTO t VALUES (1, 'x', 'maple4821')",
      ['maple4821'],
    ],
    [
      "CREATE TEMPORARY TABLE t (id int, password text); REPLACE INTO t VALUES (1, 'maple4821'); INSERT IGNORE INTO t VALUES (2, 'birch7733')",
      ['maple4821', 'birch7733'],
    ],
    ['CREATE TABLE t (id int, password text);\nCOPY t FROM stdin;\n1\tmaple4821\n\\.\n', ['maple4821']],
    [
      "CREATE TABLE t (password text, id int); CREATE TABLE t (id int, password text); INSERT INTO t VALUES ('x', 'maple4821')",
      ['maple4821'],
    ],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    `${OF_MYSQL}\nINSERT INTO \`others\` VALUES (1,'a',1.00,'maple4821');`,
    `${OF_MYSQL}\nINSERT INTO \`users\` VALUES (1,'maple4821');`,
    "INSERT INTO users VALUES (1, 'maple4821'); CREATE TABLE users (id int, password text)",
    "CREATE TABLE users AS SELECT id, password FROM old; INSERT INTO users VALUES (1, 'maple4821')",
    "CREATE TABLE users (id int, password text; INSERT INTO users VALUES (1, 'maple4821')",
    "CREATE TABLE users (id int, password text); INSERT INTO users VALUES (1, ?), (2, NULL), (3, '<password>')",
    "CREATE TABLE t (id int, note text); INSERT INTO t VALUES (1, 'maple4821')",
    'CREATE TABLE t (id int, UNIQUE KEY password (id), CONSTRAINT token CHECK (id > 1)); INSERT INTO t VALUES (1)',
    'we create table users (with a password) and insert into users values (that we like)',
  ])('nothing in %j', (text) => expectEverywhere(text, []))

  it('end with the string of JSON that the definition stands in', () => {
    const raw = `{"q":"CREATE TABLE t (id int, ","password":" text)","r":"INSERT INTO t VALUES (1, 'maple4821')"}`
    expect(valuesIn(raw).filter((value) => value.includes('maple'))).toEqual([])
    expect(valuesIn(leaf('CREATE TABLE t (a int, b')).concat(valuesIn(leaf('CREATE TABLE t (')))).toEqual([])
  })

  it('cost time in proportion', () => {
    const units = [
      'create table a(',
      'create table a(b,',
      'create table a(password text);',
      "create table a(password text default '",
      'create table a(password text -- ',
      'create table a(password text /* ',
      "create table a(password text); insert into a values ('",
      "insert into a values ('b'),('c');",
      'create table [a(',
      'create table a(key key key(',
      'alter table a add password text;',
      'alter table a add b text, ',
      'alter table a add (b text, ',
      "alter table a add b text default '",
      'alter table a\nadd b text\n',
      'alter table a drop x, add x int;',
      "alter table a add b int; insert into a values ('b'); ",
    ]
    for (const unit of units) {
      const text = `create table a(x int, password text);${unit.repeat(BYTES / unit.length)}`
      expect(cpuMs(() => names.find(text, { raw: false }))).toBeLessThan((4 * BYTES) / 1_024)
    }
  })
})
