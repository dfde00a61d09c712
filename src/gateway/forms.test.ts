import { expect, it } from 'vitest'
import { entryIndex } from '../base/ids.ts'
import { FORM_CHARS_MAX } from '../masking/answered-forms.ts'
import type { JsonObject } from '../protocol/message.ts'
import type { Asked, CallRef, Session } from '../session/session.ts'
import { forgetForms, noteForms, toolOf } from './forms.ts'
import type { Gateway, Place } from './gateway.ts'

const CALL: CallRef = { id: '1', method: 'tools/call', target: 'write_to', era: 'modern' }

it('of forms that results ask for the newest are remembered, and none that is too long', () => {
  const forms = new Map<string, JsonObject>()
  const note = (name: string, requestedSchema: JsonObject) => {
    const request = { method: 'elicitation/create', params: { requestedSchema } }
    noteForms({ result: { inputRequests: { [name]: request } } }, CALL, { forms })
  }
  const titles = Array.from({ length: 18 }, (_, i) => `form ${i}`)
  for (const title of titles) note(title, { title })
  note('n'.repeat(FORM_CHARS_MAX), { title: 'of a long name' })
  note('long', { title: 't'.repeat(FORM_CHARS_MAX) })
  expect([...forms.values()]).toEqual(titles.slice(2).map((title) => ({ title })))
})

it('a client that answers nothing makes the gateway remember no more than some forms', () => {
  const one: Asked = {
    intent: entryIndex(1),
    method: 'elicitation/create',
    call: undefined,
    tool: 'write_to',
    form: { type: 'object' },
  }
  const asked: Session['asked'] = new Map()
  for (let i = 0; i < 256; i += 1) {
    asked.set(String(i), i % 2 === 0 ? one : { ...one, form: undefined })
    forgetForms(asked)
  }
  expect(asked.size).toBe(256)
  const remembered = [...asked].filter(([, { form }]) => form !== undefined).map(([id]) => id)
  expect(remembered).toEqual(Array.from({ length: 16 }, (_, i) => String(224 + 2 * i)))
})

it('a resource that is called like a task is none of its tool', () => {
  const gateway = { tasks: { ownerOf: () => ({ tool: 'write_to' }) } } as unknown as Gateway
  const place = { connection: { facts: { name: 'crm' } } } as unknown as Place
  const call = { id: '1', target: 'task-1', era: 'modern' } as const
  expect(toolOf({ ...call, method: 'resources/read' }, place, gateway)).toBeUndefined()
  expect(toolOf({ ...call, method: 'tasks/get' }, place, gateway)).toBe('write_to')
})
