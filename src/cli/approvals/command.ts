import { isApprovalId } from '../../approval/approval.ts'
import { clock } from '../../base/clock.ts'
import { type JsonObject, stringifyJson } from '../../base/json.ts'
import { EXIT, type ExitCode, printError, printLine } from '../out.ts'
import { readArgs, UsageError } from '../usage.ts'
import { ApprovalsClient, approvalsIn, errorOf, type Reply } from './client.ts'
import { detailLines, listLine } from './print.ts'
import { watch } from './watch.ts'

const OPTIONS = {
  url: { type: 'string' },
  'token-file': { type: 'string' },
  reason: { type: 'string', short: 'r' },
  state: { type: 'string' },
  of: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const HELP = `sallyport approvals list [--state open|pending|all] [--of own|decide]   what waits
sallyport approvals show ID                                           all of one, arguments masked
sallyport approvals approve ID [--reason R]
sallyport approvals deny ID --reason R
sallyport approvals ask ID --reason R                                 a question back to whoever asked
sallyport approvals reveal ID                                         the exact arguments; that you look is on record
sallyport approvals revoke ID --reason R                              take back what was agreed to
sallyport approvals reason ID --reason R                              say why you asked
sallyport approvals cancel ID                                         you do not want it any more
sallyport approvals watch                                             what comes in for you, until Ctrl-C

Each takes --url URL (or SALLYPORT_URL), --token-file FILE (or SALLYPORT_TOKEN, or sallyport login) and --json.`

interface Terms {
  readonly reason?: string
  readonly state?: string
  readonly of?: string
  readonly json: boolean
}

/** `sallyport approvals`: deciding in a terminal. */
export async function approvals(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [action = 'list', id, ...more] = positionals
  const request = more.length > 0 ? undefined : readRequest(action, id, values)
  if (request === undefined)
    throw new UsageError(`approvals list, watch, or ${Object.keys(STEPS).join('|')} with an ID.`)
  const client = await ApprovalsClient.open({ url: values.url, tokenFile: values['token-file'] })
  if (request === 'watch') return watch(client, values)
  if (request === 'list') return list(client, values)
  const { path, body } = request
  return print(body === undefined ? await client.get(path) : await client.post(path, body), values)
}

interface Request {
  readonly path: string
  /** Without one it is only to be shown. */
  readonly body: JsonObject | undefined
}

interface Step {
  readonly step: string
  readonly verdict?: string
  readonly needsReason?: true
}

const STEPS: Readonly<Record<string, Step>> = {
  show: { step: '' },
  approve: { step: 'vote', verdict: 'approve' },
  deny: { step: 'vote', verdict: 'deny', needsReason: true },
  ask: { step: 'vote', verdict: 'ask', needsReason: true },
  reveal: { step: 'reveal' },
  revoke: { step: 'revoke', needsReason: true },
  reason: { step: 'reason', needsReason: true },
  cancel: { step: 'cancel' },
}

/** Undefined where there is nothing of that name, or not with an id, or not without one. */
function readRequest(
  action: string,
  id: string | undefined,
  { reason }: Terms,
): 'list' | 'watch' | Request | undefined {
  if (action === 'list' || action === 'watch') return id === undefined ? action : undefined
  const found = Object.hasOwn(STEPS, action) ? STEPS[action] : undefined
  if (found === undefined || id === undefined) return undefined
  if (!isApprovalId(id)) throw new UsageError('An id looks like 7Kq2-9FzR.')
  const { step, verdict, needsReason } = found
  if (needsReason && (reason ?? '').trim() === '') throw new UsageError(`approvals ${action} needs --reason.`)
  return step === ''
    ? { path: `/${id}`, body: undefined }
    : { path: `/${id}/${step}`, body: { verdict, reason, via: 'terminal' } }
}

function print(reply: Reply, { json }: Terms): ExitCode {
  const { status, body } = reply
  if (json) printLine(stringifyJson(body))
  if (status !== 200) {
    if (!json) printError(`Refused: ${errorOf(reply)}`)
    return EXIT.refused
  }
  if (!json) for (const line of detailLines(body, clock.nowMs())) printLine(line)
  return EXIT.fine
}

async function list(client: ApprovalsClient, terms: Terms): Promise<ExitCode> {
  const { json, state, of } = terms
  const query = new URLSearchParams({ ...(state === undefined ? {} : { state }), ...(of === undefined ? {} : { of }) })
  const reply = await client.get(`?${query.toString()}`)
  if (reply.status !== 200) throw new UsageError(errorOf(reply))
  const found = approvalsIn(reply)
  if (json) for (const one of found) printLine(stringifyJson(one))
  else if (found.length === 0) printLine('Nothing waits.')
  else for (const one of found) printLine(listLine(one, clock.nowMs()))
  if (reply.body['next'] !== undefined) printError('There are more; these are the newest.')
  return EXIT.fine
}
