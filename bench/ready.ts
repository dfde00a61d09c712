// Programs of the benchmark stand on loopback and say where, in one line of JSON.
import type { Server } from 'node:http'

/** Listens on a free loopback port, prints `{"event":"ready","url"}`, and ends with the process that started it. */
export function listen(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('not a TCP port')
    process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${address.port}` })}\n`)
  })
  process.once('SIGTERM', () => process.exit(0))
}

/** Longer than any pause between two rounds: connecting is not what is measured. */
const KEEP_ALIVE_MS = 120_000
