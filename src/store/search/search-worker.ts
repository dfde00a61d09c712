// The thread of the search index. It follows the log and answers questions; nothing that a call waits for is done here.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import { stringifyJson } from '../../base/json.ts'
import { answerJson, mistakesJson } from '../../search/answer-json.ts'
import { Authorised } from '../../search/authorise.ts'
import { parseQuery } from '../../search/parse.ts'
import { printQuery } from '../../search/print-query.ts'
import { removeIndex } from './catalog.ts'
import { LateKeys } from './late-keys.ts'
import { LiveIndex } from './live-index.ts'
import type { SearchQuestion, SearchReply, SearchThreadData, ThreadOrder, ThreadReport } from './search-messages.ts'

/** How soon what was recorded is in the index; a search reads what is not. */
const PAUSE_MS = 200

assert(parentPort !== null, 'the index has a thread of its own')
run(parentPort, workerData)

function run(port: MessagePort, { dataFolder, master, words }: SearchThreadData): void {
  const report = (what: ThreadReport): void => port.postMessage(what)
  const open = (): LiveIndex => new LiveIndex({ dataFolder, keys: new LateKeys(dataFolder, master), words })
  let index = open()
  let closed = false
  // One thing after the other: a batch and a question never see each other half done.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): void => {
    last = last.then(work, work)
  }
  const rebuild = (failure: unknown): void => {
    index[Symbol.dispose]()
    removeIndex(dataFolder)
    index = open()
    report({ kind: 'rebuilt', why: failure instanceof Error ? failure.message : 'unknown' })
  }
  const step = async (): Promise<void> => {
    if (closed) return
    const more = await index
      .step()
      .catch((failure: unknown) => (isDamage(failure) ? rebuild(failure) : Promise.reject(failure)))
    report({ kind: 'lag', ...index.lag })
    if (more === true) setImmediate(() => inTurn(step))
    else setTimeout(() => inTurn(step), PAUSE_MS)
  }
  port.on('message', (order: ThreadOrder) => {
    inTurn(async () => {
      if (order.kind === 'ask') report(await replyTo(order.id, order.question, index))
      else close()
    })
  })
  const close = (): void => {
    closed = true
    index[Symbol.dispose]()
    process.exit(0)
  }
  inTurn(step)
}

async function replyTo(id: number, question: SearchQuestion, index: LiveIndex): Promise<ThreadReport> {
  try {
    return { kind: 'reply', id, reply: await answer(question, index) }
  } catch {
    // The message of an error may quote what was searched; whoever asked is told that it failed, and nothing is left out silently.
    return { kind: 'failed', id }
  }
}

async function answer(question: SearchQuestion, index: LiveIndex): Promise<SearchReply> {
  const { text, moment, viewer, ...rest } = question
  const parsed = parseQuery(text, moment)
  if (parsed.kind === 'mistakes') return { kind: 'mistakes', json: stringifyJson(mistakesJson(parsed.mistakes)) }
  const { query } = parsed
  const found = await index.answer({ ...rest, authorised: Authorised.of(query, viewer) })
  const json = stringifyJson(answerJson(found, { query, zone: moment.zone }))
  return { kind: 'answer', query: printQuery(query), hits: found.hits.length, json }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, or values that we never wrote: nothing that trying again would mend. */
function isDamage(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false
  const { cause } = failure
  const code =
    'errcode' in failure ? failure.errcode : cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined
  return code === 11 || code === 26 || code === 1 || failure.message.startsWith('A database is damaged')
}
