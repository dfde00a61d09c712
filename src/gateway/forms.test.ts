import { expect, it } from 'vitest'
import { FORM_CHARS_MAX } from '../masking/answered-forms.ts'
import type { JsonObject } from '../protocol/message.ts'
import type { CallRef } from '../session/session.ts'
import { noteForms } from './forms.ts'

const CALL: CallRef = { id: '1', method: 'tools/call', target: 'write_to', era: 'modern' }

it('of forms that results ask for the newest are remembered, and none that is too long', () => {
  const forms = new Map<string, JsonObject>()
  const note = (name: string, requestedSchema: JsonObject) => {
    const request = { method: 'elicitation/create', params: { requestedSchema } }
    noteForms({ result: { inputRequests: { [name]: request } } }, CALL, { forms }, 2)
  }
  for (const title of ['first', 'second', 'third']) note(title, { title })
  note('n'.repeat(FORM_CHARS_MAX), { title: 'of a long name' })
  note('long', { title: 't'.repeat(FORM_CHARS_MAX) })
  expect([...forms.values()]).toEqual([{ title: 'second' }, { title: 'third' }])
})
