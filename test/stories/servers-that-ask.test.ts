// Servers that ask the user or the model of a client, through the gateway: questions and answers are on record, and what must not
// go to a server does not.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAnswering } from '../support/answering-client.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { type Program, root, startProgram } from '../support/process.ts'
import { at, recordsOf } from '../support/records.ts'

let gateway: Gateway
let everything: Program
beforeAll(async () => {
  everything = await startProgram({ args: ['test/support/everything.ts'] })
  const stdio = {
    command: process.execPath,
    args: [join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
  }
  gateway = await startGateway({
    connections: {
      everything: { upstream: { http: { url: String(everything.ready['url']) } } },
      'everything-stdio': { upstream: { stdio } },
      guarded: { upstream: { http: { url: String(everything.ready['url']) } } },
    },
    policy: {
      version: 1,
      default: 'deny',
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        {
          id: 'no-addresses',
          effect: 'mask',
          match: { connections: ['guarded'] },
          mask: [{ entities: ['email'], in: ['arguments'], with: 'block' }],
        },
      ],
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await everything?.stop()
})

describe.each(['everything', 'everything-stdio'])('%s, a server that asks its client,', (connection) => {
  it('gets the model to speak, and both the question and the answer are on record', async () => {
    const { client, asked } = await openAnswering({ gateway, connection })
    const result = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'what is made-up?', maxTokens: 10 },
    })
    await client.close()
    expect(asked).toHaveLength(1)
    expect(JSON.stringify(result)).toContain('said by the made-up model')
    await expectAskedOnRecord('sampling/createMessage', 'what is made-up?', 'said by the made-up model')
  })

  it('gets the user to answer a form, and both are on record', async () => {
    const { client, asked } = await openAnswering({ gateway, connection })
    const result = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} })
    await client.close()
    expect(asked).toHaveLength(1)
    expect(JSON.stringify(result)).toContain('made-up name')
    await expectAskedOnRecord('elicitation/create', 'requestedSchema', 'made-up name')
  })
})

it('a server that asks for what must not go to it is told so at once, and does not wait', async () => {
  const { client } = await openAnswering({ gateway, connection: 'guarded', name: 'joe@example.com' })
  const result = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} })
  await client.close()
  expect(JSON.stringify(result)).toContain('The answer holds what must not go to this server. It was held back.')
  expect(JSON.stringify(result)).not.toContain('joe@example.com')
  const records = await recordsOf(gateway)
  const held = records.findLast((record) => record['kind'] === 'refused' && at(record, 'mcp', 'method') === '(answer)')
  expect(held).toMatchObject({ decision: { by: 'masking', rule: 'masking' } })
  const intent = records.findLast(
    (record) => record['kind'] === 'intent' && at(record, 'mcp', 'method') === 'elicitation/create',
  )
  const outcome = records.find((record) => record['kind'] === 'outcome' && record['of'] === intent?.['seq'])
  expect(outcome).toMatchObject({ outcome: { status: 'upstream_error' } })
  expect(at(outcome, 'body', 'res', 'text')).toContain('It was held back.')
})

/** The question is an intent towards the client, the answer its outcome, and that stands before the reply of the call. */
async function expectAskedOnRecord(method: string, question: string, answer: string): Promise<void> {
  const records = await recordsOf(gateway)
  const intent = records.findLast((record) => record['kind'] === 'intent' && at(record, 'mcp', 'method') === method)
  expect(intent).toMatchObject({ dir: 's2c', decision: { effect: 'allow' } })
  expect(at(intent, 'body', 'req', 'text')).toContain(question)
  const outcome = records.find((record) => record['kind'] === 'outcome' && record['of'] === intent?.['seq'])
  expect(outcome).toMatchObject({ outcome: { status: 'ok' }, actor: { sub: 'alice' } })
  expect(at(outcome, 'body', 'res', 'text')).toContain(answer)
}
