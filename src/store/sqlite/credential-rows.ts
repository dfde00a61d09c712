import type { StatementSync } from 'node:sqlite'
import { isCredentialKind, type CredentialKind, type CredentialListing } from '../../credentials/credential.ts'
import type { CredentialRows, StoredCredential, WrappedKey } from '../../credentials/rows.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** Ciphertext of credentials in control.db. */
export class SqliteCredentialRows implements CredentialRows {
  readonly #control: ControlDatabase
  readonly #statements: Readonly<Record<keyof typeof SQL, StatementSync>>

  constructor(control: ControlDatabase) {
    this.#control = control
    const prepare = (name: keyof typeof SQL) => control.database.prepare(SQL[name])
    this.#statements = {
      key: prepare('key'),
      keys: prepare('keys'),
      credentials: prepare('credentials'),
      list: prepare('list'),
      addKey: prepare('addKey'),
      changeKey: prepare('changeKey'),
      write: prepare('write'),
      remove: prepare('remove'),
      dropUnused: prepare('dropUnused'),
    }
  }

  read(connection: string): { key: WrappedKey; credentials: readonly StoredCredential[] } | undefined {
    const key = this.#statements.key.get(connection)
    if (key === undefined) return undefined
    return { key: toKey(key), credentials: this.#statements.credentials.all(connection).map(toCredential) }
  }

  list(): readonly CredentialListing[] {
    return this.#statements.list.all().map((row) => ({
      connection: textAt(row, 'connection'),
      name: textAt(row, 'name'),
      kind: kindAt(row),
      updatedMs: numberAt(row, 'updated_ms'),
    }))
  }

  write(connection: string, key: WrappedKey, credential: StoredCredential): void {
    const { name, kind, nonce, ciphertext, updatedMs } = credential
    this.#control.transaction(() => {
      this.#statements.addKey.run(connection, key.masterKeyId, key.nonce, key.ciphertext)
      this.#statements.write.run(connection, name, kind, nonce, ciphertext, updatedMs)
    })
  }

  remove(connection: string, name: string): boolean {
    return this.#control.transaction(() => {
      const removed = this.#statements.remove.run(connection, name).changes
      this.#statements.dropUnused.run(connection, connection)
      return removed !== 0
    })
  }

  rewrap(change: (connection: string, key: WrappedKey) => WrappedKey): number {
    return this.#control.transaction(() => {
      const rows = this.#statements.keys.all()
      for (const row of rows) {
        const connection = textAt(row, 'connection')
        const key = change(connection, toKey(row))
        this.#statements.changeKey.run(key.masterKeyId, key.nonce, key.ciphertext, connection)
      }
      return rows.length
    })
  }
}

const SQL = {
  key: 'SELECT master_key_id, nonce, wrapped_key FROM connection_key WHERE connection = ?',
  keys: 'SELECT connection, master_key_id, nonce, wrapped_key FROM connection_key ORDER BY connection',
  credentials: 'SELECT name, kind, nonce, ciphertext, updated_ms FROM credential WHERE connection = ? ORDER BY name',
  list: 'SELECT connection, name, kind, updated_ms FROM credential ORDER BY connection, name',
  addKey:
    'INSERT INTO connection_key (connection, master_key_id, nonce, wrapped_key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  changeKey: 'UPDATE connection_key SET master_key_id = ?, nonce = ?, wrapped_key = ? WHERE connection = ?',
  write:
    'INSERT OR REPLACE INTO credential (connection, name, kind, nonce, ciphertext, updated_ms) VALUES (?, ?, ?, ?, ?, ?)',
  remove: 'DELETE FROM credential WHERE connection = ? AND name = ?',
  dropUnused:
    'DELETE FROM connection_key WHERE connection = ? AND NOT EXISTS (SELECT 1 FROM credential WHERE connection = ?)',
} as const

function toKey(row: Row): WrappedKey {
  return {
    masterKeyId: textAt(row, 'master_key_id'),
    nonce: bytesAt(row, 'nonce'),
    ciphertext: bytesAt(row, 'wrapped_key'),
  }
}

function toCredential(row: Row): StoredCredential {
  return {
    name: textAt(row, 'name'),
    kind: kindAt(row),
    nonce: bytesAt(row, 'nonce'),
    ciphertext: bytesAt(row, 'ciphertext'),
    updatedMs: numberAt(row, 'updated_ms'),
  }
}

function kindAt(row: Row): CredentialKind {
  const kind = row['kind']
  if (!isCredentialKind(kind)) throw damaged('kind')
  return kind
}
