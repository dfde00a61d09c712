import type { Person } from '../../approval/approval.ts'
import type { Login, LoginRows } from '../../approval/logins.ts'
import type { PrincipalId } from '../../base/ids.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { isPerson, write } from './approval-json.ts'
import { damaged, numberAt, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'
import type { RowMac } from './row-mac.ts'

const TABLE = 'approver_login'

/** Last logins of people who decide, in control.db. One that somebody else wrote is none: its groups would vote. */
export class SqliteLoginRows implements LoginRows {
  readonly #control: ControlDatabase
  readonly #mac: RowMac

  constructor(control: ControlDatabase, mac: RowMac) {
    this.#control = control
    this.#mac = mac
  }

  get(principal: PrincipalId): Login | undefined {
    const row = this.#control.database
      .prepare('SELECT login, at_ms, mac FROM approver_login WHERE principal = ?')
      .get(principal)
    if (row === undefined) return undefined
    if (!this.#mac.holds(row['mac'], TABLE, [principal, textAt(row, 'login'), numberAt(row, 'at_ms')])) {
      this.#mac.tellAltered(TABLE, principal)
      return undefined
    }
    const value: unknown = parseJson(textAt(row, 'login'))
    if (!isLogin(value)) throw damaged('login')
    return { person: value.person, groups: value.groups, atMs: numberAt(row, 'at_ms') }
  }

  put({ person, groups, atMs }: Login): void {
    const values = [person.principal, write({ person, groups }), atMs]
    this.#control.database
      .prepare('INSERT OR REPLACE INTO approver_login (principal, login, at_ms, mac) VALUES (?, ?, ?, ?)')
      .run(...values, this.#mac.of(TABLE, values))
  }

  expire(beforeMs: number): void {
    this.#control.database.prepare('DELETE FROM approver_login WHERE at_ms < ?').run(beforeMs)
  }
}

function isLogin(value: unknown): value is { readonly person: Person; readonly groups: readonly string[] } {
  if (!isObject(value)) return false
  const { person, groups } = value
  return isPerson(person) && Array.isArray(groups) && groups.every((group) => typeof group === 'string')
}
