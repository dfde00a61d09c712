// Stand-ins in calls that are tasks: what was hidden when the call ran is hidden whenever its client asks, and in the same way.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCustomers } from '../../examples/customers/server.ts'
import { idWaitingFor, vote } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { at, recordsOf } from '../support/records.ts'
import { ask, callAsTask, getTask, settled, type TaskClient } from '../support/tasks.ts'

const ALLOWED = { id: 'use', effect: 'allow', match: { connections: ['customers'] } }
const ASKS = {
  id: 'asks',
  effect: 'approve',
  match: { connections: ['customers'], tools: ['find_customer', 'update_customer'] },
  approval: { by: [{ group: 'dba' }] },
}

let customers: Awaited<ReturnType<typeof startCustomers>>
let gateway: Gateway
beforeAll(async () => {
  customers = await startCustomers({ port: 0, apiKey: undefined })
  const sinks = [{ tool: 'update_customer', argument: 'email' }]
  gateway = await startGateway({
    connections: {
      customers: {
        upstream: { http: { url: customers.url } },
        masking: { restore: { why: 'Support changes the customer it has found.', sinks } },
      },
    },
    policy: { version: 1, default: 'deny', groups: { dba: ['dba'] }, rules: [ALLOWED, ASKS] },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await customers?.close()
})

const client = (): TaskClient => ({ gateway, connection: 'customers' })

async function run(tool: string, args: Readonly<Record<string, unknown>>) {
  const { taskId } = await callAsTask(client(), tool, args)
  await vote(gateway, 'bob', await idWaitingFor(gateway, 'bob'), ['approve'])
  return settled(client(), taskId)
}

it('are in the result of a task, the same whenever it is asked for, and turn back in another task', async () => {
  await ask(client(), 'tools/list', {})
  const found = await run('find_customer', { text: 'a', limit: 1 })
  const again = [await getTask(client(), found['taskId']), await getTask(client(), found['taskId'])]
  expect(again).toEqual([found, found])
  const list = at(found, 'result', 'structuredContent', 'customers') as readonly { id: number; email: string }[]
  const { id = 0, email = '' } = list[0] ?? {}
  expect(email).toMatch(/^sur_email_/)
  const before = String(customers.database.run('SELECT email FROM customers WHERE id = ?', id).rows[0]?.['email'])
  const updated = await run('update_customer', { id, email })
  expect(updated).toMatchObject({ status: 'completed' })
  expect(at(updated, 'result', 'isError')).not.toBe(true)
  expect(customers.database.run('SELECT email FROM customers WHERE id = ?', id).rows[0]?.['email']).toBe(before)
  // What turned back is hidden in what comes of it, and stays so.
  for (const seen of [found, updated, await getTask(client(), updated['taskId'])])
    expect(JSON.stringify(seen)).not.toContain(before)
  expect(await getTask(client(), updated['taskId'])).toEqual(updated)
  expect(JSON.stringify(await recordsOf(gateway))).not.toContain(before)
})
