import { isApprovalId, type Verdict, VERDICTS } from '../approval/approval.ts'
import { type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import { apiPage, callerOf, LOG_UNAVAILABLE, objectIn, problem } from './api-pages.ts'
import { type Acting, type ActOutcome, cancel, giveReason, reveal, revoke, vote } from './approvals/act.ts'
import { type Decider, deciderOf, type Deciding, issuedMs, maySee } from './approvals/decider.ts'
import { listOf, readListQuery } from './approvals/list.ts'
import { UNKNOWN } from './approvals/texts.ts'
import { detailOf } from './approvals/view.ts'

export const APPROVALS_PATH = '/api/v1/approvals'
const API_NAME = 'api/approvals'

/**
 * `GET /api/v1/approvals?state=open|pending|all&of=own|decide&limit=&before=`, `GET …/ID`, and `POST …/ID/STEP` with a JSON
 * object: `vote` (`{"verdict": "approve" | "deny" | "ask", "reason"}`), `reason`, `cancel`, `revoke`, `reveal`.
 */
export function approvalsApi(parts: Deciding): (request: ApiRequest) => Promise<Page> {
  return async (request) => {
    const { gateway } = parts
    const caller = await callerOf(request, gateway, API_NAME)
    if ('status' in caller) return caller
    return answered(request, deciderOf(caller, gateway, issuedMs(caller)), parts)
  }
}

async function answered(request: ApiRequest, decider: Decider, parts: Deciding): Promise<Page> {
  const { path, method, address } = request
  const [id = '', step, ...more] = path.slice(APPROVALS_PATH.length + 1).split('/')
  if (id === '') return method === 'GET' ? listed(request.query, decider, parts) : useGet()
  const approval = isApprovalId(id) && more.length === 0 ? parts.gateway.approvals.desk.get(id) : undefined
  if (approval === undefined || !maySee(approval, decider)) return problem(404, UNKNOWN)
  if (step !== undefined) return act(step, request, { approval, decider, address }, parts)
  return method === 'GET' ? apiPage(200, stringifyJson(detailOf(approval, decider, parts.gateway))) : useGet()
}

async function act(step: string, request: ApiRequest, acting: Acting, parts: Deciding): Promise<Page> {
  if (!isStep(step)) return problem(404, `There is nothing of that name to do. There are: ${STEPS.join(', ')}.`)
  if (request.method !== 'POST') return problem(405, 'Use POST.', ['Allow', 'POST'])
  const sent = await objectIn(request)
  if ('status' in sent) return sent
  const { reason } = sent.object
  if (reason !== undefined && reason !== null && typeof reason !== 'string') return problem(400, 'reason is a text.')
  return taken(step, { ...sent.object, reason: reason ?? undefined }, acting, parts)
}

const STEPS = ['vote', 'reason', 'cancel', 'revoke', 'reveal'] as const
type Step = (typeof STEPS)[number]

function isStep(text: string): text is Step {
  return STEPS.some((one) => one === text)
}

interface Sent extends JsonObject {
  readonly reason: string | undefined
}

async function taken(step: Step, sent: Sent, acting: Acting, parts: Deciding): Promise<Page> {
  const { reason } = sent
  switch (step) {
    case 'vote':
      return voted(sent, acting, parts)
    case 'reason':
      return outcomePage(await giveReason(acting, reason, parts), acting, parts)
    case 'cancel':
      return outcomePage(await cancel(acting, parts), acting, parts)
    case 'revoke':
      return outcomePage(await revoke(acting, reason, parts), acting, parts)
    case 'reveal':
      return revealed(acting, parts)
  }
}

async function voted({ verdict, via, reason }: Sent, acting: Acting, parts: Deciding): Promise<Page> {
  if (!isVerdict(verdict)) return problem(400, `verdict is one of: ${VERDICTS.join(', ')}.`)
  const way = via === 'terminal' ? via : 'api'
  return outcomePage(await vote(acting, { verdict, reason, via: way }, parts), acting, parts)
}

async function revealed(acting: Acting, parts: Deciding): Promise<Page> {
  const exact = await reveal(acting, parts)
  if (typeof exact !== 'string') return outcomePage(exact, acting, parts)
  const shown = detailOf(acting.approval, acting.decider, parts.gateway)
  return apiPage(200, stringifyJson({ ...shown, exact_arguments: parseJson(exact) }))
}

function outcomePage(outcome: ActOutcome, { decider }: Acting, { gateway }: Deciding): Page {
  switch (outcome.kind) {
    case 'done':
      return apiPage(200, stringifyJson(detailOf(outcome.approval, decider, gateway)))
    case 'refused':
      return problem(outcome.status, outcome.message)
    case 'unavailable':
      return LOG_UNAVAILABLE
  }
}

function listed(query: string, decider: Decider, { gateway }: Deciding): Page {
  const asked = readListQuery(query, decider)
  return typeof asked === 'string' ? problem(400, asked) : apiPage(200, stringifyJson(listOf(asked, decider, gateway)))
}

function isVerdict(value: unknown): value is Verdict {
  return VERDICTS.some((one) => one === value)
}

function useGet(): Page {
  return problem(405, 'Use GET.', ['Allow', 'GET'])
}
