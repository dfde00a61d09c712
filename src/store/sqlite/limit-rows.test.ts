import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LimitRow } from '../../limits/rows.ts'
import { ControlDatabase } from './control.ts'
import { SqliteLimitRows } from './limit-rows.ts'
import { MIGRATIONS } from './migrations.ts'

const ROW: LimitRow = {
  key: 'limit-per-person 0 calls identity=pri_ann tool="Größe\\u0000\\ud800"',
  fullMs: 1_790_000_000_000.25,
  msPer: 500.125,
  burst: 120,
  savedMs: 1_789_999_999_000,
}

describe('what is left of limits', () => {
  it('is there after a restart as it was saved', () => {
    using world = setUp()
    world.open().rows.save([ROW, { ...ROW, key: 'other' }], 0)
    world.open().rows.save([{ ...ROW, burst: 7 }], 0)
    expect(world.open().rows.load()).toEqual([
      { ...ROW, burst: 7 },
      { ...ROW, key: 'other' },
    ])
  })

  it('goes once everything has flowed back, whoever saves next', () => {
    using world = setUp()
    const { rows } = world.open()
    rows.save([ROW, { ...ROW, key: 'longer', fullMs: ROW.fullMs + 1 }], 0)
    rows.save([], ROW.fullMs)
    expect(rows.load().map(({ key }) => key)).toEqual(['longer'])
  })

  it('is saved whole or not at all', () => {
    using world = setUp()
    const { rows } = world.open()
    const broken = { ...ROW, key: 'broken', msPer: Number.NaN }
    expect(() => rows.save([ROW, broken], 0)).toThrow(/NOT NULL/)
    expect(rows.load()).toEqual([])
  })

  it.each([['ms_per = 0'], ['ms_per = -1'], ['burst = 0'], ['burst = 9e999']])(
    'that somebody changed to %s stops the start: it would be no limit',
    (change) => {
      using world = setUp()
      const { rows, control } = world.open()
      rows.save([ROW], 0)
      control.database.exec(`UPDATE limit_bucket SET ${change}`)
      expect(() => rows.load()).toThrow(expect.objectContaining({ code: 'config_invalid' }))
    },
  )

  it('gets its place in a database of the first release, which keeps what is in it', () => {
    using world = setUp()
    const { control } = world.open()
    const { database } = control
    database.exec('PRAGMA foreign_keys = OFF')
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all())
      if (!FIRST_TABLES.test(String(name))) database.exec(`DROP TABLE "${String(name)}"`)
    database.exec("PRAGMA user_version = 1; INSERT INTO setting VALUES ('x', x'01')")
    const { control: upgraded, rows } = world.open()
    rows.save([ROW], 0)
    expect(rows.load()).toEqual([ROW])
    expect(upgraded.database.prepare("SELECT name FROM setting WHERE name = 'x'").all()).toHaveLength(1)
    expect({ ...upgraded.database.prepare('PRAGMA user_version').get() }).toEqual({ user_version: MIGRATIONS.length })
  })
})

/** Tables of the first release, and those of SQLite itself. */
const FIRST_TABLES = /^(?:setting|connection_key|credential|session_binding|sqlite_.*)$/

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-limit-rows-'))
  const opened: ControlDatabase[] = []
  return {
    open() {
      const control = ControlDatabase.open(folder)
      opened.push(control)
      return { control, rows: new SqliteLimitRows(control) }
    },
    [Symbol.dispose]() {
      for (const control of opened) control.close()
      rmSync(folder, { recursive: true })
    },
  }
}
