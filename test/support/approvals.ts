// Calls that wait for people: a gateway with a rule that wants approval, and people who decide over the API.
import type { Gateway } from './gateway.ts'
import { isRecord } from './process.ts'
import type { Message } from './scripted-server.ts'

export interface ApiReply {
  readonly status: number
  readonly body: Message
}

/** Asks the API for something as somebody. */
export async function askApi(gateway: Gateway, person: string, path: string, body?: unknown): Promise<ApiReply> {
  const response = await fetch(`${gateway.base()}/api/v1/approvals${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await gateway.token(person)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const read: unknown = await response.json()
  if (!isRecord(read)) throw new Error('the API did not answer with an object')
  return { status: response.status, body: read }
}

/** What somebody finds waiting. */
export async function waitingFor(gateway: Gateway, person: string): Promise<readonly Message[]> {
  const { body } = await askApi(gateway, person, '')
  const list: unknown = body['approvals']
  if (!Array.isArray(list)) throw new Error('the API listed no approvals')
  return list.filter(isRecord)
}

/** The id of the one approval that waits for somebody, once it does. */
export async function idWaitingFor(gateway: Gateway, person: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [first] = await waitingFor(gateway, person)
    if (typeof first?.['id'] === 'string') return first['id']
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error('nothing waits for approval')
}

const TRIES = 200
const PAUSE_MS = 50

export const vote = (
  gateway: Gateway,
  person: string,
  id: string,
  [verdict, reason]: readonly [verdict: string, reason?: string],
): Promise<ApiReply> => askApi(gateway, person, `/${id}/vote`, { verdict, reason })
