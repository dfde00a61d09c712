// `npm run bench -- approvals`: asking and deciding while ten thousand calls wait: CPU of each, and memory.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { APPROVAL_STATES, type ApprovalId, type NewAsk, type Requester } from '../src/approval/approval.ts'
import { Desk } from '../src/approval/desk.ts'
import { SqliteApprovalRows } from '../src/store/sqlite/approval-rows.ts'
import { newRowMac } from '../test/support/row-mac.ts'
import { ControlDatabase } from '../src/store/sqlite/control.ts'

const PENDING = 10_000
const PEOPLE = 200
const SAMPLES = 500
const CPU_MS_MAX = 20
const ARGUMENT_CHARS = 2_000
const HOUR_MS = 3_600_000
/** As an approver's page shows them. */
const LISTED = 200

export interface ApprovalCost {
  readonly pending: number
  /** Milliseconds of CPU, all threads, of one: asked while few wait and while all do. */
  readonly askFew: number
  readonly askMany: number
  readonly vote: number
  readonly claim: number
  readonly list: number
  /** Of all states, as somebody who decides sees them. */
  readonly listAll: number
  readonly tick: number
  /** Bytes of heap and buffers more than before, with all of them pending and a waiter for each. */
  readonly heapBytes: number
}

/** The desk over its real store; the log is one that answers at once, for its cost is that of any record (`bench -- log`). */
export async function measureApprovals(tell: (line: string) => void, quick: boolean): Promise<ApprovalCost> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-approvals-'))
  const control = ControlDatabase.open(folder)
  try {
    return await measure(deskOver(control), quick ? PENDING / 10 : PENDING, tell)
  } finally {
    control.close()
    rmSync(folder, { recursive: true })
  }
}

function deskOver(control: ControlDatabase): Desk {
  const limits = {
    pendingMax: 2 * PENDING,
    pendingPerPersonMax: PENDING,
    sessionMs: HOUR_MS,
    deniedMs: HOUR_MS,
    keptMs: HOUR_MS,
  }
  return new Desk({
    rows: new SqliteApprovalRows(control, newRowMac(), () => Date.now()),
    record: () => Promise.resolve(),
    nowMs: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
    limits,
  })
}

async function measure(desk: Desk, pending: number, tell: (line: string) => void): Promise<ApprovalCost> {
  const began = settledBytes()
  const ids: ApprovalId[] = []
  const asking = async (n: number): Promise<void> => {
    const outcome = await desk.ask(ask(n))
    if (outcome.kind === 'new') ids.push(outcome.approval.id)
  }
  const askFew = await each(SAMPLES, (i) => asking(i))
  tell(`asking for ${pending} approvals`)
  for (let n = SAMPLES; n < pending; n += 1) await asking(n)
  const askMany = await each(SAMPLES, (i) => asking(pending + i))
  const stop = new AbortController()
  const until = { ms: Date.now() + HOUR_MS, signal: stop.signal }
  const waiting = ids.map((id) => {
    const approval = desk.get(id)
    return approval === undefined ? Promise.resolve(undefined) : desk.wait(approval, until)
  })
  const heapBytes = settledBytes() - began
  tell('deciding')
  const list = await each(LIST_SAMPLES, () => Promise.resolve(desk.list({ states: ['pending'], limit: LISTED })))
  const seen = { states: APPROVAL_STATES, visibleTo: { principal: 'pri_bob', groups: ['dba'] }, limit: LISTED } as const
  const listAll = await each(LIST_SAMPLES, () => Promise.resolve(desk.list(seen)))
  const vote = await each(SAMPLES, (i) => desk.vote(idAt(ids, i), yes()))
  const claim = await each(SAMPLES, async (i) => {
    const approval = desk.get(idAt(ids, i))
    if (approval !== undefined) await desk.claim(approval, {})
  })
  const tick = await each(LIST_SAMPLES, () => desk.tick())
  stop.abort()
  await Promise.all(waiting)
  return { pending, askFew, askMany, vote, claim, list, listAll, tick, heapBytes }
}

const LIST_SAMPLES = 20

function idAt(ids: readonly ApprovalId[], i: number): ApprovalId {
  const id = ids[i]
  if (id === undefined) throw new Error('fewer were asked for')
  return id
}

function yes() {
  const voter = { principal: 'pri_bob', issuer: 'https://id.example', subject: 'bob' } as const
  return { voter, groups: ['dba'], verdict: 'approve', reason: undefined, via: 'api', atMs: Date.now() } as const
}

function ask(n: number): NewAsk {
  const who = `person-${n % PEOPLE}`
  const requester: Requester = { principal: `pri_${who}`, issuer: 'https://id.example', subject: who, groups: [] }
  return {
    hash: `hash ${n}`,
    callHash: `call ${n}`,
    fingerprint: who,
    requester,
    session: `ses_${n % PEOPLE}`,
    connection: 'db',
    method: 'tools/call',
    target: 'query',
    definition: '',
    shown: JSON.stringify({ sql: 'x'.repeat(ARGUMENT_CHARS) }),
    facts: '{}',
    policy: 'p',
    rules: [{ rule: 'writes', digest: 'd' }],
    lines: [{ rule: 'writes', group: 'dba', count: 1 }],
    scope: 'once',
    reasonRequired: false,
    runWithinMs: HOUR_MS,
    notify: [],
    reason: undefined,
    expiresMs: Date.now() + HOUR_MS,
    exact: { nonce: new Uint8Array(12), ciphertext: new Uint8Array(ARGUMENT_CHARS) },
  }
}

/** Milliseconds of CPU of one, on average. */
async function each(times: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage()
  for (let i = 0; i < times; i += 1) await work(i)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1_000 / times
}

function settledBytes(): number {
  globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

export function printedApprovals(cost: ApprovalCost): string {
  const { pending, askFew, askMany, vote, claim, list, listAll, tick, heapBytes } = cost
  return [
    `${pending} approvals pending, a waiter for each`,
    line('ask, few pending', askFew, CPU_MS_MAX),
    line('ask, all pending', askMany, CPU_MS_MAX),
    line('decide, all pending', vote, CPU_MS_MAX),
    line('claim', claim, CPU_MS_MAX),
    line(`list the newest ${LISTED} pending`, list, CPU_MS_MAX),
    line(`list the newest ${LISTED} of all states`, listAll, CPU_MS_MAX),
    line('look what has run out, by the second', tick),
    `memory, waiters and all${(heapBytes / 1024 / 1024).toFixed(1).padStart(19)} MiB, ${(heapBytes / pending / 1024).toFixed(2)} KiB each`,
  ].join('\n')
}

function line(what: string, ms: number, max?: number): string {
  const asked = max === undefined ? '' : `  asked: < ${max}  ${ms < max ? 'met' : 'MISSED'}`
  return `${what.padEnd(34)}${ms.toFixed(2).padStart(8)} ms of CPU${asked}`
}
