import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import type { HttpListener } from '../downstream/http.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { Heads } from '../gateway/heads.ts'
import { RefusedTokens } from '../gateway/refused-tokens.ts'
import { refusedTokenOf } from '../gateway/auth-records.ts'
import { lostOf, type Maker, sessionEndOf } from '../gateway/session-records.ts'
import { Tasks } from '../gateway/tasks.ts'
import type { ArgumentReader } from '../inspection/argument-reader.ts'
import { Limits } from '../limits/limits.ts'
import type { Session } from '../session/session.ts'
import type { Logouts } from '../session/logouts.ts'
import { Sessions } from '../session/sessions.ts'
import type { SegmentLog } from '../store/segments/segment-log.ts'
import type { ControlDatabase } from '../store/sqlite/control.ts'
import type { RowMac } from '../store/sqlite/row-mac.ts'
import { SqliteLimitRows } from '../store/sqlite/limit-rows.ts'
import { SqliteSessionBindings } from '../store/sqlite/session-bindings.ts'
import { openApprovals } from './open-approvals.ts'
import type { ConnectionSet } from './connection-set.ts'
import { gatewayLimits, REFUSED_TOKENS_MAX, sessionLimits, TASKS_MAX } from './limits-of.ts'
import type { LivePolicy } from './live-policy.ts'
import type { OpenMasking } from './open-masking.ts'
import type { OperatorLog } from './operator-log.ts'
import type { ShadowWatch } from './policy-shadow-watch.ts'
import { recordIds } from './record-ids.ts'

/** What a gateway is put together from; whoever opened these closes them. */
export interface Parts {
  readonly config: Config
  readonly audit: SegmentLog
  readonly control: ControlDatabase
  readonly master: MasterKey
  readonly masking: OpenMasking
  readonly connections: ConnectionSet
  readonly policy: LivePolicy
  readonly shadow: ShadowWatch
  readonly reader: ArgumentReader
  readonly logouts: Logouts
  readonly bearer: Gateway['bearer']
  readonly maker: Maker
  readonly mac: RowMac
  readonly log: OperatorLog
  readonly late: { readonly listener?: HttpListener; readonly url: string }
}

const NOW = { micros: () => clock.nowMicros(), ms: () => clock.nowMs(), mono: () => clock.monoMicros() }

/** What records of the gateway's own are made with. */
export function newMaker(): Maker {
  return { now: NOW, ids: { record: recordIds() } }
}

/** Puts the data path together. */
export function assemble(parts: Parts): Gateway & { readonly rateLimits: Limits } {
  const { config, audit, control, master, connections, policy, shadow, reader, logouts, bearer, log, late } = parts
  const { maker, mac } = parts
  const recordEnd = recordingEnds(audit, maker, log)
  const approvals = openApprovals({
    control,
    audit,
    master,
    config: config.approvals,
    connection: (name) => connections.get(name),
    maker,
    mac,
    emergencyReceivers: () => policy.current.breakGlass?.notify ?? [],
    log,
  })
  return {
    policy: () => policy.current,
    arguments: reader,
    rateLimits: new Limits(new SqliteLimitRows(control), { nowMs: clock.nowMs() }),
    shadow: () => shadow.current(),
    audit,
    bearer,
    connection: (name) => connections.get(name),
    sessions: new Sessions(new SqliteSessionBindings(control), sessionLimits(config.limits), (session, forEver) => {
      recordEnd(session)
      if (forEver)
        void approvals.desk
          .sessionEnded(session.id)
          .catch(() => log.warn('what was approved for a session that ended could not be ended', {}))
    }),
    logouts,
    tasks: new Tasks(TASKS_MAX),
    approvals,
    heads: new Heads(),
    refusedTokens: new RefusedTokens(
      audit,
      (refused, times) => refusedTokenOf(refused, times, maker),
      REFUSED_TOKENS_MAX,
    ),
    keepAlive: () => {
      if (late.listener === undefined) throw new TypeError('nobody can call before the listener is open')
      return late.listener.keepAlive
    },
    baseUrl: () => late.url,
    limits: gatewayLimits(config.limits),
    ...maker,
    warn: (what, detail) => log.warn(what, detail),
  }
}

/** The end of a session is on record, and with it the calls whose replies never came. */
function recordingEnds(audit: SegmentLog, maker: Maker, log: OperatorLog): (session: Session) => void {
  return (session) => {
    const lost = [...session.streamed.values()]
      .filter(({ answered }) => !answered)
      .map((call) => lostOf(session, call, maker))
    const ended = session.recorded ? [sessionEndOf(session, maker)] : []
    for (const entry of [...lost, ...ended])
      audit.append(entry).catch(() => log.warn('the end of a session could not be recorded', {}))
  }
}
