import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { StatementSync } from 'node:sqlite'
import { isPrincipalId, isSessionId, type SessionId } from '../../base/ids.ts'
import type { SessionBinding, SessionBindings } from '../../session/bindings.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

type Revision = NonNullable<SessionBinding['revision']>

const KEY_NAME = 'session_binding_key'
const KEY_BYTES = 32

/** Whose session is whose, in control.db. */
export class SqliteSessionBindings implements SessionBindings {
  readonly #key: KeyObject
  readonly #bind: StatementSync
  readonly #find: StatementSync
  readonly #drop: StatementSync
  readonly #sessions: StatementSync
  readonly #expire: StatementSync

  constructor(control: ControlDatabase) {
    const { database } = control
    this.#key = bindingKey(control)
    // One statement, so that no second writer can come between the look and the write.
    this.#bind = database.prepare(
      `INSERT INTO session_binding (id, principal, session, revision, started_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET session = excluded.session, revision = excluded.revision, started_ms = excluded.started_ms
       WHERE principal = excluded.principal`,
    )
    this.#find = database.prepare('SELECT principal, session, revision, started_ms FROM session_binding WHERE id = ?')
    this.#drop = database.prepare('DELETE FROM session_binding WHERE id = ?')
    this.#sessions = database.prepare('SELECT session FROM session_binding')
    this.#expire = database.prepare('DELETE FROM session_binding WHERE started_ms < ?')
  }

  bind(connection: string, upstreamId: string, binding: SessionBinding): boolean {
    const { principal, session, revision, startedMs } = binding
    const id = this.#hash(connection, upstreamId)
    return this.#bind.run(id, principal, session, revision ?? null, startedMs).changes !== 0
  }

  find(connection: string, upstreamId: string): SessionBinding | undefined {
    const row = this.#find.get(this.#hash(connection, upstreamId))
    return row === undefined ? undefined : toBinding(row)
  }

  drop(connection: string, upstreamId: string): void {
    this.#drop.run(this.#hash(connection, upstreamId))
  }

  sessions(): ReadonlySet<SessionId> {
    const ids = this.#sessions.all().map((row) => textAt(row, 'session'))
    return new Set(ids.filter(isSessionId))
  }

  expire(beforeMs: number): void {
    this.#expire.run(beforeMs)
  }

  /** Keyed, because some upstreams count their sessions and a plain hash of "17" hides nothing. */
  #hash(connection: string, upstreamId: string): Uint8Array {
    return createHmac('sha256', this.#key).update(`${connection}\0${upstreamId}`).digest()
  }
}

function bindingKey(control: ControlDatabase): KeyObject {
  const row = control.transaction(() => {
    const insert = control.database.prepare('INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
    insert.run(KEY_NAME, randomBytes(KEY_BYTES))
    return control.database.prepare('SELECT value FROM setting WHERE name = ?').get(KEY_NAME)
  })
  const bytes = row === undefined ? undefined : bytesAt(row, 'value')
  if (bytes?.length !== KEY_BYTES) throw damaged('value')
  return createSecretKey(bytes)
}

function toBinding(row: Row): SessionBinding {
  const principal = textAt(row, 'principal')
  const session = textAt(row, 'session')
  const revision = row['revision'] === null ? undefined : textAt(row, 'revision')
  if (!isPrincipalId(principal)) throw damaged('principal')
  if (!isSessionId(session)) throw damaged('session')
  if (revision !== undefined && !isRevision(revision)) throw damaged('revision')
  return { principal, session, revision, startedMs: numberAt(row, 'started_ms') }
}

const REVISIONS: readonly string[] = [
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
  '2026-07-28',
] satisfies Revision[]

function isRevision(text: string): text is Revision {
  return REVISIONS.includes(text)
}
