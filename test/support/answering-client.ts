import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Gateway } from './gateway.ts'

interface Answers {
  readonly client: Client
  readonly asked: unknown[]
}

/** A client of the SDK that answers what servers ask. */
export async function openAnswering({
  gateway,
  connection,
  name = 'made-up name',
}: {
  readonly gateway: Gateway
  readonly connection: string
  readonly name?: string
}): Promise<Answers> {
  const asked: unknown[] = []
  const client = new Client({ name: 'answering', version: '1' }, { capabilities: { sampling: {}, elicitation: {} } })
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    asked.push(params)
    return { model: 'made-up', role: 'assistant', content: { type: 'text', text: 'said by the made-up model' } }
  })
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params)
    return { action: 'accept', content: { name } }
  })
  const headers = { authorization: `Bearer ${await gateway.token('alice')}` }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url(connection)), { requestInit: { headers } }),
  )
  return { client, asked }
}
