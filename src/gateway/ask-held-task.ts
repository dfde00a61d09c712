import type { HeldTask } from '../approval/held-task.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { SECOND_MS } from '../base/units.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { mask, Unmasked } from '../masking/masked.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { toolRefusal } from '../protocol/errors.ts'
import { readClientMessage } from '../protocol/read-client.ts'
import {
  answerIn,
  failed,
  messageIn,
  type TaskAnswer,
  taskAcknowledged,
  taskState,
  withoutTasks,
} from '../protocol/tasks-extension.ts'
import { requesterOf } from './approval-ask.ts'
import { lostText } from './approval-texts.ts'
import { carry } from './carry.ts'
import { asFailure } from './fail.ts'
import type { Gateway, Place } from './gateway.ts'
import { inputKept, inputTo, requestsIn } from './held-input.ts'
import { headersOfCall } from './held-tasks.ts'
import { seenBy } from './hold-as-task.ts'
import { judge, type Judged } from './judge.ts'
import { ownToolOf } from './records.ts'
import { refuse } from './refuse.ts'
import { sayFailure } from './reply.ts'
import { release } from './release.ts'
import { TaskExchange } from './task-exchange.ts'

/**
 * Answers tasks/get, tasks/update and tasks/cancel of a call that waits for approval. A task has no life of its own: its call
 * runs when its client comes for it, as the caller that it is then and by the policy of then, in the way of every other call.
 */
export async function askHeldTask(call: ClientRequest, task: HeldTask, place: Place, gateway: Gateway): Promise<void> {
  const judged = judge(call, place, gateway)
  if (judged.decision.kind === 'deny') return refuse(call, judged, place, gateway)
  const asking: Asking = { call, judged: { ...judged, approval: task.approval } }
  if (call.method === 'tasks/update') return update(task, asking, place, gateway)
  if (call.method === 'tasks/cancel') return cancel(task, asking, place, gateway)
  return get(task, asking, place, gateway)
}

interface Asking {
  readonly call: ClientRequest
  readonly judged: Judged
}

/** A quick call is done when its client is told of it. */
const MOMENT_MS = SECOND_MS

async function get(held: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks } = gateway.approvals
  if (mayGoOn(held, gateway)) start(held, place, gateway)
  if (tasks.isLost(held)) tasks.settle(held, LOST)
  const running = tasks.running(held.id)
  if (running !== undefined) await aMoment(running.done)
  const settled = tasks.of(place, held.id) ?? held
  const now = goesOnByItself(settled, gateway) ? (tasks.of(place, held.id) ?? held) : settled
  const seen = seenBy(now, place, gateway)
  const answer = answerOf(now, gateway)
  const task = { ...seen, status: answer?.status ?? seen.status, message: messageOf(answer) ?? seen.message }
  await tell(taskState(asking.call.id, task, answer?.value), asking, place, gateway)
}

/** SEP-2663, Task Execution Errors: why it failed is for people too. */
function messageOf(answer: TaskAnswer | undefined): string | undefined {
  return answer?.status === 'failed' ? messageIn(answer.value) : undefined
}

/** What it came to, as its client sees it; undefined while it came to nothing. */
function answerOf(task: HeldTask, { approvals: { tasks } }: Gateway): TaskAnswer | undefined {
  const { status, round } = task
  if (status !== 'completed' && status !== 'failed' && status !== 'input_required') return undefined
  const kept = tasks.answer(task)
  if (kept === undefined) return failed('What came of this task cannot be read any more. Its call may have run.')
  return { status, value: status === 'input_required' ? requestsIn(kept, round) : kept }
}

/** As what others are told whose call may have run. */
const LOST = answerIn(toolRefusal('0', 'modern', lostText()), 200)

/** Whether something is to be done: not while people are asked, nor while it is done already. */
function mayGoOn({ id, status, approval }: HeldTask, { approvals: { tasks, desk } }: Gateway): boolean {
  if (status !== 'working' || tasks.isBusy(id)) return false
  return approval === undefined || desk.get(approval)?.state !== 'pending'
}

async function aMoment(done: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, MOMENT_MS)
  await Promise.race([done, promise])
  clearTimeout(timer)
}

/** Sends the call on its way as if its client had come back with it. */
function start(task: HeldTask, place: Place, gateway: Gateway): void {
  const { tasks } = gateway.approvals
  const kept = tasks.call(task)
  const call = kept && readClientMessage(withoutTasks(kept.bytes), kept.headers, gateway.limits.body)
  if (kept === undefined || call?.kind !== 'request')
    return tasks.settle(task, failed('This task cannot be read any more. Nothing was sent to the server; call again.'))
  const exchange = new TaskExchange(({ status, value }) =>
    tasks.settle(task, { status, value: status === 'input_required' ? inputKept(value) : value }),
  )
  const headers = headersOfCall(place.headers, kept.headers)
  const at = { ...place, exchange, task: task.id, headers, since: gateway.now.mono() }
  const done = runTask(call, { heldOn: task.approval, round: 0 }, at, gateway)
  tasks.run(task.id, { exchange, done })
}

async function runTask(
  call: ClientRequest,
  held: Parameters<typeof carry>[3],
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const { session, exchange } = place
  session.streams += 1
  try {
    await carry(call, place, gateway, held)
  } catch (failure) {
    sayFailure(exchange, asFailure(failure, place, gateway), call.id, place.headers)
  } finally {
    session.streams -= 1
    session.seenMs = gateway.now.ms()
  }
}

/**
 * A server may want nothing but to be asked again, with the state that it gave (2026-07-28, multi round-trip requests). No client
 * answers what is not asked, so the task goes on when it is asked for next.
 */
function goesOnByItself(task: HeldTask, gateway: Gateway): boolean {
  const given = inputOf(task, NOTHING_GIVEN, gateway)
  return given?.input.kind === 'all' && gateway.approvals.tasks.goOn(task, given.input.call, given.headers)
}

const NOTHING_GIVEN = encodeUtf8('{}')

/** What an update makes of the call of a task; undefined where the server asked for nothing. */
function inputOf(task: HeldTask, given: Uint8Array, { approvals: { tasks } }: Gateway) {
  const kept = task.status === 'input_required' ? tasks.answer(task) : undefined
  const before = kept === undefined ? undefined : tasks.call(task)
  if (kept === undefined || before === undefined) return undefined
  return { input: inputTo({ kept, round: task.round, call: before.bytes }, given), headers: before.headers }
}

async function update(task: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks } = gateway.approvals
  const { input, headers = {} } = inputOf(task, asking.call.bytes, gateway) ?? {}
  if (input?.kind === 'some') tasks.keepInput(task, input.kept)
  else if (input !== undefined && tasks.goOn(task, input.call, headers))
    start({ ...task, status: 'working', approval: undefined }, place, gateway)
  await tell(taskAcknowledged(asking.call.id), asking, place, gateway)
}

async function cancel(task: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks, desk } = gateway.approvals
  if (tasks.cancel(task)) {
    tasks.running(task.id)?.exchange.drop()
    const approval = task.approval === undefined ? undefined : desk.get(task.approval)
    // Others may wait for the same approval, or use what was approved for longer than one call, and they still want it.
    const isItsOwn = approval !== undefined && (approval.scope === 'once' || approval.state === 'pending')
    if (isItsOwn && !tasks.isShared(task)) await desk.cancel(approval.id, requesterOf(place, gateway))
  }
  await tell(taskAcknowledged(asking.call.id), asking, place, gateway)
}

/** That it was asked for is on record; what it came to is so already, as the outcome of its call. */
async function tell(reply: Uint8Array, { call, judged }: Asking, place: Place, gateway: Gateway): Promise<void> {
  const body = mask(new Unmasked(reply), judged.masking.results)
  const proof = await gateway.audit.append(ownToolOf(call, judged, { place, gateway }))
  await release(body, proof, place.exchange, { status: 200, headers: [...JSON_TYPE, ...corsHeaders(place.headers)] })
}

const JSON_TYPE = ['Content-Type', 'application/json']
