// A server, or an agent that somebody talks to, that wants a value by a form which it was not asked for.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { goodHeaders, modern, post } from '../support/mcp-client.ts'
import {
  type Message,
  replyTo,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  textResult,
} from '../support/scripted-server.ts'

const EMAIL = 'erika.muster@example.com'
const form = (properties: Message): Message => ({
  message: 'To whom?',
  requestedSchema: { type: 'object', properties },
})
const asking = (properties: Message, key = 'to'): Message => ({
  resultType: 'input_required',
  inputRequests: { [key]: { method: 'elicitation/create', params: form(properties) } },
})
const FORM: Message = { email: { type: 'string' } }

let server: ScriptedServer
let gateway: Gateway
/** What the server answers to whatever is called or read. */
let answer: Message
beforeAll(async () => {
  server = await startScriptedServer(
    (received, response) =>
      ['tools/call', 'resources/read', 'prompts/get'].includes(received.method) &&
      sendJson(response, replyTo(received, answer)),
  )
  const upstream = { http: { url: server.url } }
  const restore = { why: 'tests', sinks: [{ tool: 'write_to', field: 'email' }] }
  gateway = await startGateway({ connections: { crm: { upstream, masking: { restore } } } })
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

async function ask(method: string, params: Message, person = 'alice') {
  const { body, headers } = modern(method, params)
  const where = { gateway, person }
  return post(gateway.url('crm'), body, { ...(await goodHeaders(where)), ...headers })
}

async function standOf(person = 'alice'): Promise<string> {
  answer = textResult(`mail ${EMAIL}`)
  const { text } = await ask('tools/call', { name: 'find', arguments: {} }, person)
  const stand = /sur_email_\w{18}/.exec(text)?.[0] ?? ''
  expect(stand).not.toBe('')
  return stand
}

const filled = (email: string, key = 'to') => ({ inputResponses: { [key]: { action: 'accept', content: { email } } } })
const write = (email: string, more: { name?: string; key?: string; person?: string } = {}) =>
  ask('tools/call', { name: more.name ?? 'write_to', arguments: {}, ...filled(email, more.key) }, more.person)

const got = () => JSON.stringify(server.received.map(({ message }) => message))

it('a form that was asked for gets the value', async () => {
  const stand = await standOf()
  answer = asking(FORM)
  await ask('tools/call', { name: 'write_to', arguments: {} })
  answer = textResult('done')
  await write(stand)
  expect(got()).toContain(EMAIL)
})

it('a form of which nobody asked, or that a prompt or a resource asked for, gets none', async () => {
  const stand = await standOf('bob')
  answer = textResult('done')
  await write(stand, { key: 'made up', person: 'bob' })
  answer = asking(FORM, 'read')
  await ask('resources/read', { uri: 'write_to' }, 'bob')
  await ask('prompts/get', { name: 'write_to' }, 'bob')
  await ask('tools/call', { name: 'other', arguments: {} }, 'bob')
  answer = textResult('done')
  await write(stand, { key: 'read', person: 'bob' })
  await write(stand, { key: 'read', person: 'bob', name: 'other' })
  expect(got()).not.toContain(EMAIL)
})

it('a form that became another one takes what the other takes', async () => {
  const stand = await standOf()
  answer = asking(FORM)
  await ask('tools/call', { name: 'write_to', arguments: {} })
  answer = asking({ email: { type: 'string', maxLength: 3 } })
  await ask('tools/call', { name: 'write_to', arguments: {} })
  server.forget()
  const { text: long } = await write(stand)
  answer = asking({ email: { type: 'string', pattern: '^x' } })
  await ask('tools/call', { name: 'write_to', arguments: {} })
  const { text: other } = await write(stand)
  answer = { ...asking(FORM), inputRequests: { to: { method: 'sampling/createMessage', params: form(FORM) } } }
  await ask('tools/call', { name: 'write_to', arguments: {} })
  const { text: none } = await write(stand)
  expect(got()).not.toContain(EMAIL)
  // Whoever asks learns nothing about the value: the words are the same.
  expect(new Set([long, other, none]).size).toBe(1)
})

it('the stand-in of somebody else gets nothing', async () => {
  const stand = await standOf('bob')
  answer = asking(FORM)
  await ask('tools/call', { name: 'write_to', arguments: {} })
  answer = textResult('done')
  await write(stand)
  expect(got()).not.toContain(EMAIL)
})
