import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../base/assert.ts'
import { toHex } from '../../base/bytes.ts'
import type { MasterKey } from '../../credentials/master-key.ts'
import { bytesAt, type Row, textAt } from '../sqlite/columns.ts'
import { inTransaction } from '../sqlite/open-database.ts'
import type { GroupKey } from './group.ts'
import { newKey, rewrap, unwrapKey } from './wrap.ts'

/** Opens groups of packs. Undefined: the key was shredded, or never was one of ours. */
export interface PackKeys {
  keyOf(id: Uint8Array): KeyObject | undefined
}

/** Whose records: all of a session, or (16 zero bytes) all of the class that have none or are not kept apart. */
export interface KeyFor {
  readonly retentionClass: number
  /** `2026-11`; a new key each month by itself. */
  readonly month: string
  /** 16 bytes. */
  readonly session: Uint8Array
}

/** Keys read lately; 32 bytes each and a map entry. */
const CACHED_MAX = 50_000

/**
 * The keys of sealed records: master key, one key per class and month, one per session below it (audit.md, 10.3). Their wraps
 * are in control.db and nowhere else, so that deleting a row makes every copy of what it opened unreadable.
 */
export class KeyRing implements PackKeys {
  readonly #database: DatabaseSync
  readonly #master: MasterKey
  readonly #keys = new Map<string, KeyObject>()
  readonly #ids = new Map<string, GroupKey>()

  constructor(database: DatabaseSync, master: MasterKey) {
    this.#database = database
    this.#master = master
  }

  keyOf(id: Uint8Array): KeyObject | undefined {
    const name = toHex(id)
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const row = this.#database.prepare(SQL.keyById).get(id)
    const key = row && this.#open(row)
    if (key !== undefined) remember(this.#keys, name, key)
    return key
  }

  /** The keys for so many at once, made where there are none; durable when it returns. */
  keysFor(wanted: readonly KeyFor[]): readonly GroupKey[] {
    if (wanted.every((one) => this.#ids.has(nameOf(one)))) return wanted.map((one) => this.#keyFor(one))
    return inTransaction(this.#database, () => wanted.map((one) => this.#keyFor(one)))
  }

  /** All keys of a class. */
  ofClass(retentionClass: number): readonly GroupKey[] {
    return this.#database
      .prepare(SQL.ofClass)
      .all(retentionClass)
      .flatMap((row) => {
        const key = this.#open(row)
        return key === undefined ? [] : [{ id: bytesAt(row, 'id'), key }]
      })
  }

  /** Forgets what was opened: after shredding, nothing may be read from memory. */
  forget(): void {
    this.#keys.clear()
    this.#ids.clear()
  }

  #keyFor(of: KeyFor): GroupKey {
    const name = nameOf(of)
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const row = this.#database.prepare(SQL.keyFor).get(of.retentionClass, of.month, of.session)
    const opened = row && this.#open(row)
    if (row !== undefined && opened === undefined) throw unreadable()
    const made = row && opened ? { id: bytesAt(row, 'id'), key: opened } : this.#make(of)
    remember(this.#ids, name, made)
    return made
  }

  #make(of: KeyFor): GroupKey {
    const above = this.#monthKey(of)
    const { id, key, wrapped } = newKey(above.key, purposeOf(of))
    this.#database.prepare(SQL.addKey).run(id, above.id, of.session, wrapped)
    return { id, key }
  }

  #monthKey({ retentionClass, month }: KeyFor): GroupKey {
    const purpose = monthPurpose(retentionClass, month)
    const row = this.#database.prepare(SQL.monthKey).get(retentionClass, month)
    if (row === undefined) {
      const { id, key, wrapped } = newKey(this.#master.key, purpose)
      this.#database.prepare(SQL.addMonthKey).run(id, retentionClass, month, this.#master.id, wrapped)
      return { id, key }
    }
    const id = bytesAt(row, 'id')
    const key = unwrapKey(this.#master.key, bytesAt(row, 'wrapped'), { id, purpose })
    if (key === undefined) throw unreadable()
    return { id, key }
  }

  #open(row: Row): KeyObject | undefined {
    const retentionClass = Number(row['class'])
    const month = textAt(row, 'month')
    const monthId = bytesAt(row, 'month_key')
    const purpose = monthPurpose(retentionClass, month)
    const above = unwrapKey(this.#master.key, bytesAt(row, 'month_wrapped'), { id: monthId, purpose })
    if (above === undefined) throw unreadable()
    const id = bytesAt(row, 'id')
    const session = bytesAt(row, 'session')
    return unwrapKey(above, bytesAt(row, 'wrapped'), { id, purpose: purposeOf({ retentionClass, month, session }) })
  }
}

function remember<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.size >= CACHED_MAX) map.clear()
  map.set(name, value)
}

function nameOf({ retentionClass, month, session }: KeyFor): string {
  return `${retentionClass}/${month}/${toHex(session)}`
}

function purposeOf({ retentionClass, month, session }: KeyFor): string {
  return `group/${retentionClass}/${month}/${toHex(session)}`
}

function monthPurpose(retentionClass: number, month: string): string {
  return `month/${retentionClass}/${month}`
}

function unreadable(): GatewayError {
  return new GatewayError(
    'log_unavailable',
    'Keys of the audit log were wrapped under another master key. Use the master key that the log was written with, or re-wrap them: sallyport audit keys rewrap.',
  )
}

/** Keys for reading beside a gateway; undefined where nothing was ever sealed under a key. */
export function openPackKeys(dataFolder: string, master: MasterKey): (PackKeys & Disposable) | undefined {
  const path = join(dataFolder, 'control.db')
  if (!existsSync(path)) return undefined
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  if (database.prepare(SQL.hasKeys).get() === undefined) {
    database.close()
    return undefined
  }
  const ring = new KeyRing(database, master)
  return { keyOf: (id) => ring.keyOf(id), [Symbol.dispose]: () => database.close() }
}

/** Wraps every month's key under another master key, whole or not at all; no payload is touched. Keys that it wraps already stay. */
export function rewrapMonthKeys(database: DatabaseSync, from: MasterKey, to: MasterKey): number {
  return inTransaction(database, () => {
    const rows = database.prepare(SQL.monthKeys).all()
    let changed = 0
    for (const row of rows) {
      if (textAt(row, 'master_key_id') === to.id) continue
      const id = bytesAt(row, 'id')
      const purpose = monthPurpose(Number(row['class']), textAt(row, 'month'))
      const wrapped = rewrap({ from: from.key, to: to.key }, bytesAt(row, 'wrapped'), { id, purpose })
      if (wrapped === undefined) throw unreadable()
      database.prepare(SQL.changeMonthKey).run(to.id, wrapped, id)
      changed++
    }
    return changed
  })
}

/** Deletes keys for good: the rows are overwritten, and the write-ahead log that still holds them is emptied. */
export function shredKeys(
  database: DatabaseSync,
  what: { readonly sessions: readonly Uint8Array[] } | { readonly retentionClass: number; readonly month: string },
): number {
  const deleted = inTransaction(database, () => {
    if ('sessions' in what)
      return what.sessions.reduce(
        (sum, session) => sum + Number(database.prepare(SQL.dropSession).run(session).changes),
        0,
      )
    const keys = database.prepare(SQL.dropMonthKeys).run(what.retentionClass, what.month).changes
    database.prepare(SQL.dropMonth).run(what.retentionClass, what.month)
    return Number(keys)
  })
  emptyWriteAheadLog(database)
  return deleted
}

/** Pages that were overwritten stay in it until it is truncated, which waits for readers of a moment ago. */
function emptyWriteAheadLog(database: DatabaseSync): void {
  const busy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy']
  if (busy !== 0)
    throw new GatewayError(
      'log_unavailable',
      'A key was deleted, but another process holds an old page of control.db. It is tried again.',
    )
}

const SQL = {
  hasKeys: "SELECT 1 AS one FROM sqlite_schema WHERE name = 'audit_key'",
  keyById: `SELECT k.id, k.session, k.wrapped, m.id AS month_key, m.class, m.month, m.wrapped AS month_wrapped
    FROM audit_key k JOIN audit_month_key m ON m.id = k.month_key WHERE k.id = ?`,
  keyFor: `SELECT k.id, k.session, k.wrapped, m.id AS month_key, m.class, m.month, m.wrapped AS month_wrapped
    FROM audit_key k JOIN audit_month_key m ON m.id = k.month_key WHERE m.class = ? AND m.month = ? AND k.session = ?`,
  ofClass: `SELECT k.id, k.session, k.wrapped, m.id AS month_key, m.class, m.month, m.wrapped AS month_wrapped
    FROM audit_key k JOIN audit_month_key m ON m.id = k.month_key WHERE m.class = ?`,
  addKey: 'INSERT INTO audit_key (id, month_key, session, wrapped) VALUES (?, ?, ?, ?)',
  monthKey: 'SELECT id, wrapped FROM audit_month_key WHERE class = ? AND month = ?',
  monthKeys: 'SELECT id, class, month, master_key_id, wrapped FROM audit_month_key',
  addMonthKey: 'INSERT INTO audit_month_key (id, class, month, master_key_id, wrapped) VALUES (?, ?, ?, ?, ?)',
  changeMonthKey: 'UPDATE audit_month_key SET master_key_id = ?, wrapped = ? WHERE id = ?',
  dropSession: 'DELETE FROM audit_key WHERE session = ?',
  dropMonthKeys:
    'DELETE FROM audit_key WHERE month_key IN (SELECT id FROM audit_month_key WHERE class = ? AND month = ?)',
  dropMonth: 'DELETE FROM audit_month_key WHERE class = ? AND month = ?',
} as const
