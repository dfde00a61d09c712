import { setTimeout as sleep } from 'node:timers/promises'
import { clock } from '../../base/clock.ts'
import { type JsonObject, stringifyJson } from '../../base/json.ts'
import { EXIT, type ExitCode, printError, printLine } from '../out.ts'
import { type ApprovalsClient, approvalsIn } from './client.ts'
import { listLine } from './print.ts'

const WATCH_EVERY_MS = 2_000

/**
 * Tells of what comes in to decide about, and what becomes of it, until Ctrl-C. A gateway that is away for a while comes back;
 * who is not known to it any more has to log in again.
 */
export async function watch(client: ApprovalsClient, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const say = (one: JsonObject): void => printLine(json ? stringifyJson(one) : listLine(one, clock.nowMs()))
  let waiting: ReadonlySet<string> = new Set()
  let isAway = false
  while (!stopped.signal.aborted) {
    const now = await changes(client, waiting, say)
    if (now === undefined && !isAway) printError('No gateway answers at the moment; it is asked again.')
    if (now !== undefined && isAway) printError('The gateway answers again.')
    isAway = now === undefined
    waiting = now ?? waiting
    await sleep(WATCH_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
  }
  return EXIT.fine
}

/** Says what is new since `before`, and returns what waits now; undefined where no gateway answers. */
async function changes(
  client: ApprovalsClient,
  before: ReadonlySet<string>,
  say: (one: JsonObject) => void,
): Promise<ReadonlySet<string> | undefined> {
  const reply = await client.tryGet('?state=pending&of=decide')
  if (reply === undefined) return undefined
  const now = new Set<string>()
  for (const one of approvalsIn(reply)) {
    const { id } = one
    if (typeof id !== 'string') continue
    now.add(id)
    if (!before.has(id)) say(one)
  }
  for (const id of before) {
    const ended = now.has(id) ? undefined : await client.tryGet(`/${id}`)
    // Whoever has left the group does not see it any more.
    if (ended?.status === 200) say(ended.body)
  }
  return now
}
