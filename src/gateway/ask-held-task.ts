import type { HeldTask } from '../approval/held-task.ts'
import { SECOND_MS } from '../base/units.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { mask, Unmasked } from '../masking/masked.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { handlingOf } from '../protocol/methods.ts'
import { readClientMessage } from '../protocol/read-client.ts'
import { failed, taskAcknowledged, taskState } from '../protocol/tasks-extension.ts'
import { requesterOf } from './approval-ask.ts'
import { carry } from './carry.ts'
import { asFailure } from './fail.ts'
import type { Gateway, Place } from './gateway.ts'
import { inputKept, inputTo, requestsIn } from './held-input.ts'
import { seenBy } from './hold-as-task.ts'
import { judge, type Judged } from './judge.ts'
import { ownToolOf } from './records.ts'
import { refuse } from './refuse.ts'
import { sayFailure } from './reply.ts'
import { release } from './release.ts'
import { TaskExchange } from './task-exchange.ts'

/** The task of the gateway's own that a request asks for; undefined for every other request, and for other people's tasks. */
export function heldTaskOf(call: ClientRequest, place: Place, gateway: Gateway): HeldTask | undefined {
  if (call.era !== 'modern' || handlingOf(call.method).by !== 'task' || call.target === undefined) return undefined
  return gateway.approvals.tasks.of(place, call.target)
}

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

async function get(task: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks } = gateway.approvals
  if (mayGoOn(task, gateway)) start(task, place, gateway)
  const running = tasks.running(task.id)
  if (running !== undefined) await aMoment(running.done)
  const now = tasks.of(place, task.id) ?? task
  const kept = tasks.answer(now)
  const answer = now.status === 'input_required' && kept !== undefined ? requestsIn(kept, now.round) : kept
  await tell(taskState(asking.call.id, seenBy(now, place, gateway), answer), asking, place, gateway)
}

/** Whether something is to be done: not while people are asked, nor while it is done already. */
function mayGoOn({ id, status, approval }: HeldTask, { approvals: { tasks, desk } }: Gateway): boolean {
  if (status !== 'working' || tasks.running(id) !== undefined) return false
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
  const call = kept && readClientMessage(kept.bytes, kept.headers, gateway.limits.body)
  if (kept === undefined || call?.kind !== 'request')
    return tasks.settle(task, failed('This task cannot be read any more. Nothing was sent to the server; call again.'))
  const exchange = new TaskExchange(({ status, value }) =>
    tasks.settle(task, { status, value: status === 'input_required' ? inputKept(value) : value }),
  )
  const { origin: _, ...rest } = place.headers
  const at = { ...place, exchange, task: task.id, headers: { ...rest, ...kept.headers }, since: gateway.now.mono() }
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

async function update(task: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks } = gateway.approvals
  const kept = task.status === 'input_required' ? tasks.answer(task) : undefined
  const before = kept === undefined ? undefined : tasks.call(task)
  if (kept !== undefined && before !== undefined) {
    const input = inputTo({ kept, round: task.round, call: before.bytes }, asking.call.bytes)
    if (input.kind === 'some') tasks.keepInput(task, input.kept)
    else if (tasks.goOn(task, input.call, before.headers)) start({ ...task, approval: undefined }, place, gateway)
  }
  await tell(taskAcknowledged(asking.call.id), asking, place, gateway)
}

async function cancel(task: HeldTask, asking: Asking, place: Place, gateway: Gateway): Promise<void> {
  const { tasks, desk } = gateway.approvals
  if (tasks.cancel(task)) {
    tasks.running(task.id)?.exchange.drop()
    // Others may wait for the same approval, and they still want it.
    if (task.approval !== undefined && !tasks.isShared(task))
      await desk.cancel(task.approval, requesterOf(place, gateway))
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
