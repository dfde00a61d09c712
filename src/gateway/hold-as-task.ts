import { beforeIt } from '../approval/alike.ts'
import type { Approval } from '../approval/approval.ts'
import type { HeldTask } from '../approval/held-task.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { taskCreated, type TaskSeen, takesTasks } from '../protocol/tasks-extension.ts'
import { pageOf, waitingText } from './approval-texts.ts'
import type { Gateway, Place } from './gateway.ts'
import type { Judged } from './judge.ts'
import { recordHeld, sayRefused } from './refuse.ts'
import type { Rung } from './wait-for-people.ts'

/** A client that takes tasks gets one, but where the server makes tasks itself: then the task has to be the server's. */
export function mayBecomeTask(call: ClientRequest, place: Place, { tasks, approvals }: Gateway): boolean {
  if (place.task !== undefined) return true
  if (call.era !== 'modern' || call.method !== 'tools/call' || !takesTasks(call.params)) return false
  return !tasks.areMadeBy(place.connection.facts.name) && approvals.tasks.mayHold(place)
}

/** Nobody waits: the client gets a task, once it is durable, and comes back for it (SEP-2663, Task Creation). */
export function holdAsTask(call: ClientRequest, place: Place, gateway: Gateway): Rung {
  return {
    wait: async (approval, judged) => {
      await become(approval, { call, judged }, place, gateway)
      return undefined
    },
    end: () => undefined,
  }
}

async function become(
  approval: Approval,
  { call, judged }: { readonly call: ClientRequest; readonly judged: Judged },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const { tasks } = gateway.approvals
  const held = { judged: { ...judged, approval: approval.id }, text: textOf(approval, gateway) }
  // What is a task already waits for something else now, and its client asks for it anyway.
  if (place.task !== undefined) {
    tasks.waitFor(place.task, approval)
    await recordHeld(call, held, place, gateway)
    return
  }
  const task = tasks.begin(call, approval, place)
  const proof = await recordHeld(call, held, place, gateway)
  sayRefused(taskCreated(call.id, seenBy(task, place, gateway)), place, { proof })
}

/** The task as its client may see it. */
export function seenBy(task: HeldTask, { connection }: Place, gateway: Gateway): TaskSeen {
  const { desk } = gateway.approvals
  const approval = task.approval === undefined ? undefined : desk.get(task.approval)
  const isWaiting = task.status === 'working' && approval?.state === 'pending'
  const message = isWaiting ? connection.hide.text(textOf(approval, gateway)) : undefined
  return { ...task, status: task.status === 'sent' ? 'working' : task.status, message }
}

function textOf(approval: Approval, gateway: Gateway): string {
  return waitingText(approval, pageOf(approval, gateway), beforeIt(gateway.approvals.desk, approval))
}
