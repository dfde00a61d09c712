// Forms that servers ask people to fill in (elicitation). What they ask for is remembered, so that the answer can be checked,
// and so that a stand-in in it turns back where the connection says so: legacy until it is answered, modern the newest of a
// session, since a call that answers may be sent again.
import { isObject, type JsonObject, stringifyJson } from '../base/json.ts'
import { type AnsweredForm, FORM_CHARS_MAX } from '../masking/answered-forms.ts'
import type { ClientRequest, Passage, ServerReply } from '../protocol/message.ts'
import type { CallRef, Session } from '../session/session.ts'
import type { Stream } from './carry-events.ts'
import type { Gateway, Place } from './gateway.ts'

/** What a request for input wants filled in, as the client sees it; undefined where it is no form, or one that is too long. */
export function formOf(params: JsonObject): JsonObject | undefined {
  const { requestedSchema } = params
  if (!isObject(requestedSchema)) return undefined
  return stringifyJson(requestedSchema).length > FORM_CHARS_MAX ? undefined : requestedSchema
}

/**
 * The call that a request of the server belongs to: that of its stream. On the stream of a session it is of the one call that
 * runs; where several do, nobody can tell.
 */
export function askingCall({ sent }: Stream, { callsRunning }: Session): CallRef | undefined {
  if (sent !== undefined) return sent.call
  const [only] = callsRunning
  return callsRunning.size === 1 ? only : undefined
}

/** The tool that is called, or that made the task which is asked for. */
export function toolOf({ method, target }: CallRef, { connection }: Place, { tasks }: Gateway): string | undefined {
  if (method === 'tools/call') return target
  // The target of another method may be called like a task.
  return target === undefined || !isOfTask(method) ? undefined : tasks.ownerOf(connection.facts.name, target)?.tool
}

function isOfTask(method: string): boolean {
  return method.startsWith('tasks/')
}

/** Of so many forms of a session somebody has the answers at hand; each may be long. */
const FORMS_MAX = 16

/** Forgets the forms of older questions, which then turn nothing back; the questions stay. */
export function forgetForms(asked: Session['asked']): void {
  const withForm = [...asked].filter(([, { form }]) => form !== undefined)
  for (const [id, one] of withForm.slice(0, -FORMS_MAX)) asked.set(id, { ...one, form: undefined })
}

/** Remembers the forms of a result that asks for input (2026-07-28, multi round-trip requests). */
export function noteForms(
  { result }: Pick<ServerReply, 'result'>,
  call: CallRef,
  { forms }: Pick<Session, 'forms'>,
): void {
  const requests = result?.['inputRequests']
  if (!isObject(requests)) return
  for (const [key, request] of Object.entries(requests)) {
    const name = nameOf(call, key)
    // A key that asks for something else now is no form any more.
    forms.delete(name)
    const params = isObject(request) && request['method'] === 'elicitation/create' ? request['params'] : undefined
    const form = isObject(params) ? formOf(params) : undefined
    if (form !== undefined && name.length <= FORM_CHARS_MAX) forms.set(name, form)
  }
  for (const oldest of forms.keys()) if (forms.size > FORMS_MAX) forms.delete(oldest)
}

/** The forms that a message answers, as far as they are known. */
export function answeredForms(passage: Passage, { asked, forms }: Session): readonly AnsweredForm[] {
  if (passage.kind === 'answer') {
    const form = asked.get(passage.id)?.form
    return form === undefined ? NONE : [{ at: ['result', 'content'], schema: form }]
  }
  return passage.kind === 'request' && forms.size > 0 ? inputForms(passage, forms) : NONE
}

const NONE: readonly AnsweredForm[] = []

function inputForms(call: ClientRequest, forms: ReadonlyMap<string, JsonObject>): readonly AnsweredForm[] {
  const responses = call.era === 'modern' ? call.params['inputResponses'] : undefined
  if (!isObject(responses)) return NONE
  return Object.keys(responses).flatMap((key) => {
    const schema = forms.get(nameOf(call, key))
    return schema === undefined ? [] : [{ at: ['params', 'inputResponses', key, 'content'], schema }]
  })
}

/** A retry has the same method and target, and a task the id by which it is asked for and told. */
function nameOf({ method, target }: CallRef, key: string): string {
  return `${isOfTask(method) ? 'tasks' : method}\0${target ?? ''}\0${key}`
}
