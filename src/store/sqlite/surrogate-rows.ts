import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { assert } from '../../base/assert.ts'
import type {
  Erased,
  Forgotten,
  SaveOutcome,
  ScopeRecord,
  SealedRow,
  SurrogateRows,
} from '../../masking/surrogates/rows.ts'
import { partsOf, type ScopeName } from '../../masking/surrogates/scope.ts'
import { bytesAt, numberAt, type Row, textAt } from './columns.ts'
import type { SurrogateDatabase } from './surrogate-database.ts'

type At = Parameters<SurrogateRows['find']>[1]

/** Surrogates in surrogates.db: salts of scopes, and rows that are sealed with keys that hang on the salts. */
export class SqliteSurrogateRows implements SurrogateRows {
  readonly #surrogates: SurrogateDatabase
  readonly #statements: Readonly<Record<keyof typeof SQL, StatementSync>>

  constructor(surrogates: SurrogateDatabase) {
    this.#surrogates = surrogates
    const prepare = (name: keyof typeof SQL) => surrogates.database.prepare(SQL[name])
    this.#statements = {
      find: prepare('find'),
      begin: prepare('begin'),
      version: prepare('version'),
      rows: prepare('rows'),
      count: prepare('count'),
      save: prepare('save'),
      saved: prepare('saved'),
      restored: prepare('restored'),
      expire: prepare('expire'),
      forgetAll: prepare('forgetAll'),
      forgetPrincipal: prepare('forgetPrincipal'),
      forgetGroup: prepare('forgetGroup'),
      scopes: prepare('scopes'),
    }
  }

  find(name: ScopeName, { rootId, nowMs, sinceMs }: At): ScopeRecord | undefined {
    const row = this.#statements.find.get(...partsOf(name), rootId, nowMs, sinceMs)
    return row === undefined ? undefined : toRecord(row)
  }

  begin(name: ScopeName, at: At, { salt, endsMs }: { salt: Uint8Array; endsMs: number }): ScopeRecord {
    return this.#surrogates.transaction(() => {
      const found = this.find(name, at)
      if (found !== undefined) return found
      this.#statements.begin.run(...partsOf(name), at.rootId, at.nowMs, endsMs, salt)
      const begun = this.find(name, at)
      assert(begun !== undefined, 'a scope that began is there')
      return begun
    })
  }

  load(scope: number, after: number): { version: number; rows: readonly SealedRow[] } | undefined {
    return this.#surrogates.transaction(() => {
      const version = this.#versionOf(scope)
      if (version === undefined) return undefined
      return { version: version.number, rows: this.#statements.rows.all(scope, after).map(toSealed) }
    })
  }

  count(tenant: string): number {
    const row = this.#statements.count.get(tenant)
    return row === undefined ? 0 : numberAt(row, 'rows')
  }

  save(scope: number, change: Parameters<SurrogateRows['save']>[1]): SaveOutcome {
    return this.#surrogates.transaction(() => this.#save(scope, change))
  }

  restored(scope: number, ids: readonly string[], nowMs: number): void {
    this.#surrogates.transaction(() => {
      for (const id of ids) this.#statements.restored.run(nowMs, scope, id)
    })
  }

  expire(nowMs: number): number {
    return this.#erase(this.#statements.expire, nowMs).scopes
  }

  scopes(): ReadonlySet<number> {
    return new Set(this.#statements.scopes.all().map((row) => numberAt(row, 'scope')))
  }

  forget(whose: Forgotten): Erased {
    const { forgetAll, forgetPrincipal, forgetGroup } = this.#statements
    switch (whose.kind) {
      case 'all':
        return this.#erase(forgetAll)
      case 'principal':
        return this.#erase(forgetPrincipal, whose.principal)
      case 'group':
        return this.#erase(forgetGroup, whose.group)
    }
  }

  #save(scope: number, { base, rows, added, tenantMax }: Parameters<SurrogateRows['save']>[1]): SaveOutcome {
    const version = this.#versionOf(scope)
    if (version === undefined) return { kind: 'gone' }
    if (version.number !== base) return { kind: 'stale' }
    if (added > 0 && this.count(version.tenant) + added > tenantMax) return { kind: 'full' }
    for (const row of rows) {
      const { id, entity, index, nonce, ciphertext, createdMs, expiresMs } = row
      this.#statements.save.run(scope, id, entity, index, nonce, ciphertext, createdMs, expiresMs, base + 1)
    }
    this.#statements.saved.run(base + 1, added, scope)
    return { kind: 'saved', version: base + 1 }
  }

  #versionOf(scope: number): { number: number; tenant: string } | undefined {
    const row = this.#statements.version.get(scope)
    return row === undefined ? undefined : { number: numberAt(row, 'version'), tenant: textAt(row, 'tenant') }
  }

  /** The salt is what counts: without it the rows can be read by nobody, wherever copies of them are. */
  #erase(statement: StatementSync, ...values: readonly SQLInputValue[]): Erased {
    const erased = statement.all(...values).map((row) => numberAt(row, 'rows'))
    if (erased.length > 0) this.#surrogates.emptyLog()
    return { scopes: erased.length, surrogates: erased.reduce((sum, rows) => sum + rows, 0) }
  }
}

const SQL = {
  find: `SELECT scope, epoch_ms, ends_ms, salt, version FROM scope
    WHERE tenant = ? AND principal = ? AND client = ? AND upstream_group = ? AND purpose = ? AND root_id = ?
      AND ends_ms > ? AND epoch_ms > ?
    ORDER BY epoch_ms DESC LIMIT 1`,
  begin: `INSERT INTO scope
    (tenant, principal, client, upstream_group, purpose, root_id, epoch_ms, ends_ms, salt, rows, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
  version: 'SELECT version, tenant FROM scope WHERE scope = ?',
  rows: `SELECT id, entity, value_index, nonce, sealed, created_ms, expires_ms FROM surrogate
    WHERE scope = ? AND changed > ?`,
  count: 'SELECT coalesce(sum(rows), 0) AS rows FROM scope WHERE tenant = ?',
  save: `INSERT INTO surrogate (scope, id, entity, value_index, nonce, sealed, created_ms, expires_ms, changed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (scope, id) DO UPDATE
      SET nonce = excluded.nonce, sealed = excluded.sealed, changed = excluded.changed`,
  saved: 'UPDATE scope SET version = ?, rows = rows + ? WHERE scope = ?',
  restored: 'UPDATE surrogate SET restores = restores + 1, last_restore_ms = ? WHERE scope = ? AND id = ?',
  expire: 'DELETE FROM scope WHERE ends_ms <= ? RETURNING rows',
  forgetAll: 'DELETE FROM scope RETURNING rows',
  forgetPrincipal: 'DELETE FROM scope WHERE principal = ? RETURNING rows',
  forgetGroup: 'DELETE FROM scope WHERE upstream_group = ? RETURNING rows',
  scopes: 'SELECT scope FROM scope',
} as const

function toRecord(row: Row): ScopeRecord {
  return {
    scope: numberAt(row, 'scope'),
    epochMs: numberAt(row, 'epoch_ms'),
    endsMs: numberAt(row, 'ends_ms'),
    salt: bytesAt(row, 'salt'),
    version: numberAt(row, 'version'),
  }
}

function toSealed(row: Row): SealedRow {
  return {
    id: textAt(row, 'id'),
    entity: textAt(row, 'entity'),
    index: bytesAt(row, 'value_index'),
    nonce: bytesAt(row, 'nonce'),
    ciphertext: bytesAt(row, 'sealed'),
    createdMs: numberAt(row, 'created_ms'),
    expiresMs: numberAt(row, 'expires_ms'),
  }
}
