import { ACCESS_METHOD } from '../approval/good-for.ts'
import { type Approval, isApprovalId, isOpen } from '../approval/approval.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import { MINUTE_MS, parseDuration } from '../base/units.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { NO_FACTS } from '../facts/facts.ts'
import { aheadOfNeed } from '../policy/access.ts'
import { NO_OBLIGATIONS, type NeedsApproval } from '../policy/decide.ts'
import { DEFAULT_RULE } from '../policy/rule.ts'
import { toolText } from '../protocol/errors.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { argumentsOf } from '../protocol/methods.ts'
import { spokenOf } from './circumstances.ts'
import { accessAsk } from './approval-ask.ts'
import { endedText, timeOf, tooManyText } from './approval-texts.ts'
import type { Gateway, Place } from './gateway.ts'
import { ask, type Judged } from './judge.ts'
import { maskingOf } from './masking.ts'
import { ownToolOf } from './records.ts'
import { say } from './reply.ts'
import { holdFor } from './wait-for-people.ts'

// Two tools of the gateway's own: one to ask for access before it is needed, one to ask what became of an approval. They are
// listed only where they are of use, never in the place of a server's tool of the same name, and nothing of them goes upstream.

const STATUS = 'approval_status'
const REQUEST = ACCESS_METHOD

const DEFINITIONS: Readonly<Record<string, JsonObject>> = {
  [STATUS]: {
    name: STATUS,
    title: 'Status of an approval',
    description:
      'Waits a while for an approval that a call of yours needs, and says what became of it. Once it is approved, call the tool again with exactly the same arguments.',
    inputSchema: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'The id of the approval, such as 7Kq2-9FzR. Default: the newest.' },
      },
    },
    annotations: { readOnlyHint: true },
  },
  [REQUEST]: {
    name: REQUEST,
    title: 'Request access',
    description:
      'Asks people for access to this connection, for the session or some time, before it is needed. Say why: people decide by it.',
    inputSchema: {
      type: 'object',
      properties: {
        connection: { type: 'string', description: 'Name of this connection; may be left out.' },
        reason: { type: 'string', description: 'Why you need it, in a sentence.' },
        duration: { type: 'string', description: 'For how long, such as 30m. Default: as long as the rules allow.' },
      },
      required: ['reason'],
    },
  },
}

/** JSON texts of the gateway's own tools that are of use to this caller now. */
export function ownTools(place: Place, gateway: Gateway): readonly string[] {
  const { policy, principal, connection } = place
  const names = [
    ...(newestOf(place, gateway) === undefined ? [] : [STATUS]),
    ...(aheadOfNeed(policy, principal, connection.facts).length === 0 ? [] : [REQUEST]),
  ]
  return names.flatMap((name) => {
    const definition = DEFINITIONS[name]
    return definition === undefined || connection.tools.schemaOf(name) !== undefined ? [] : [stringifyJson(definition)]
  })
}

/** Whoever may not use the connection at all has nothing to ask for here: their call is judged like any other. */
export function isOwnTool(call: ClientRequest, place: Place, gateway: Gateway): boolean {
  const { method, target = '' } = call
  if (method !== 'tools/call' || !Object.hasOwn(DEFINITIONS, target)) return false
  if (place.connection.tools.schemaOf(target) !== undefined) return false
  return (
    ask({ about: { kind: 'connection' }, spoken: spokenOf(call, NO_FACTS) }, place, gateway).decision.kind === 'allow'
  )
}

/** Answers a call of one of them. */
export async function callOwnTool(call: ClientRequest, round: number, place: Place, gateway: Gateway): Promise<void> {
  const args = argumentsOf(call.method, call.params)
  return call.target === STATUS
    ? status({ call, round }, args, place, gateway)
    : request({ call, round }, args, place, gateway)
}

interface Coming {
  readonly call: ClientRequest
  readonly round: number
}

async function status(coming: Coming, { id }: JsonObject, place: Place, gateway: Gateway): Promise<void> {
  const approval = approvalOf(typeof id === 'string' ? id : undefined, place, gateway)
  if (approval === undefined)
    return answer(coming, { text: 'You have no approval of this id.', failed: true }, place, gateway)
  return told(approval, coming, place, gateway)
}

async function request(coming: Coming, args: JsonObject, place: Place, gateway: Gateway): Promise<void> {
  const { policy, principal, connection } = place
  const fail = (text: string): Promise<void> => answer(coming, { text, failed: true }, place, gateway)
  const wanted = aheadOfNeed(policy, principal, connection.facts)
  if (args['connection'] !== undefined && args['connection'] !== connection.facts.name)
    return fail(`This is the connection "${connection.facts.name}". Ask for another one there.`)
  if (wanted.length === 0) return fail('There is nothing here that access could be asked for ahead of need.')
  const { reason, duration } = args
  if (typeof reason !== 'string' || reason.trim() === '') return fail('Say why you need it: reason is missing.')
  const ms = duration === undefined ? undefined : durationOf(duration)
  if (duration !== undefined && ms === undefined) return fail('duration is a number and s, m or h, such as 30m.')
  const asked = await gateway.approvals.desk.ask(accessAsk({ wanted, reason, ms }, place, gateway))
  if (asked.kind === 'too_many') return fail(tooManyText(asked.of))
  return told(asked.approval, coming, place, gateway)
}

function durationOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined
  return ms === undefined || ms < MINUTE_MS / 60 ? undefined : ms
}

/** Waits while it is pending, as this client can, and says what became of it. */
async function told(approval: Approval, coming: Coming, place: Place, gateway: Gateway): Promise<void> {
  if (approval.state !== 'pending') return answer(coming, { ...stateText(approval), approval }, place, gateway)
  const rung = holdFor(coming, place, gateway)
  try {
    const after = await rung.wait(approval, judgedOf(coming.call, approval, place))
    if (after !== undefined) await answer(coming, { ...stateText(after), approval: after }, place, gateway)
  } finally {
    rung.end()
  }
}

function stateText(approval: Approval): { text: string; failed: boolean } {
  const { id, state, scope, usableUntilMs = 0 } = approval
  if (state !== 'approved') return { text: endedText(approval), failed: true }
  const text =
    scope === 'once'
      ? `APPROVED (id ${id}), until ${timeOf(usableUntilMs)}. Now call the tool again with exactly the same arguments.`
      : `ACCESS GRANTED (id ${id}), until ${timeOf(usableUntilMs)} and no longer than this session.`
  return { text, failed: false }
}

async function answer(
  { call }: Coming,
  { text, failed, approval }: { text: string; failed: boolean; approval?: Approval },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const judged = judgedOf(call, approval, place, text)
  await gateway.audit.append(ownToolOf(call, judged, { place, gateway }))
  say(place.exchange, 200, toolText(call, text, failed), corsHeaders(place.headers))
}

/** Nobody decided about a call of a server: the record says which approval it is about. */
function judgedOf(call: ClientRequest, approval: Approval | undefined, place: Place, message?: string): Judged {
  const rules = approval?.rules.map(({ rule }) => rule) ?? []
  const decision: NeedsApproval = {
    kind: 'approve',
    rule: rules[0] ?? DEFAULT_RULE,
    matched: rules,
    errors: [],
    shadowed: [],
    message,
    terms: [],
    obligations: NO_OBLIGATIONS,
  }
  const about = { kind: 'connection' } as const
  return { decision, about, masking: maskingOf(call, { decision, about }, place), approval: approval?.id }
}

function approvalOf(id: string | undefined, place: Place, gateway: Gateway): Approval | undefined {
  if (id === undefined) return newestOf(place, gateway)
  const approval = isApprovalId(id) ? gateway.approvals.desk.get(id) : undefined
  return approval?.requester.principal === place.principal.id ? approval : undefined
}

function newestOf({ principal, connection }: Place, gateway: Gateway): Approval | undefined {
  const filter = { principal: principal.id, connection: connection.facts.name, limit: 1 }
  return gateway.approvals.desk.list({ ...filter, states: ['pending', 'approved'] }).find(isOpen)
}
