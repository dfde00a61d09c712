// The thread that reads long texts. It knows no policy and no caller: texts come in, facts go out.
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../base/assert.ts'
import { readFacts } from '../facts/read-facts.ts'
import type { ReadOrder, ReadReport, ReadThreadData } from './read-messages.ts'
import { loadReader } from './readers.ts'

assert(parentPort !== null, 'long texts are read in a thread of their own')
await run(parentPort, workerData)

async function run(port: NonNullable<typeof parentPort>, { dialects }: ReadThreadData): Promise<void> {
  const report = (what: ReadReport): void => port.postMessage(what)
  const readers = new Map(
    await Promise.all(dialects.map(async (dialect) => [dialect, await loadReader(dialect)] as const)),
  )
  port.on('message', ({ toRead }: ReadOrder) => report({ kind: 'read', facts: readFacts(toRead, readers) }))
  report({ kind: 'ready' })
}
