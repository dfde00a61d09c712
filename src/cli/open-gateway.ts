import { randomFillSync } from 'node:crypto'
import { recordId, RECORD_ID_RANDOM_BYTES } from '../audit/record-id.ts'
import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { Vault } from '../credentials/vault.ts'
import { type HttpListener, listenHttp } from '../downstream/http.ts'
import { namesOf } from '../downstream/origin.ts'
import { credentialsChangedOf, policyChangedOf, startedOf } from '../gateway/admin-records.ts'
import { arrive } from '../gateway/arrive.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { Heads } from '../gateway/heads.ts'
import { RefusedTokens } from '../gateway/refused-tokens.ts'
import { lostOf, refusedTokenOf, sessionEndOf } from '../gateway/session-records.ts'
import { Tasks } from '../gateway/tasks.ts'
import { ArgumentReader } from '../inspection/argument-reader.ts'
import { Limits } from '../limits/limits.ts'
import { createBearerGate } from '../identity/bearer.ts'
import type { SegmentLog } from '../store/segments/segment-log.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteCredentialRows } from '../store/sqlite/credential-rows.ts'
import { SqliteLimitRows } from '../store/sqlite/limit-rows.ts'
import { SqliteToolPins } from '../store/sqlite/tool-pins.ts'
import { SqliteSessionBindings } from '../store/sqlite/session-bindings.ts'
import type { Session } from '../session/session.ts'
import { Sessions } from '../session/sessions.ts'
import { epochOf, openLog } from './open-log.ts'
import { ConnectionSet } from './connection-set.ts'
import {
  gatewayLimits,
  httpLimits,
  sessionLimits,
  TASKS_MAX,
  REFUSED_TOKENS_MAX,
  HOUSEKEEPING_MS,
} from './limits-of.ts'
import type { OperatorLog } from './operator-log.ts'
import { osUser } from './os-user.ts'
import { LivePolicy } from './live-policy.ts'
import { pages } from './pages.ts'

/** A gateway that takes calls. */
export interface OpenGateway {
  /** `http://127.0.0.1:7070` */
  readonly url: string
  readonly connections: readonly string[]
  readonly vault: Vault
  /** Takes over credentials that were stored just now. */
  refreshCredentials(): Promise<void>
  /** Takes no more calls, ends what is open, and closes the log in good order. */
  close(): Promise<void>
}

/**
 * Builds a gateway from its configuration and starts it. Everything is opened in the order that it is needed and closed in
 * the other: the log is the first thing there and the last to go.
 */
export async function openGateway(
  config: Config,
  masterKey: MasterKey,
  log: OperatorLog,
  onFatal: () => void,
): Promise<OpenGateway> {
  await using stack = new AsyncDisposableStack()
  const audit = stack.adopt(await openLog(config, log, onFatal), (open) => open.close())
  const control = stack.use(ControlDatabase.open(config.dataFolder))
  const vault = new Vault(new SqliteCredentialRows(control), masterKey)
  const reader = stack.adopt(new ArgumentReader(config.readers), (open) => open.close())
  const connections = stack.adopt(new ConnectionSet(config, vault, new SqliteToolPins(control), log), (set) => set.close())
  const policy = new LivePolicy(config, log)
  await policy.begin()
  const late: { listener?: HttpListener; url: string } = { url: config.url ?? '' }
  const bearer = createBearerGate({
    // Known once the port is; nobody can call before.
    get baseUrl() {
      return late.url
    },
    issuers: config.issuers,
    onTrouble: (issuer, error) =>
      log.warn('the keys of an issuer could not be fetched', { issuer, error: error.message }),
  })
  const { gateway, flush, takeOver } = assemble({ config, audit, control, connections, policy, reader, bearer, log, late })
  // Before anybody can call: what they may do from now on, and who says so.
  await audit.append(startedOf(startFacts(config, connections), gateway))
  const listener = await listenHttp({
    host: config.listen.host,
    port: config.listen.port,
    names: namesOf(
      [...config.allowedHosts, ...hostOf(config.url)],
      [...config.allowedOrigins, ...originOf(config.url)],
    ),
    limits: httpLimits(config.limits),
    arrive: (arrival, exchange) => arrive(arrival, exchange, gateway),
    page: pages({ baseUrl: () => late.url, issuers: config.issuers, connections: config.connections, audit, policyTrouble: () => policy.trouble }),
    onBug: (error) =>
      log.error('bug', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  })
  late.listener = listener
  if (late.url === '') late.url = `http://${urlHost(config.listen.host)}:${listener.port}`
  stack.adopt(listener, async (open) => {
    await open.close()
    await flush()
  })
  const silent = await bearer.warmUp(clock.nowMs())
  for (const issuer of silent)
    log.warn('no keys of this issuer yet: its tokens are refused until it answers', { issuer })
  const owned = stack.move()
  return {
    url: late.url,
    connections: config.connections.map(({ name }) => name),
    vault,
    refreshCredentials: takeOver,
    close: () => owned.disposeAsync(),
  }
}

function startFacts({ policy, connections }: Config, { stored }: ConnectionSet) {
  const names = connections.map(({ name }) => name)
  return { by: osUser(), policy: policy.shortVersion, connections: names, credentials: stored }
}

function hostOf(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [new URL(url).hostname]
}

function originOf(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [new URL(url).origin]
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

interface Parts {
  readonly config: Config
  readonly audit: SegmentLog
  readonly control: ControlDatabase
  readonly connections: ConnectionSet
  readonly policy: LivePolicy
  readonly reader: ArgumentReader
  readonly bearer: Gateway['bearer']
  readonly log: OperatorLog
  readonly late: { readonly listener?: HttpListener; readonly url: string }
}

const NOW = { micros: () => clock.nowMicros(), ms: () => clock.nowMs(), mono: () => clock.monoMicros() }

function assemble(parts: Parts) {
  const { config, audit, control, connections, policy, reader, bearer, log, late } = parts
  const maker = { now: NOW, ids: { record: recordIds() } }
  const refusedTokens = new RefusedTokens(
    audit,
    (refused, times) => refusedTokenOf(refused, times, maker),
    REFUSED_TOKENS_MAX,
  )
  const onEnd = (session: Session): void => {
    const lost = [...session.streamed.values()]
      .filter(({ answered }) => !answered)
      .map((call) => lostOf(session, call, maker))
    const ended = session.recorded ? [sessionEndOf(session, maker)] : []
    for (const entry of [...lost, ...ended])
      audit.append(entry).catch(() => log.warn('the end of a session could not be recorded', {}))
  }
  const sessions = new Sessions(new SqliteSessionBindings(control), sessionLimits(config.limits), onEnd)
  const rateLimits = new Limits(new SqliteLimitRows(control), { nowMs: clock.nowMs() })
  const gateway: Gateway = {
    policy: () => policy.current,
    arguments: reader,
    rateLimits,
    shadow: () => undefined,
    audit,
    bearer,
    connection: (name) => connections.get(name),
    sessions,
    tasks: new Tasks(TASKS_MAX),
    heads: new Heads(),
    refusedTokens,
    keepAlive: () => {
      if (late.listener === undefined) throw new TypeError('nobody can call before the listener is open')
      return late.listener.keepAlive
    },
    baseUrl: () => late.url,
    limits: gatewayLimits(config.limits),
    ...maker,
    warn: (what, detail) => log.warn(what, detail),
  }
  const takeOver = (): Promise<void> =>
    connections.refreshIfChanged(async (changes) => {
      await audit.append(credentialsChangedOf(osUser(), changes, maker))
    })
  const changePolicy = (): Promise<void> =>
    policy.refresh(async (before, after) => {
      await audit.append(policyChangedOf(osUser(), before, after, maker))
      audit.setEpoch(epochOf(config, after))
    })
  const housekeeping = setInterval(() => {
    saveLimits(rateLimits, log)
    changePolicy().catch((error: unknown) => log.warn('a changed policy was not taken over', { why: String(error) }))
    sessions.expire(clock.nowMs())
    takeOver().catch((error: unknown) => log.warn('changed credentials were not taken over', { why: String(error) }))
    refusedTokens.flush().catch(() => log.warn('refused tokens could not be recorded', {}))
  }, HOUSEKEEPING_MS)
  housekeeping.unref()
  const flush = async (): Promise<void> => {
    clearInterval(housekeeping)
    try {
      rateLimits.close(clock.nowMs())
    } catch (error) {
      log.warn('what was taken from limits could not be saved', { why: String(error) })
    }
    sessions.endAll()
    await refusedTokens.flush().catch(() => undefined)
  }
  return { gateway, flush, takeOver }
}

/** Where the disk is full, what is not saved is kept and tried again. */
function saveLimits(limits: Limits, log: OperatorLog): void {
  try {
    limits.flush(clock.nowMs())
  } catch (error) {
    log.warn('what was taken from limits could not be saved', { why: String(error) })
  }
}

/** Random bytes from a pool: one system call for many ids. */
function recordIds(): () => string {
  const pool = new Uint8Array(RECORD_ID_RANDOM_BYTES * 512)
  let at = pool.byteLength
  return () => {
    if (at + RECORD_ID_RANDOM_BYTES > pool.byteLength) {
      randomFillSync(pool)
      at = 0
    }
    const random = pool.subarray(at, at + RECORD_ID_RANDOM_BYTES)
    at += RECORD_ID_RANDOM_BYTES
    return recordId(clock.nowMicros(), random)
  }
}
