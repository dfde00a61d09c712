import type { Person } from '../../approval/approval.ts'
import type { Login, LoginRows } from '../../approval/logins.ts'
import type { PrincipalId } from '../../base/ids.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { isPerson, write } from './approval-json.ts'
import { damaged, numberAt, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

/** Last logins of people who decide, in control.db. */
export class SqliteLoginRows implements LoginRows {
  readonly #control: ControlDatabase

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  get(principal: PrincipalId): Login | undefined {
    const row = this.#control.database
      .prepare('SELECT login, at_ms FROM approver_login WHERE principal = ?')
      .get(principal)
    if (row === undefined) return undefined
    const value: unknown = parseJson(textAt(row, 'login'))
    if (!isLogin(value)) throw damaged('login')
    return { person: value.person, groups: value.groups, atMs: numberAt(row, 'at_ms') }
  }

  put({ person, groups, atMs }: Login): void {
    this.#control.database
      .prepare('INSERT OR REPLACE INTO approver_login (principal, login, at_ms) VALUES (?, ?, ?)')
      .run(person.principal, write({ person, groups }), atMs)
  }
}

function isLogin(value: unknown): value is { readonly person: Person; readonly groups: readonly string[] } {
  if (!isObject(value)) return false
  const { person, groups } = value
  return isPerson(person) && Array.isArray(groups) && groups.every((group) => typeof group === 'string')
}
