import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isStoppedSql } from '../../../../test/vectors/stopped.ts'
import { loadPostgresReader } from './read-postgres.ts'

const reader = await loadPostgresReader()

describe('vectors: dangerous ones are stopped, benign ones pass', () => {
  it.each(readVectors())('$id $expect: $sql', ({ sql, expect: expected }) => {
    const facts = reader.read(sql)
    expect(isStoppedSql(facts)).toBe(expected === 'dangerous')
  })
})

describe('tables', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['SELECT * FROM a JOIN s.b USING (id), LATERAL (SELECT * FROM c) x', ['a', 'c', 's.b'], []],
    ['SELECT (SELECT max(x) FROM a) FROM b WHERE y IN (SELECT y FROM c)', ['a', 'b', 'c'], []],
    ['INSERT INTO a SELECT * FROM b', ['b'], ['a']],
    ['UPDATE a SET x = 1 FROM b WHERE a.id = b.id', ['b'], ['a']],
    ['DELETE FROM a USING b WHERE a.id = b.id', ['b'], ['a']],
    ['MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE', ['b'], ['a']],
    ['SELECT * INTO a FROM b', ['b'], ['a']],
    ['CREATE TABLE a AS SELECT * FROM b', ['b'], ['a']],
    ['CREATE VIEW a AS SELECT * FROM b', ['b'], ['a']],
    ['TRUNCATE a, b.c', [], ['a', 'b.c']],
    ['DROP TABLE a, b.c', [], ['a', 'b.c']],
    ['LOCK a', [], ['a']],
    ['GRANT SELECT ON a TO b', [], ['a']],
    ['COPY a FROM STDIN', [], ['a']],
    ['COPY a TO STDOUT', ['a'], []],
    ['EXPLAIN DELETE FROM a', ['a'], []],
    ['EXPLAIN ANALYZE DELETE FROM a', [], ['a']],
    ['DO $$ BEGIN DELETE FROM a WHERE id IN (SELECT id FROM b); END $$', ['b'], ['a']],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'DELETE FROM a; SELECT x FROM b'", ['b'], ['a']],
    ['SELECT * FROM "A", U&"\\0062"', ['A', 'b'], []],
  ])('%s', (sql, read, written) => {
    expect(reader.read(sql)).toMatchObject({ parsed: true, tables_read: read, tables_written: written })
  })

  it('a name of WITH is no table, but a table of the same name still is one', () => {
    expect(reader.read('WITH a AS (SELECT * FROM b) SELECT * FROM a').tables_read).toEqual(['b'])
    expect(reader.read('WITH secret AS (SELECT * FROM secret) SELECT * FROM secret').tables_read).toEqual(['secret'])
    expect(reader.read('WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) TABLE a').tables_read).toEqual([])
    expect(reader.read('WITH a AS (SELECT 1) SELECT * FROM public.a').tables_read).toEqual(['public.a'])
    expect(reader.read('SELECT * FROM (WITH a AS (SELECT 1) TABLE a) x, a').tables_read).toEqual(['a'])
    expect(reader.read('WITH a AS (SELECT 1) DELETE FROM a WHERE id = 1').tables_written).toEqual(['a'])
  })
})

describe('columns', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['SELECT u.a, b AS c FROM u WHERE d = 1 ORDER BY e', ['a', 'b', 'd', 'e'], []],
    ['SELECT * FROM u', ['*'], []],
    ['SELECT u.* FROM u JOIN v USING (id)', ['*', 'id'], []],
    ['SELECT x FROM users x', ['*', 'x'], []],
    ['SELECT row_to_json(users) FROM users', ['*', 'users'], []],
    ['SELECT x.b FROM users AS x (a, b)', ['*', 'b'], []],
    ['SELECT (u).a FROM u', ['*', 'a', 'u'], []],
    ['INSERT INTO u (a, b) VALUES (1, 2)', [], ['a', 'b']],
    ['INSERT INTO u VALUES (1, 2)', [], ['*']],
    ['INSERT INTO u (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.c', ['c'], ['a', 'b']],
    ['UPDATE u SET a = 1, (b, c) = (d, 2) WHERE e = 1', ['d', 'e'], ['a', 'b', 'c']],
    ['MERGE INTO u USING v ON u.a = v.a WHEN MATCHED THEN UPDATE SET b = 1', ['a'], ['b']],
    ['COPY u (a, b) TO STDOUT', ['a', 'b'], []],
    ['COPY u FROM STDIN', [], ['*']],
  ])('%s', (sql, read, written) => {
    expect(reader.read(sql)).toMatchObject({ parsed: true, columns_read: read, columns_written: written })
  })
})

describe('flags', () => {
  it.each<[string, readonly string[]]>([
    ['SELECT 1; SELECT 2', ['multi_statement']],
    ['SELECT * FROM pg_authid LIMIT 1', ['sensitive_catalog']],
    ['SELECT * FROM pg_catalog.pg_shadow LIMIT 1', ['sensitive_catalog']],
    ['SELECT * FROM information_schema.user_mapping_options LIMIT 1', ['sensitive_catalog']],
    ['SELECT * FROM vault.decrypted_secrets LIMIT 1', ['sensitive_catalog']],
    ['SELECT * FROM mine.pg_authid LIMIT 1', []],
    ['SELECT * FROM pg_class LIMIT 1', []],
    ["COPY t FROM PROGRAM 'x'", ['exec_program']],
    ["COPY t FROM '/x'", ['file_read']],
    ['SET LOCAL role = x', ['set:role']],
    ['RESET ALL', ['set:all']],
    ['SET TRANSACTION READ WRITE', ['set:transaction']],
    ['DROP FUNCTION f(int)', ['drop:OBJECT_FUNCTION']],
    ['DO $$ BEGIN EXECUTE x; END $$', ['do_block', 'dynamic_sql', 'nested_sql']],
    ['DO $$ DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE x; END $$', ['do_block', 'dynamic_sql', 'nested_sql']],
    ['DO $$ nonsense $$', ['code_opaque', 'do_block']],
    ["DO LANGUAGE plperl 'x'", ['code_opaque', 'do_block']],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'nonsense'", ['nested_unparsable']],
    ["SELECT query_to_xml('DELETE FROM t', true, true, '')", ['fn:dynamic_sql', 'nested_sql']],
    ["SELECT query_to_xml('DEL' || 'ETE', true, true, '')", ['dynamic_sql', 'fn:dynamic_sql']],
    ["SELECT dblink_exec('nonsense at all')", ['fn:network', 'nested_unparsable']],
    ['WITH RECURSIVE a AS (SELECT 1) TABLE a LIMIT 1', ['recursive']],
    ['DECLARE c CURSOR FOR SELECT 1', ['cursor']],
    ['CALL f()', ['call_procedure', 'fn:unknown']],
    ['EXPLAIN SELECT * FROM t FOR UPDATE', ['explain']],
    ['EXPLAIN (ANALYZE) SELECT 1', ['explain_analyze']],
  ])('%s', (sql, flags) => {
    expect(reader.read(sql)).toMatchObject({ parsed: true, flags })
  })

  it('what a block of code holds is found wherever it stands in it', () => {
    const sql = `CREATE FUNCTION f(a int) RETURNS SETOF t LANGUAGE plpgsql AS $body$
      DECLARE x int := in_default(1); r record; b int[];
      BEGIN
        x := in_assignment(2);
        b[in_subscript(1)] := 3;
        IF in_condition(x) THEN PERFORM in_perform(); END IF;
        FOR r IN SELECT in_loop() LOOP RAISE NOTICE '%', in_raise(); END LOOP;
        RETURN QUERY SELECT * FROM in_return();
      EXCEPTION WHEN OTHERS THEN DELETE FROM in_handler;
      END $body$`
    const names = ['assignment', 'condition', 'default', 'loop', 'perform', 'raise', 'return', 'subscript']
    expect(reader.read(sql)).toMatchObject({
      functions: names.map((name) => `in_${name}`),
      tables_written: ['in_handler'],
      where: 'none',
    })
  })
})

describe('whole tables are read by', () => {
  it.each([
    'SELECT * FROM t',
    'SELECT a FROM t WHERE true',
    'SELECT DISTINCT a FROM t',
    'SELECT a FROM t JOIN u ON t.id = u.id',
    'SELECT a FROM t ORDER BY a LIMIT ALL',
    'SELECT a FROM t LIMIT $1',
    'SELECT a FROM t LIMIT (SELECT 1)',
    'SELECT a FROM t ORDER BY a FETCH FIRST 1 ROW WITH TIES',
    'SELECT json_agg(t) FROM t',
    "SELECT string_agg(a, ',') FROM t",
    'SELECT array_agg(a), count(*) FROM t',
    'SELECT a FROM t GROUP BY a',
    'SELECT count(*) OVER (), a FROM t',
    'SELECT * FROM (SELECT * FROM t) x',
    'WITH x AS (SELECT * FROM t) SELECT * FROM x',
    'SELECT 1 UNION ALL SELECT a FROM t',
    'SELECT * FROM t TABLESAMPLE system (90)',
    'TABLE t',
    'COPY t TO STDOUT',
    'COPY (SELECT * FROM t) TO STDOUT',
    'DECLARE c CURSOR FOR SELECT * FROM t',
  ])('%s', (sql) => {
    expect(reader.read(sql).flags).toContain('unbounded_read')
  })
})

describe('whole tables are not read by', () => {
  it.each([
    'SELECT 1',
    'SELECT * FROM t WHERE a = 1',
    'SELECT * FROM t LIMIT 10',
    'SELECT count(*) FROM t',
    'SELECT a, sum(b) FROM t GROUP BY a',
    'SELECT max(a) - min(a) FROM t',
    'SELECT * FROM generate_series(1, 10)',
    'SELECT * FROM (SELECT * FROM t LIMIT 5) x',
    'WITH x AS (SELECT * FROM t WHERE a = 1) SELECT * FROM x',
    '(SELECT a FROM t LIMIT 1) UNION (SELECT a FROM u WHERE a = 1)',
    'VALUES (1)',
    'EXPLAIN SELECT * FROM t',
    'INSERT INTO t SELECT * FROM u',
  ])('%s', (sql) => {
    expect(reader.read(sql).flags).not.toContain('unbounded_read')
  })
})

describe('the limit', () => {
  it.each<[string, boolean, number]>([
    ['SELECT * FROM t LIMIT 10', true, 10],
    ['SELECT * FROM t LIMIT 10000000000', true, 10_000_000_000],
    ['SELECT * FROM t FETCH FIRST ROW ONLY', true, 1],
    ['SELECT * FROM t LIMIT 0', true, 0],
    ['(SELECT * FROM t LIMIT 3) UNION ALL (SELECT * FROM u LIMIT 4)', true, 7],
    ['SELECT * FROM t LIMIT 3; SELECT * FROM t LIMIT 8', true, 8],
    ['SELECT * FROM t LIMIT 3; SET a = 1', true, 3],
    ['SELECT * FROM t LIMIT 3; SELECT * FROM t', false, 3],
    ['SELECT * FROM t', false, -1],
    ['SELECT * FROM t LIMIT ALL', false, -1],
    ['SELECT * FROM t LIMIT NULL', false, -1],
    ['SELECT * FROM t LIMIT $1', false, -1],
    ['SELECT * FROM t LIMIT 1 + 1', false, -1],
    ["SELECT * FROM t LIMIT '5'", false, -1],
    ['DELETE FROM t WHERE a = 1 RETURNING *', false, -1],
    ['UPDATE t SET a = 1 WHERE a = 1', false, -1],
    ['COPY t TO STDOUT', false, -1],
    ['FETCH 5 FROM c', false, -1],
  ])('%s', (sql, has_limit, limit) => {
    expect(reader.read(sql)).toMatchObject({ parsed: true, has_limit, limit })
  })
})

describe('the fingerprint', () => {
  it('is the same for statements that differ in constants and comments only', () => {
    const one = reader.read('SELECT a FROM t WHERE id = 1').fingerprint
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    expect(reader.read('select a from t where id = 99 -- x').fingerprint).toBe(one)
    expect(reader.read('SELECT b FROM t WHERE id = 1').fingerprint).not.toBe(one)
  })

  it('is left out of long texts', () => {
    expect(reader.read(`SELECT '${'a'.repeat(5_000)}'`)).toMatchObject({ parsed: true, fingerprint: '' })
  })
})

it('a statement that does nothing but insert values reads nothing', () => {
  expect(reader.read('INSERT INTO t VALUES (1)').verbs).toEqual(['write'])
  expect(reader.read('INSERT INTO t VALUES ((SELECT a FROM u))').verbs).toEqual(['read', 'write'])
})

it('the reader says who it is', () => {
  expect(reader).toMatchObject({ dialect: 'postgresql', parser: 'libpg-query@18.1.5' })
  expect(reader.read('SELECT 1')).toMatchObject({ present: true, dialect: 'postgresql', parser: 'libpg-query@18.1.5' })
  expect(reader.read('nonsense')).toMatchObject({ present: true, parsed: false, dialect: 'postgresql' })
})

interface Vector {
  readonly id: string
  readonly dialect: string
  readonly expect: 'dangerous' | 'benign'
  readonly sql: string
}

function readVectors(): Vector[] {
  const text = readFileSync(new URL('../../../../test/vectors/sql-guardrails.json', import.meta.url), 'utf8')
  const { cases } = JSON.parse(text) as { cases: Vector[] }
  return cases.filter(({ dialect }) => dialect === 'postgresql')
}
