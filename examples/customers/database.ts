// The customers in a SQLite database that lives in memory and is gone with the process.
import { constants, DatabaseSync } from 'node:sqlite'
import type { SQLOutputValue } from 'node:sqlite'
import { makeCustomers } from './people.ts'

/** A reply with more rows helps nobody and fills the memory of everybody on the way. */
const ROWS_MAX = 1000

export const SCHEMA = `CREATE TABLE customers (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  email   TEXT NOT NULL UNIQUE,
  phone   TEXT NOT NULL,
  card    TEXT NOT NULL,   -- payment card number
  iban    TEXT NOT NULL,
  ssn     TEXT,            -- United States only
  country TEXT NOT NULL,   -- ISO 3166-1 alpha-2
  plan    TEXT NOT NULL,   -- free, team, business, enterprise
  balance REAL NOT NULL
)`

export type Value = null | number | string
export type Row = Record<string, Value>

export interface Answer {
  readonly rows: Row[]
  /** There were more rows than are shown. */
  readonly truncated: boolean
  /** Rows written. */
  readonly changes: number
}

export interface Database {
  /** Runs one statement, whatever it is. Throws what SQLite says. */
  run(sql: string, ...values: Value[]): Answer
  close(): void
}

export function openDatabase(): Database {
  const database = new DatabaseSync(':memory:')
  database.exec(SCHEMA)
  fill(database)
  // Any SQL is welcome, but not at the files of this machine: ATTACH and VACUUM INTO would write them.
  database.setAuthorizer((action) => (action === constants.SQLITE_ATTACH ? constants.SQLITE_DENY : constants.SQLITE_OK))
  return {
    run: (sql, ...values) => run(database, sql, values),
    close: () => database.close(),
  }
}

function fill(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  database.exec('BEGIN')
  for (const one of makeCustomers()) {
    insert.run(one.id, one.name, one.email, one.phone, one.card, one.iban, one.ssn, one.country, one.plan, one.balance)
  }
  database.exec('COMMIT')
}

function run(database: DatabaseSync, sql: string, values: readonly Value[]): Answer {
  const statement = database.prepare(sql)
  if (statement.columns().length === 0) {
    return { rows: [], truncated: false, changes: Number(statement.run(...values).changes) }
  }
  const rows: Row[] = []
  for (const row of statement.iterate(...values)) {
    if (rows.length === ROWS_MAX) return { rows, truncated: true, changes: 0 }
    rows.push(Object.fromEntries(Object.entries(row).map(([column, value]) => [column, shown(value)])))
  }
  return { rows, truncated: false, changes: 0 }
}

function shown(value: SQLOutputValue): Value {
  if (typeof value === 'bigint') return Number(value)
  return value instanceof Uint8Array ? `${value.length} bytes` : value
}
