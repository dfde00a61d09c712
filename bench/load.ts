// The load, in a process of its own: opens the sessions, warms up, measures one window, prints one line of JSON, ends.
// Usage: node bench/load.ts '{"url", "token", "pid", "concurrent", "seconds", "perSecond"}'
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { McpConnection } from './mcp-connection.ts'
import { cpuMsOf } from './process-cost.ts'

export interface LoadOrder {
  readonly url: string
  readonly token?: string | undefined
  /** Process whose CPU time is read at both ends of the window. */
  readonly pid: number
  readonly concurrent: number
  readonly seconds: number
  /** Open loop: so many calls begin per second, whether or not earlier ones are done. Absent: closed loop. */
  readonly perSecond?: number
}

export interface LoadResult {
  readonly calls: number
  readonly callsPerS: number
  readonly cpuMsPerCall: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Before the window: compilers and pools get warm. */
const WARM_UP_S = 1
/** An open loop that falls this far behind measures its own queue; the run is worthless. */
const QUEUE_MAX = 1000

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
process.stdout.write(`${JSON.stringify({ event: 'ready', ...(await measure(order)) })}\n`)

async function measure({ url, token, pid, concurrent, seconds, perSecond }: LoadOrder): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: concurrent }, () => McpConnection.open(url, token)))
  const latencies = createHistogram()
  const record = (us: number) => latencies.record(Math.max(1, Math.round(us)))
  const drive = perSecond === undefined ? closedLoop : openLoop(perSecond)

  await drive(connections, WARM_UP_S, () => {})
  const cpuBefore = cpuMsOf(pid)
  const began = performance.now()
  await drive(connections, seconds, record)
  const took = performance.now() - began
  const cpuMs = cpuMsOf(pid) - cpuBefore

  await Promise.all(connections.map((connection) => connection.close()))
  return {
    calls: latencies.count,
    callsPerS: latencies.count / (took / 1000),
    cpuMsPerCall: cpuMs / latencies.count,
    p50Ms: latencies.percentile(50) / 1000,
    p99Ms: latencies.percentile(99) / 1000,
  }
}

type Drive = (connections: McpConnection[], seconds: number, record: (us: number) => void) => Promise<void>

/** Each connection calls again as soon as it has its answer: measures throughput, not latency. */
async function closedLoop(connections: McpConnection[], seconds: number, record: (us: number) => void): Promise<void> {
  const until = performance.now() + seconds * 1000
  await Promise.all(
    connections.map(async (connection, at) => {
      for (let n = 0; performance.now() < until; n++) {
        const began = performance.now()
        await connection.call(`w${at}n${n}`)
        record((performance.now() - began) * 1000)
      }
    }),
  )
}

/** Calls begin at fixed times; a call that finds no free connection waits, and its waiting counts. */
function openLoop(perSecond: number): Drive {
  return async (connections, seconds, record) => {
    const free = [...connections]
    const waiting: number[] = []
    const runs: Promise<void>[] = []
    const run = async (connection: McpConnection): Promise<void> => {
      for (let began = waiting.shift(); began !== undefined; began = waiting.shift()) {
        await connection.call(`at${Math.round(began)}`)
        record((performance.now() - began) * 1000)
      }
      free.push(connection)
    }

    const began = performance.now()
    const total = Math.round(perSecond * seconds)
    for (let due = 0; due < total; await sleep(1)) {
      const now = performance.now()
      for (; due < Math.min(((now - began) / 1000) * perSecond, total); due++) waiting.push(now)
      for (let connection = take(free, waiting); connection !== undefined; connection = take(free, waiting))
        runs.push(run(connection))
      if (waiting.length > QUEUE_MAX) throw new Error(`${perSecond} calls per second is more than it can do`)
    }
    await Promise.all(runs)
  }
}

/** A free connection, if there is one and something to do for it. */
function take(free: McpConnection[], waiting: readonly number[]): McpConnection | undefined {
  return waiting.length > 0 ? free.pop() : undefined
}
