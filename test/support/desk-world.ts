// The desk over the real store, with a clock and a log of the test's own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Approval, ApprovalId, NewAsk, Person, Requester, Verdict, Vote } from '../../src/approval/approval.ts'
import { Desk } from '../../src/approval/desk.ts'
import type { ApprovalEvent } from '../../src/approval/event.ts'
import { ControlDatabase } from '../../src/store/sqlite/control.ts'
import { SqliteApprovalRows } from '../../src/store/sqlite/approval-rows.ts'
import type { AlteredRow } from '../../src/store/sqlite/row-mac.ts'
import { newRowMac } from './row-mac.ts'

export const START_MS = 1_800_000_000_000
export const EXPIRES_MS = 60_000
export const RUN_WITHIN_MS = 10_000

export function person(name: string, more: Partial<Person> = {}): Person {
  return { principal: `pri_${name}`, issuer: 'https://id.example', subject: name, ...more }
}

export function requester(name: string, more: Partial<Requester> = {}): Requester {
  return { ...person(name), groups: ['engineers'], ...more }
}

export function ask(hash: string, more: Partial<NewAsk> = {}): NewAsk {
  return {
    hash,
    callHash: `call of ${hash}`,
    fingerprint: 'f',
    requester: requester('alice'),
    session: 'ses_1',
    connection: 'db',
    method: 'tools/call',
    target: 'write',
    definition: '',
    shown: '{}',
    facts: '{}',
    policy: 'p',
    rules: [{ rule: 'writes', digest: 'd' }],
    lines: [{ rule: 'writes', group: 'dba', count: 1 }],
    scope: 'once',
    reasonRequired: false,
    runWithinMs: RUN_WITHIN_MS,
    notify: [],
    reason: undefined,
    expiresMs: START_MS + EXPIRES_MS,
    exact: { nonce: new Uint8Array(12), ciphertext: new Uint8Array(20) },
    ...more,
  }
}

export function setUpDesk(limits: Partial<{ pendingMax: number; pendingPerPersonMax: number; deniedMs: number }> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-desk-'))
  const control = ControlDatabase.open(folder)
  const told: ApprovalEvent[] = []
  const log = { away: false }
  const now = { ms: START_MS }
  const altered: AlteredRow[] = []
  const mac = newRowMac((one) => altered.push(one))
  const rows = new SqliteApprovalRows(control, mac, () => now.ms)
  let serial = 0
  /** Another one over the same store: what a restarted gateway has. */
  const newDesk = () =>
    new Desk({
      rows,
      record: async (event) => {
        if (log.away) throw new Error('the log is away')
        await Promise.resolve()
        told.push(event)
      },
      nowMs: () => now.ms,
      random: (bytes) => {
        serial += 1
        return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(serial / 32 ** i) % 32)
      },
      limits: {
        pendingMax: 100,
        pendingPerPersonMax: 100,
        sessionMs: 3_600_000,
        deniedMs: 5_000,
        keptMs: 86_400_000,
        ...limits,
      },
    })
  const desk = newDesk()
  const voteAs = (id: ApprovalId, name: string, verdict: Verdict = 'approve', more: Partial<Vote> = {}) =>
    desk.vote(id, {
      voter: person(name),
      groups: ['dba'],
      verdict,
      reason: verdict === 'approve' ? undefined : 'because',
      via: 'api',
      atMs: now.ms,
      ...more,
    })
  return {
    desk,
    newDesk,
    rows,
    control,
    mac,
    altered,
    told,
    log,
    now,
    voteAs,
    asked: async (hash: string, more: Partial<NewAsk> = {}): Promise<Approval> =>
      approvalIn(await desk.ask(ask(hash, more))),
    kinds: (id: ApprovalId) => told.filter(({ approval }) => approval === id).map(({ kind }) => kind),
    [Symbol.dispose]: () => {
      control.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function approvalIn(outcome: Awaited<ReturnType<Desk['ask']>>): Approval {
  if (outcome.kind === 'too_many') throw new Error('too many')
  return outcome.approval
}
