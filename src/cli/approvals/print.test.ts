import { expect, it } from 'vitest'
import { detailLines, listLine } from './print.ts'

const ACCESS = {
  id: '7Kq2-9FzR',
  state: 'pending',
  connection: 'db',
  method: 'request_access',
  target: '',
  requester: { name: 'Bot', groups: ['engineers'], acts_for: ['alice@example.com'] },
  good_for: 'every call on db that these rules are about, for 30m, and no longer than their session',
  asks: 1,
  expires_ms: 600_000,
}

it('access that is asked for ahead of need is called so, with what a yes lets run and for whom', () => {
  expect(listLine(ACCESS, 0)).toBe('7Kq2-9FzR  pending    10 min left     access to db by Bot')
  const lines = detailLines(ACCESS, 0)
  expect(lines).toContain('Who        Bot (engineers), for alice@example.com')
  expect(lines).toContain('What       request_access on db')
  expect(lines).toContain(`Good for   ${ACCESS.good_for}`)
})

it('a tool without a name is not taken for access', () => {
  expect(listLine({ ...ACCESS, method: 'tools/call' }, 0)).toContain('db/ by Bot')
})
