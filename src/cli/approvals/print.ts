import { ACCESS_METHOD } from '../../approval/good-for.ts'
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'
import { MINUTE_MS, SECOND_MS } from '../../base/units.ts'
import { writtenOut } from '../../facts/marked.ts'

// What is shown was written by strangers: it reaches the terminal with every control, and every letter that looks like
// another, written out.

const REASON_CHARS = 60

/** One line of a list. */
export function listLine(approval: JsonObject, nowMs: number): string {
  const { id, state, connection, target, reason } = approval
  const what =
    approval['method'] === ACCESS_METHOD ? `access to ${text(connection)}` : `${text(connection)}/${text(target)}`
  const asked = `${what} by ${nameOf(approval['requester'])}`
  const why = typeof reason === 'string' ? `  "${oneLine(cut(reason))}"` : ''
  return `${text(id)}  ${text(state).padEnd(9)}  ${ageOf(approval, nowMs).padEnd(14)}  ${asked}${why}`
}

function ageOf({ state, expires_ms, usable_until_ms }: JsonObject, nowMs: number): string {
  if (state === 'pending' && typeof expires_ms === 'number') return `${lengthOf(expires_ms - nowMs)} left`
  if (state === 'approved' && typeof usable_until_ms === 'number') return `${lengthOf(usable_until_ms - nowMs)} to use`
  return ''
}

function lengthOf(ms: number): string {
  if (ms <= 0) return 'no time'
  return ms < 2 * MINUTE_MS ? `${Math.ceil(ms / SECOND_MS)} s` : `${Math.floor(ms / MINUTE_MS)} min`
}

/** All that somebody needs to decide. */
export function detailLines(approval: JsonObject, nowMs: number): string[] {
  const { id, state, connection, method, target, reason, message, policy } = approval
  return [
    `Approval ${text(id)}: ${text(state)}${spaced(ageOf(approval, nowMs))}`,
    `Who        ${whoOf(approval['requester'])}`,
    `What       ${`${text(method)} ${text(target)}`.trimEnd()} on ${text(connection)}${timesOf(approval['asks'])}`,
    `Good for   ${text(approval['good_for'])}`,
    `Why        ${typeof reason === 'string' ? oneLine(reason) : 'no reason given'}`,
    ...(typeof message === 'string' ? [`Rule says  ${oneLine(message)}`] : []),
    `Rules      ${list(approval['rules']).map(text).join(', ')} of policy ${text(policy)}`,
    `Needs      ${needsOf(approval)}`,
    ...(typeof approval['why'] === 'string' ? [`Ended      ${oneLine(approval['why'])}`] : []),
    ...list(approval['warnings']).map((warning) => `WARNING    ${text(warning)} They are written out below.`),
    approval['exact_arguments'] === undefined
      ? 'Arguments (masked; exact ones: sallyport approvals reveal ID)'
      : 'Exact arguments',
    ...indented(approval['exact_arguments'] ?? approval['arguments']),
    'Facts',
    ...indented(approval['facts']),
    ...changesOf(approval['last_approved']),
    ...votesOf(approval['votes']),
    ...historyOf(approval['history']),
    ...(typeof approval['cannot_approve'] === 'string' ? [`You        ${approval['cannot_approve']}`] : []),
  ]
}

function needsOf({ needs }: JsonObject): string {
  const lines = list(needs).map((one) => (isObject(one) ? `${text(one['count'])} of ${text(one['group'])}` : ''))
  return lines.length === 0 ? 'nobody else' : lines.join(' and ')
}

function changesOf(last: JsonValue | undefined): string[] {
  if (!isObject(last)) return ['Nothing like it was approved before.']
  const { id, same_call: same, only_hidden: hidden, same_tool: sameTool } = last
  const tool = sameTool === false ? ['  the tool is defined otherwise now'] : []
  if (same === true) return [`The same as ${text(id)}, which was approved.`, ...tool]
  if (hidden === true) return [`Against ${text(id)}, which was approved: other values in what is hidden`, ...tool]
  const changes = list(last['changes']).flatMap((one) => (isObject(one) ? changeLines(one) : []))
  return [`Against ${text(id)}, which was approved:`, ...changes, ...tool]
}

function changeLines({ path, before, after }: JsonObject): string[] {
  return [
    `  ${text(path)}`,
    ...(before === undefined ? [] : [`  - ${oneLine(JSON.stringify(before))}`]),
    ...(after === undefined ? [] : [`  + ${oneLine(JSON.stringify(after))}`]),
  ]
}

function votesOf(votes: JsonValue | undefined): string[] {
  const lines = list(votes).flatMap((one) => {
    if (!isObject(one)) return []
    const said = typeof one['reason'] === 'string' ? `: ${oneLine(one['reason'])}` : ''
    return [`  ${text(one['verdict'])} by ${nameOf(one['by'])} over ${text(one['via'])}${said}`]
  })
  return lines.length === 0 ? [] : ['Votes', ...lines]
}

function historyOf(history: JsonValue | undefined): string[] {
  const lines = list(history).flatMap((one) =>
    isObject(one)
      ? [`  ${text(one['id'])}  ${text(one['state']).padEnd(9)}  ${text(one['connection'])}/${text(one['target'])}`]
      : [],
  )
  return lines.length === 0 ? [] : ['Asked before by the same', ...lines]
}

function whoOf(requester: JsonValue | undefined): string {
  if (!isObject(requester)) return ''
  const { email, client, groups } = requester
  const forWhom = list(requester['acts_for']).map(text).join(', ')
  const address = typeof email === 'string' ? ` <${oneLine(email)}>` : ''
  const by = typeof client === 'string' ? `, through ${oneLine(client)}` : ''
  return `${nameOf(requester)}${address} (${list(groups).map(text).join(', ')})${forWhom === '' ? '' : `, for ${forWhom}`}${by}`
}

function nameOf(person: JsonValue | undefined): string {
  if (!isObject(person)) return ''
  return text(person['name'] ?? person['email'] ?? person['subject'])
}

function indented(value: JsonValue | undefined): string[] {
  return JSON.stringify(value ?? null, undefined, 2)
    .split('\n')
    .map((line) => `  ${oneLine(line)}`)
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function text(value: JsonValue | undefined): string {
  return oneLine(typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))
}

function oneLine(line: string): string {
  return writtenOut(line).replaceAll(/[\n\t]/g, ' ')
}

function cut(reason: string): string {
  return reason.length > REASON_CHARS ? `${reason.slice(0, REASON_CHARS)}…` : reason
}

function spaced(part: string): string {
  return part === '' ? '' : `, ${part}`
}

function timesOf(asks: JsonValue | undefined): string {
  return typeof asks === 'number' && asks > 1 ? `, asked ${asks} times` : ''
}
