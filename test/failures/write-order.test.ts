// What the kernel is asked for, and in which order: the bytes of a record are written and synced before a byte of its call goes to
// the server, or a byte of its reply to the client. kill -9 cannot show that, since what was written and not synced survives it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { goodHeaders, modern } from '../support/mcp-client.ts'
import { replyTo, type ScriptedServer, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import { INSTALL_MS, needPackages, runs } from '../support/system-package.ts'

const CALLS = Number(process.env['SALLYPORT_CALLS'] ?? 200)
const CLIENTS = 8
const SYSTEM_CALLS = 'pwrite64,pwritev,fdatasync,fsync,write,writev,sendto,sendmsg'
/** Longer than any batch of records here. */
const SHOWN_BYTES = 1_000_000

let gateway: Gateway
let server: ScriptedServer
let watcher: ChildProcess
let trace: string
beforeAll(() => needPackages(() => runs('strace', ['-V']), ['strace']), INSTALL_MS)
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    const key = /sent-(\d+)/.exec(received.body)?.[1]
    if (key === undefined || received.method !== 'tools/call') return false
    sendJson(response, replyTo(received, textResult(`came-${key}`)))
    return true
  })
  gateway = await startGateway({ connections: { db: { upstream: { http: { url: server.url } } } } })
  trace = join(gateway.folder, 'system-calls')
  watcher = await watch(gateway.process().pid)
})
afterAll(async () => {
  watcher?.kill()
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

it('a record is written, then synced, and only then its call goes out, or its reply', async () => {
  const headers = await goodHeaders({ gateway })
  const calls = Array.from({ length: CALLS }, (_, i) => i)
  const callAll = async (): Promise<void> => {
    for (let i = calls.pop(); i !== undefined; i = calls.pop()) {
      const call = modern('tools/call', { name: 'query', arguments: { sql: `sent-${i}` } })
      const answer = await fetch(gateway.url('db'), {
        method: 'POST',
        body: call.body,
        headers: { ...headers, ...call.headers },
      })
      expect(await answer.text()).toContain(`came-${i}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, callAll))
  expect(watcher.exitCode ?? watcher.signalCode).toBeNull()
  watcher.kill('SIGINT')
  await once(watcher, 'exit')
  const { early, sent } = await orderIn(trace)
  expect(early).toEqual([])
  // Every call and every reply was seen on its way, or the trace would prove nothing.
  expect(sent.size).toBe(2 * CALLS)
})

/** Follows all threads of a process; resolves when it does. What it says is read to its end: it dies of a pipe that nobody reads. */
async function watch(pid: number): Promise<ChildProcess> {
  const args = ['-f', '-y', '-p', String(pid), '-s', String(SHOWN_BYTES), '-e', `trace=${SYSTEM_CALLS}`, '-o', trace]
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (text) => {
      said += String(text)
      if (said.includes('attached')) resolve()
    })
    strace.once('exit', () =>
      reject(new Error(`strace could not follow the gateway; it must be allowed to (ptrace): ${said}`)),
    )
  })
  return strace
}

interface Asked {
  readonly name: string
  readonly marks: readonly string[]
  /** Marks that were written before: a sync makes these durable, and none that is written while it runs. */
  readonly before: readonly string[]
}

/** What was durable when something went out. */
class Order {
  /** What went out before it was durable. */
  readonly early: string[] = []
  readonly sent = new Set<string>()
  readonly #written = new Set<string>()
  readonly #durable = new Set<string>()
  readonly #running = new Map<string, Asked>()

  /** A call that another interrupts stands in two lines. */
  read(line: string): void {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const result = / = (\S+)(?: \(.*\))?$/.exec(rest)?.[1]
    if (rest.startsWith('<... ')) this.#end(this.#running.get(pid), result)
    else if (/^(?:write|writev|sendto|sendmsg)\(/.test(rest)) this.#send(marksIn(rest))
    else if (/^\w+\(\d+<[^>]*\.seg>/.test(rest)) this.#begin(pid, rest, result)
  }

  #send(marks: readonly string[]): void {
    for (const mark of marks) {
      this.sent.add(mark)
      if (!this.#durable.has(mark)) this.early.push(mark)
    }
  }

  #begin(pid: string, call: string, result: string | undefined): void {
    const asked = { name: call.slice(0, call.indexOf('(')), marks: marksIn(call), before: [...this.#written] }
    if (call.endsWith('<unfinished ...>')) this.#running.set(pid, asked)
    else this.#end(asked, result)
  }

  #end(asked: Asked | undefined, result: string | undefined): void {
    if (asked === undefined) return
    if (asked.name.startsWith('pwrite')) for (const mark of asked.marks) this.#written.add(mark)
    else if (result === '0') for (const mark of asked.before) this.#durable.add(mark)
  }
}

function marksIn(call: string): readonly string[] {
  return call.match(/(?:sent|came)-\d+/g) ?? []
}

async function orderIn(file: string): Promise<Order> {
  const order = new Order()
  for await (const line of createInterface({ input: createReadStream(file) })) order.read(line)
  return order
}
