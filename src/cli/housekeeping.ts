import { clock } from '../base/clock.ts'
import { MINUTE_MS } from '../base/units.ts'
import { credentialsChangedOf, policyChangedOf } from '../gateway/admin-records.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Parts } from './assemble.ts'
import { HOUSEKEEPING_MS } from './limits-of.ts'
import { epochOf } from './open-log.ts'
import { osUser } from './os-user.ts'
import { Looks } from './take-looks.ts'

export interface Housekeeping {
  /** Takes over credentials that were stored just now. */
  takeOver(): Promise<void>
  /** Saves what is only in memory. No call may come any more. */
  end(): Promise<void>
}

/** What has to be done now and then while a gateway runs. Nothing of it may hold up a call or end the process. */
export function startHousekeeping(gateway: Gateway, parts: Parts): Housekeeping {
  const { config, audit, connections, policy, shadow, log } = parts
  const takeOver = (): Promise<void> =>
    connections.refreshIfChanged(async (changes) => {
      await audit.append(credentialsChangedOf(osUser(), changes, gateway))
    })
  const changePolicy = (): Promise<void> =>
    policy.refresh(async (before, after) => {
      await audit.append(policyChangedOf(osUser(), before, after, gateway))
      audit.setEpoch(epochOf(config, after))
    })
  const saveLimits = (save: (nowMs: number) => unknown): void => {
    try {
      save(clock.nowMs())
    } catch (error) {
      // It is kept, and tried again.
      log.warn('what was taken from limits could not be saved', { why: String(error) })
    }
  }
  const looks = new Looks(config.dataFolder, log)
  const takeLooks = (): Promise<void> =>
    looks
      .take(gateway)
      .catch((error: unknown) => log.warn('looks at the log could not be recorded', { why: String(error) }))
  void takeLooks()
  const timer = setInterval(() => {
    void takeLooks()
    saveLimits((nowMs) => gateway.rateLimits.flush(nowMs))
    gateway.sessions.expire(clock.nowMs())
    gateway.logouts.expire(clock.nowMs())
    gateway.approvals.logins.expire(clock.nowMs())
    expireSurrogates(parts, clock.nowMs())
    void shadow.refresh()
    gateway.approvals.breakGlass
      .tick()
      .catch((error: unknown) => log.warn('emergencies were not looked at', { why: String(error) }))
    gateway.approvals.desk
      .tick()
      .catch((error: unknown) => log.warn('approvals were not looked at', { why: String(error) }))
    forgetTasks(gateway, log)
    changePolicy().catch((error: unknown) => log.warn('a changed policy was not taken over', { why: String(error) }))
    takeOver().catch((error: unknown) => log.warn('changed credentials were not taken over', { why: String(error) }))
    gateway.refusedTokens.flush().catch(() => log.warn('refused tokens could not be recorded', {}))
  }, HOUSEKEEPING_MS)
  timer.unref()
  return {
    takeOver,
    end: async () => {
      clearInterval(timer)
      looks[Symbol.dispose]()
      await gateway.approvals.tasks.close()
      saveLimits((nowMs) => gateway.rateLimits.close(nowMs))
      await shadow.refresh()
      gateway.sessions.endAll()
      // What is on record is noted as such, or it would be recorded again at the next start.
      await gateway.approvals.desk.tick().catch(() => undefined)
      await gateway.refusedTokens.flush().catch(() => undefined)
    },
  }
}

function forgetTasks({ approvals }: Gateway, log: Parts['log']): void {
  try {
    approvals.tasks.tick()
  } catch (error) {
    log.warn('tasks that are over could not be forgotten', { why: String(error) })
  }
}

/** Stand-ins whose time is over are erased by the minute; that they are of no use any more is looked at with every use. */
function expireSurrogates({ masking, log }: Parts, nowMs: number): void {
  if (nowMs % MINUTE_MS >= HOUSEKEEPING_MS) return
  try {
    masking.vault.expire(nowMs)
  } catch (error) {
    log.warn('stand-ins that have ended could not be erased', { why: String(error) })
  }
}
