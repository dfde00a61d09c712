// What `npm start` runs, as the person sees it who tries it.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { portOf } from '../support/issuer.ts'
import { initialize } from '../support/mcp-client.ts'
import { at } from '../support/records.ts'
import { startProgram } from '../support/process.ts'
import type { Program } from '../support/process.ts'
import { isAlive } from '../support/stdio-upstream.ts'

/** What a person takes for "at once", with room for a machine that is busy with other tests. */
const END_MS = 4000

let folder: string
let demo: Program
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  const [port, idpPort] = [await freePort(), await freePort()]
  const args = ['src/cli/main.ts', 'demo', '--json', '--folder', folder, '--port', port, '--idp-port', idpPort]
  demo = await startProgram({ args, isReady: (line) => line['event'] === 'ready' })
})
afterAll(async () => {
  await demo?.kill()
  await rm(folder, { recursive: true, force: true })
})

it('serves each of its connections to the people it names', async () => {
  const connections = at(demo.ready, 'connections')
  const names = Array.isArray(connections) ? connections.map((one) => at(one, 'name')) : []
  expect(names).toEqual(['customers', 'everything', 'files'])
  for (const name of names) expect((await open(String(name))).status).toBe(200)
})

it('ends at Ctrl-C though a server is busy, and leaves no process behind', async () => {
  const session = await open('everything')
  const id = session.headers.get('mcp-session-id') ?? ''
  const busy = { name: 'trigger-long-running-operation', arguments: { duration: 60, steps: 300 } }
  const params = { ...busy, _meta: { progressToken: 'x' } }
  const running = await send('everything', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, id)
  // The first progress: the server is at work.
  await running.body?.getReader().read()
  const children = childrenOf(demo.pid)
  expect(children.length).toBeGreaterThanOrEqual(2)

  const began = Date.now()
  demo.process.kill('SIGINT')
  await once(demo.process, 'exit')
  expect(Date.now() - began).toBeLessThan(END_MS)
  expect(demo.process.exitCode).toBe(0)
  expect(children.filter(isAlive)).toEqual([])
})

function open(connection: string): Promise<Response> {
  return send(connection, initialize())
}

function send(connection: string, message: unknown, session?: string): Promise<Response> {
  const people = at(demo.ready, 'people')
  const alice = Array.isArray(people) ? people.find((person) => at(person, 'id') === 'alice') : undefined
  const headers = {
    authorization: `Bearer ${String(at(alice, 'token'))}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  }
  const url = `${String(at(demo.ready, 'url'))}/mcp/${connection}`
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(message) })
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  server.close()
  await once(server, 'close')
  return String(port)
}

function childrenOf(pid: number): number[] {
  const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return pids.trim().split(/\s+/).map(Number)
}
