import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { BreakGlass } from '../approval/break-glass.ts'
import { Desk } from '../approval/desk.ts'
import { Logins } from '../approval/logins.ts'
import type { AuditLog } from '../audit/log.ts'
import { clock } from '../base/clock.ts'
import { seal, unseal } from '../base/sealed-box.ts'
import { HOUR_MS } from '../base/units.ts'
import type { ApprovalsConfig } from '../config/read-approvals.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { exactContext } from '../gateway/approval-ask.ts'
import { approvalEventOf } from '../gateway/approval-records.ts'
import type { Approvals } from '../gateway/approvals.ts'
import type { OpenConnection } from '../gateway/gateway.ts'
import { emergencyOf } from '../gateway/emergency-records.ts'
import { HeldTasks } from '../gateway/held-tasks.ts'
import { Holds } from '../gateway/holds.ts'
import { type Maker, NOTHING_HIDDEN } from '../gateway/session-records.ts'
import type { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteEmergencyRows } from '../store/sqlite/emergency-rows.ts'
import type { OperatorLog } from './operator-log.ts'
import { SqliteApprovalRows } from '../store/sqlite/approval-rows.ts'
import { SqliteDeliveryRows } from '../store/sqlite/delivery-rows.ts'
import { SqliteLoginRows } from '../store/sqlite/login-rows.ts'
import type { RowMac } from '../store/sqlite/row-mac.ts'
import { SqliteTaskRows } from '../store/sqlite/task-rows.ts'

export interface ApprovalParts {
  readonly control: ControlDatabase
  readonly audit: AuditLog
  readonly master: MasterKey
  readonly config: ApprovalsConfig
  readonly connection: (name: string) => OpenConnection | undefined
  readonly maker: Maker
  readonly mac: RowMac
  /** Who is told of emergencies, as the policy in force says. */
  readonly emergencyReceivers: () => readonly string[]
  readonly log: OperatorLog
}

/** The longest that anything approved for a session is good for (approvals.md, 7). */
const SESSION_MS = 8 * HOUR_MS

/** Where approvals are kept and asked for. */
export function openApprovals(parts: ApprovalParts): Approvals {
  const { control, audit, master, config, connection, maker, log, mac } = parts
  const key = keyOf(master)
  const rows = new SqliteApprovalRows(control, mac, () => clock.nowMs())
  const deliveries = new SqliteDeliveryRows(control, mac)
  const desk = new Desk({
    rows,
    record: (event, approval) => {
      const at = connection(approval.connection)
      const hide = { ...NOTHING_HIDDEN, text: (text: string) => at?.masker.label(text) ?? text }
      return audit.append(approvalEventOf(event, approval, { connection: at, hide }, maker))
    },
    nowMs: () => clock.nowMs(),
    random: (bytes) => randomBytes(bytes),
    limits: {
      pendingMax: config.pendingMax,
      pendingPerPersonMax: config.pendingPerPersonMax,
      sessionMs: SESSION_MS,
      deniedMs: config.deniedMs,
      // A no that holds for longer is kept for as long.
      keptMs: Math.max(config.keptMs, config.deniedMs),
    },
  })
  return {
    desk,
    breakGlass: openBreakGlass(parts, deliveries),
    holds: new Holds(),
    tasks: new HeldTasks({
      rows: new SqliteTaskRows(control, mac),
      seal: (text, of) => seal(key, text, of),
      unseal: (box, of) => unseal(key, box, of),
      newId: () => `task_${randomBytes(TASK_ID_BYTES).toString('base64url')}`,
      nowMs: () => clock.nowMs(),
      warn: (what, why) => log.warn(what, { why: String(why) }),
    }),
    keyName: keyNameOf(key),
    logins: new Logins(new SqliteLoginRows(control, mac), config.loginMaxAgeMs),
    deliveries: (id) => deliveries.of(id),
    seal: (text, of) => seal(key, text, of),
    unseal: (box, of) => unseal(key, box, of),
    exact: ({ id, hash }) => {
      const box = rows.exact(id)
      return box === undefined ? undefined : unseal(key, box, exactContext(hash))
    },
    terms: {
      holdMs: config.holdMs,
      holdToldMs: config.holdToldMs,
      progressEveryMs: config.progressEveryMs,
      actsFor: config.actsFor,
    },
  }
}

/** Whoever is to be told is noted before anything can run on it. */
function openBreakGlass(
  { control, audit, maker, mac, log, emergencyReceivers }: ApprovalParts,
  deliveries: SqliteDeliveryRows,
): BreakGlass {
  return new BreakGlass({
    rows: new SqliteEmergencyRows(control, mac),
    record: async (step, emergency) => {
      const { id, person } = emergency
      log.warn(`break-glass ${step}`, { id, subject: person.subject })
      await audit.append(emergencyOf(step, emergency, maker))
      const atMs = clock.nowMs()
      const told = emergencyReceivers().map((receiver) => ({ approval: id, step, receiver, atMs }))
      if (told.length > 0) deliveries.plan([], told)
    },
    nowMs: () => clock.nowMs(),
    random: (bytes) => randomBytes(bytes),
  })
}

/** Of what is asked: exact requests, and states that clients carry. */
function keyOf({ key }: MasterKey): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), 'sallyport approvals 1', KEY_BYTES)))
}

const KEY_BYTES = 32
const TASK_ID_BYTES = 24

function keyNameOf(key: KeyObject): string {
  return createHmac('sha256', key).update('name').digest('base64url').slice(0, KEY_NAME_CHARS)
}

const KEY_NAME_CHARS = 8
