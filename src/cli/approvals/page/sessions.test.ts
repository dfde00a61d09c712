import { expect, it } from 'vitest'
import type { PageLogin } from '../../../identity/page-login.ts'
import { principalId } from '../../../identity/principal.ts'
import { isFormOf, PageSessions } from './sessions.ts'

const MINUTE = 60_000
const LOGIN: PageLogin = {
  principal: {
    id: principalId('https://login.example', 'bob'),
    issuer: 'https://login.example',
    subject: 'bob',
    groups: [],
    claims: {},
    expiresAtMs: 0,
  },
  readMs: 0,
  accessToken: 'made-up',
  refreshToken: undefined,
  claims: {},
  groupsInUserInfo: false,
}
const PENDING = { state: 's', nonce: 'n', verifier: 'v' }

it('ends a session that nobody used for a quarter of an hour, and any after eight hours', () => {
  const sessions = new PageSessions()
  const id = sessions.open(LOGIN, 0)
  for (let minute = 14; minute < 480; minute += 14) expect(sessions.get(id, minute * MINUTE)).toBeDefined()
  expect(sessions.get(id, 480 * MINUTE)).toBeUndefined()
  const idle = sessions.open(LOGIN, 0)
  expect(sessions.get(idle, 15 * MINUTE)).toBeUndefined()
  expect(sessions.get(idle, 0)).toBeUndefined()
})

it('takes the answer to a login once, and within ten minutes', () => {
  const sessions = new PageSessions()
  const id = sessions.begin(PENDING, '/approvals', 0)
  expect(sessions.take(id, MINUTE)).toMatchObject({ pending: PENDING })
  expect(sessions.take(id, MINUTE)).toBeUndefined()
  expect(sessions.take(sessions.begin(PENDING, '/approvals', 0), 10 * MINUTE)).toBeUndefined()
})

it('keeps the newest where somebody opens very many', () => {
  const sessions = new PageSessions()
  const first = sessions.open(LOGIN, 0)
  let last = ''
  for (let n = 0; n < 10_000; n += 1) last = sessions.open(LOGIN, 0)
  expect(sessions.get(first, 0)).toBeUndefined()
  expect(sessions.get(last, 0)).toBeDefined()
})

it('knows its own forms', () => {
  const sessions = new PageSessions()
  const [a, b] = [sessions.get(sessions.open(LOGIN, 0), 0), sessions.get(sessions.open(LOGIN, 0), 0)]
  if (a === undefined || b === undefined) throw new Error('no session')
  expect(isFormOf(a, a.csrf)).toBe(true)
  for (const sent of [b.csrf, '', null, `${a.csrf}x`]) expect(isFormOf(a, sent)).toBe(false)
})
