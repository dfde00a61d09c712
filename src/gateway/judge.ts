import type { ApprovalId } from '../approval/approval.ts'
import type { HeldTask } from '../approval/held-task.ts'
import { isObject } from '../base/json.ts'
import { NO_FACTS, type Facts } from '../facts/facts.ts'
import type { Circumstances } from '../policy/circumstances.ts'
import { type About, decide, type Decision, type Denied, type Question } from '../policy/decide.ts'
import type { Stage } from '../policy/match.ts'
import { DEFAULT_RULE } from '../policy/rule.ts'
import { argumentsOf, handlingOf, type Method } from '../protocol/methods.ts'
import type { ClientRequest, JsonObject, Passage } from '../protocol/message.ts'
import { takesTasks } from '../protocol/tasks-extension.ts'
import { circumstancesOf, spokenOf, type Spoken } from './circumstances.ts'
import type { PassageMasking } from '../masking/passage.ts'
import type { Gateway, Place } from './gateway.ts'
import { maskingOf } from './masking.ts'

/** What policy says of a passage, and what it was asked about. */
export interface Judged {
  readonly decision: Decision
  readonly about: About
  /** What conditions could look at; undefined where nobody asked the policy. */
  readonly circumstances?: Circumstances | undefined
  /** What is hidden of it and of what answers it. */
  readonly masking: PassageMasking
  /** Approval that it runs on, or waits for. */
  readonly approval?: ApprovalId | undefined
  /** Nobody agreed: it runs because of an emergency. */
  readonly isEmergency?: boolean | undefined
}

/** What stands in the arguments of a request: read before the policy is asked, for it looks at facts. */
export function factsOf(call: ClientRequest, { connection }: Place, gateway: Gateway): Facts | Promise<Facts> {
  if (call.method !== 'tools/call') return NO_FACTS
  return gateway.arguments.read(connection.facts, call.target ?? '', argumentsOf(call.method, call.params))
}

/** Asks the policy about a passage: about the tool, prompt or resource that it is for, else about the connection. */
export function judge(passage: Passage, place: Place, gateway: Gateway, facts: Facts = NO_FACTS): Judged {
  const about = aboutOf(passage, place, gateway)
  // A task that nobody made here, or somebody else did: there is nothing that a rule could allow.
  if (about === undefined) {
    const masking = maskingOf(passage, { decision: NOBODYS, about: CONNECTION }, place)
    return { decision: NOBODYS, about: CONNECTION, masking }
  }
  const isOfTask = passage.kind === 'request' && handlingOf(passage.method).by === 'task'
  const asked = ask({ about, spoken: spokenOf(passage, facts), stage: isOfTask ? 'list' : 'call' }, place, gateway)
  const decision = isOfTask ? ofTask(asked.decision, passage.method) : asked.decision
  return { about, ...asked, decision, masking: maskingOf(passage, { decision, about }, place) }
}

/** Who wanted the call approved was asked before there was a task; input to it is something new. */
function ofTask(decision: Decision, method: Method): Decision {
  if (decision.kind !== 'approve' || method === 'tasks/update') return decision
  const { rule, matched, errors, shadowed, obligations } = decision
  return { kind: 'allow', rule, matched, errors, shadowed, obligations }
}

const CONNECTION: About = { kind: 'connection' }

interface Asking {
  readonly about: About
  readonly spoken: Spoken
  /** `list` where the arguments were judged before, as of a task. */
  readonly stage?: Stage
}

/** Asks the policy in force, and the one that is tried beside it. */
export function ask(
  { about, spoken, stage }: Asking,
  place: Place,
  gateway: Gateway,
): { decision: Decision; circumstances: Circumstances } {
  const { policy, principal, connection } = place
  const circumstances = circumstancesOf(spoken, place, gateway)
  const question: Question = {
    policy,
    who: principal,
    connection: connection.facts,
    about,
    circumstances,
    stage,
  }
  const decision = decide(question)
  gateway.shadow()?.compare(question, decision, (text) => connection.masker.label(text))
  return { decision, circumstances }
}

export const NOBODYS: Denied = {
  kind: 'deny',
  rule: DEFAULT_RULE,
  matched: [],
  errors: [],
  shadowed: [],
  message: 'No task of yours has this id.',
  groupsThatMay: [],
}

function aboutOf(passage: Passage, place: Place, gateway: Gateway): About | undefined {
  switch (passage.kind) {
    case 'request':
      return (
        aboutHeldTask(passage, place, gateway) ??
        aboutMethod(passage.method, () => passage.params, { place, gateway }, passage.target)
      )
    case 'notification':
    case 'answer':
    case 'listen':
    case 'end':
      return { kind: 'connection' }
  }
}

/**
 * The task of the gateway's own that a request asks for; undefined for every other request, for other people's tasks, and for a
 * client that does not say that it takes tasks (SEP-2663, Error Handling).
 */
export function heldTaskOf(call: ClientRequest, place: Place, { approvals }: Gateway): HeldTask | undefined {
  if (call.era !== 'modern' || handlingOf(call.method).by !== 'task' || call.target === undefined) return undefined
  return takesTasks(call.params) ? approvals.tasks.of(place, call.target) : undefined
}

/** A task of the gateway's own is none of the server's, which may not speak of it. */
function aboutHeldTask(call: ClientRequest, place: Place, gateway: Gateway): About | undefined {
  const task = heldTaskOf(call, place, gateway)
  return task && { kind: 'tool', name: task.tool }
}

/** What a message of either side is about; undefined where it is about a task that is not the caller's. */
export function aboutMethod(
  method: Method,
  params: () => JsonObject,
  at: { place: Place; gateway: Gateway },
  target = targetOf(method, params),
): About | undefined {
  const { by } = handlingOf(method)
  const name = target ?? ''
  switch (by) {
    case 'tool':
      return { kind: 'tool', name }
    case 'prompt':
      return { kind: 'prompt', name }
    case 'resource':
      return { kind: 'resource', uri: name }
    case 'completion':
      return aboutReference(params())
    case 'task':
      return aboutTask(name, at)
    case 'list':
    case 'connection':
    case 'none':
      return { kind: 'connection' }
  }
}

function targetOf(method: Method, params: () => JsonObject): string | undefined {
  const { target } = handlingOf(method)
  const named = target === undefined ? undefined : params()[target]
  return typeof named === 'string' ? named : undefined
}

/** A completion speaks of the prompt or resource that its `ref` names. */
function aboutReference(params: JsonObject): About | undefined {
  const { ref } = params
  if (!isObject(ref)) return undefined
  if (ref['type'] === 'ref/prompt' && typeof ref['name'] === 'string') return { kind: 'prompt', name: ref['name'] }
  if (ref['type'] === 'ref/resource' && typeof ref['uri'] === 'string') return { kind: 'resource', uri: ref['uri'] }
  return undefined
}

function aboutTask(taskId: string, { place, gateway }: { place: Place; gateway: Gateway }): About | undefined {
  const owner = gateway.tasks.ownerOf(place.connection.facts.name, taskId)
  return owner?.principal === place.principal.id ? { kind: 'tool', name: owner.tool } : undefined
}
