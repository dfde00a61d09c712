import { afterAll, expect, it } from 'vitest'
import { person, setUpDesk } from '../../test/support/desk-world.ts'
import { SqliteLoginRows } from '../store/sqlite/login-rows.ts'
import { Logins } from './logins.ts'

const DAY_MS = 86_400_000
const world = setUpDesk()
afterAll(() => world[Symbol.dispose]())
const rows = new SqliteLoginRows(world.control, world.mac)
const login = (name: string, atMs: number) => ({ person: person(name), groups: ['dba'], atMs })
const count = () => world.control.database.prepare('SELECT count(*) AS n FROM approver_login').get()?.['n']

it('logins end after a week, or once they decide nothing any more where that is later', () => {
  const logins = new Logins(rows, 10 * DAY_MS)
  logins.saw(login('bob', DAY_MS))
  logins.saw(login('carol', 5 * DAY_MS))
  logins.expire(11 * DAY_MS)
  expect(count()).toBe(2)
  logins.expire(12 * DAY_MS)
  expect(count()).toBe(1)
  expect(logins.last('pri_carol')?.atMs).toBe(5 * DAY_MS)
  expect(logins.last('pri_bob')).toBeUndefined()
  new Logins(rows, 1_000).expire(12.5 * DAY_MS)
  expect(count()).toBe(0)
})

it('a login that somebody else wrote, or made younger, is none, and that is told', () => {
  const logins = new Logins(rows, DAY_MS)
  logins.saw(login('bob', DAY_MS))
  expect(logins.last('pri_bob')?.groups).toEqual(['dba'])
  world.control.database.exec('UPDATE approver_login SET at_ms = at_ms + 1')
  expect(logins.last('pri_bob')).toBeUndefined()
  expect(world.altered).toEqual([{ table: 'approver_login', row: 'pri_bob' }])
})
