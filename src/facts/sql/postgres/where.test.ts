import { describe, expect, it } from 'vitest'
import type { SqlWhere } from '../../facts.ts'
import { loadPostgresReader } from './read-postgres.ts'

const reader = await loadPostgresReader()

describe('the WHERE of a DELETE is', () => {
  it.each<[SqlWhere, string]>([
    ['none', ''],
    ['none', 'USING accounts'],
    ['tautology', 'WHERE true'],
    ['tautology', "WHERE 't'::bool"],
    ['tautology', "WHERE CAST('yes' AS boolean)"],
    ['tautology', 'WHERE 1 = 1'],
    ['tautology', 'WHERE 2 > 1'],
    ['tautology', "WHERE 'a' <> 'b'"],
    ['tautology', 'WHERE 1 IN (1, 2)'],
    ['tautology', 'WHERE 1 BETWEEN 0 AND 2'],
    ['tautology', "WHERE 'x' LIKE '%'"],
    ['tautology', "WHERE now() > '2000-01-01'"],
    ['tautology', 'WHERE random() < 2'],
    ['tautology', 'WHERE coalesce(true)'],
    ['tautology', "WHERE length('a') = 1"],
    ['tautology', 'WHERE $1'],
    ['tautology', 'WHERE (SELECT true)'],
    ['tautology', 'WHERE EXISTS (SELECT 1)'],
    ['tautology', 'WHERE NOT EXISTS (SELECT 1 WHERE false)'],
    ['tautology', 'WHERE NOT EXISTS (SELECT 1 FROM t WHERE false)'],
    ['tautology', 'WHERE true IS TRUE'],
    ['tautology', 'WHERE (id = id) IS NOT FALSE'],
    ['tautology', 'WHERE id = id'],
    ['tautology', 'WHERE id >= id AND 1 = 1'],
    ['tautology', 'WHERE (id + 1) = (id + 1)'],
    ['tautology', 'WHERE id IS NOT DISTINCT FROM id'],
    ['tautology', 'WHERE id IN (5, id)'],
    ['tautology', 'WHERE id = 3 OR 1 = 1'],
    ['tautology', 'WHERE id = 3 OR (a = 2 OR true)'],
    ['tautology', 'WHERE NOT false'],
    ['tautology', 'WHERE NOT (id <> id)'],
    ['tautology', 'WHERE NOT (id = 1 AND false)'],
    ['tautology', 'WHERE id IS NULL OR id IS NOT NULL'],
    ['tautology', 'WHERE a = 1 OR a <> 1'],
    ['tautology', 'WHERE a < 1 OR b = 3 OR a >= 1'],
    ['tautology', 'WHERE flag OR NOT flag'],
    ['weak', 'WHERE id IS NOT NULL'],
    ['weak', 'WHERE NOT (id IS NULL)'],
    ['weak', 'WHERE id IS DISTINCT FROM NULL'],
    ['weak', "WHERE name LIKE '%'"],
    ['weak', "WHERE name ILIKE '%%'"],
    ['weak', "WHERE name ~ '.*'"],
    ['weak', 'WHERE id < id + 1'],
    ['weak', 'WHERE id BETWEEN id AND id'],
    ['weak', 'WHERE coalesce(flag, true)'],
    ['weak', 'WHERE CASE WHEN id = 1 THEN true ELSE true END'],
    ['weak', 'WHERE EXISTS (SELECT 1 FROM t)'],
    ['weak', 'WHERE id IN (SELECT id FROM users)'],
    ['weak', 'WHERE id IN (SELECT id FROM users WHERE true)'],
    ['weak', 'WHERE id = 1 OR name IS NOT NULL'],
    ['ok', 'WHERE id = 1'],
    ['ok', 'WHERE id NOT IN (5, 6)'],
    ['ok', 'WHERE id NOT IN (5, id)'],
    ['tautology', 'WHERE NOT (id NOT IN (5, id))'],
    ['ok', 'WHERE id = $1 AND true'],
    ['ok', 'WHERE true AND id = 1 AND name IS NOT NULL'],
    ['ok', 'WHERE id = 1 AND false'],
    ['ok', 'WHERE a.id = b.id'],
    ['ok', 'WHERE name IS NULL'],
    ['ok', 'WHERE deleted_at < now()'],
    ['ok', 'WHERE NOT active'],
    ['ok', 'WHERE NOT (id = 1)'],
    ['ok', "WHERE name NOT LIKE '%'"],
    ['ok', 'WHERE id IN (SELECT id FROM stale WHERE age > 3)'],
    ['ok', 'WHERE EXISTS (SELECT 1 FROM t WHERE t.id = users.id)'],
    ['ok', 'WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.id = users.id)'],
    ['ok', 'WHERE CURRENT OF c'],
    ['ok', 'WHERE false'],
  ])('%s: %s', (where, condition) => {
    expect(reader.read(`DELETE FROM users ${condition}`)).toMatchObject({ parsed: true, where })
    expect(reader.read(`UPDATE users SET a = 1 ${condition.replace('USING', 'FROM')}`)).toMatchObject({ where })
  })

  it('the worst of several', () => {
    const sql = 'WITH a AS (DELETE FROM t WHERE id = 1 RETURNING 1) UPDATE u SET x = 1 WHERE x IS NOT NULL'
    expect(reader.read(sql).where).toBe('weak')
    expect(reader.read('DELETE FROM t WHERE id = 1; DELETE FROM u').where).toBe('none')
  })

  it('of a MERGE what joins its two sides', () => {
    expect(reader.read('MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE').where).toBe('tautology')
    expect(reader.read('MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE').where).toBe('ok')
  })

  it('not there in what changes no rows by it', () => {
    expect(reader.read('SELECT * FROM users WHERE true').where).toBe('n/a')
    expect(reader.read('INSERT INTO t VALUES (1)').where).toBe('n/a')
    expect(reader.read('EXPLAIN DELETE FROM users').where).toBe('n/a')
  })
})
