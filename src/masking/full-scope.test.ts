// A caller has room for so many stand-ins. What finds none is redacted, counted as such, and told to whoever runs the gateway.
import { expect, it } from 'vitest'
import { openMasker, seenOf } from '../../test/support/masking/passages.ts'
import { NOW } from '../../test/support/surrogates.ts'
import { HOUR_MS } from '../base/units.ts'

const reply = (text: string) => JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } })
const FOUR = reply('a@b.example c@d.example e@f.example g@h.example and e@f.example')

it('counts what was done: stand-ins where there was room, redacted where not', () => {
  using world = openMasker({ perScope: 2 })
  const [seen] = seenOf(world.passage(), [FOUR])
  expect(seen?.text.match(/sur_email_\w+/g)).toHaveLength(2)
  expect(seen?.text.match(/redacted:email/g)).toHaveLength(3)
  expect(seen?.evidence).toMatchObject({ counts: { email: { surrogate: 2, redact: 3 } }, minted: 2 })
})

it('is told once an hour for each caller, and not where there is room', () => {
  let now = NOW
  using world = openMasker({ perScope: 2, now: () => now })
  const send = (principal: string, text: string) => seenOf(world.passage({ principal }), [text])
  send('pri_alice', reply('a@b.example c@d.example'))
  expect(world.full).toEqual([])
  send('pri_alice', FOUR)
  send('pri_alice', FOUR)
  send('pri_bob', FOUR)
  expect(world.full).toEqual(['pri_alice', 'pri_bob'].map((principal) => ({ principal, connection: 'crm' })))
  now += HOUR_MS
  send('pri_alice', FOUR)
  expect(world.full).toHaveLength(3)
})
