import { placeOfError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { Vault } from '../credentials/vault.ts'
import { type HttpListener, type HttpOptions, listenHttp } from '../downstream/http.ts'
import { namesOf } from '../downstream/origin.ts'
import { startedOf } from '../gateway/admin-records.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { arrive } from '../gateway/arrive.ts'
import { ArgumentReader } from '../inspection/argument-reader.ts'
import { type BearerGate, createBearerGate } from '../identity/bearer.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteCredentialRows } from '../store/sqlite/credential-rows.ts'
import { SqliteShadowRows } from '../store/sqlite/shadow-rows.ts'
import { SqliteToolPins } from '../store/sqlite/tool-pins.ts'
import { assemble, newMaker, type Parts } from './assemble.ts'
import { startHousekeeping } from './housekeeping.ts'
import { openLog } from './open-log.ts'
import { logoutApi, LOGOUT_PATH } from './logout-api.ts'
import { Logouts } from '../session/logouts.ts'
import { SqliteLogoutRows } from '../store/sqlite/logout-rows.ts'
import { ConnectionSet } from './connection-set.ts'
import { httpLimits } from './limits-of.ts'
import type { OperatorLog } from './operator-log.ts'
import { OpenMasking } from './open-masking.ts'
import { openRowMac } from './open-row-mac.ts'
import { hideInQueries, openSearch } from './open-search.ts'
import { type Notify, openNotify } from './open-notify.ts'
import { osUser } from './os-user.ts'
import { openClasses, openLife } from './open-retention.ts'
import { refuseRolledBack, startOutsiders } from './outsiders.ts'
import { startExports } from './scheduled-exports.ts'
import { LivePolicy } from './live-policy.ts'
import { pages } from './pages.ts'
import { api } from './api.ts'
import { BREAK_GLASS_PATH, breakGlassApi } from './break-glass-api.ts'
import { APPROVALS_PATH, approvalsApi } from './approvals-api.ts'
import { doorOf } from './approvals/page/open-door.ts'
import { PAGE_PATH } from './approvals/page/login.ts'
import { approvalsPage } from './approvals/page/page.ts'
import { SEARCH_PATH, searchApi } from './search-api.ts'
import { ShadowWatch } from './policy-shadow-watch.ts'

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
  master: MasterKey,
  log: OperatorLog,
  onFatal: () => void,
): Promise<OpenGateway> {
  await using stack = new AsyncDisposableStack()
  await refuseRolledBack(config, log)
  const audit = stack.adopt(await openLog(config, { log, master }, onFatal), (open) => open.close())
  const control = stack.use(ControlDatabase.open(config.dataFolder))
  const vault = new Vault(new SqliteCredentialRows(control), master)
  const reader = stack.adopt(new ArgumentReader(config.readers), (open) => open.close())
  const masking = stack.use(new OpenMasking(config, master, log))
  const classes = await openClasses(control, config, audit)
  const connections = stack.adopt(
    new ConnectionSet(config, { vault, pins: new SqliteToolPins(control), masking, classes, log }),
    (set) => set.close(),
  )
  const policy = new LivePolicy(config, log)
  await policy.begin()
  const late: { listener?: HttpListener; url: string } = { url: config.url ?? '' }
  const logouts = new Logouts(new SqliteLogoutRows(control))
  const bearer = bearerGate(config, () => late.url, { log, logouts })
  const shadow = new ShadowWatch({ rows: new SqliteShadowRows(control), config, log })
  await shadow.refresh()
  const maker = newMaker()
  const mac = openRowMac({ master, audit, maker, log })
  const opened = { config, audit, control, master, masking, connections, reader, logouts, maker, mac }
  const parts: Parts = { ...opened, policy, shadow, bearer, log, late }
  const gateway = assemble(parts)
  stack.use(openLife(config, { audit, master, classes, log }))
  await gateway.approvals.desk.recover(gateway.sessions.remembered)
  // Before anybody can call: what they may do from now on, and who says so.
  await audit.append(startedOf(startFacts(config, connections), gateway))
  const thread = stack.adopt(openSearch(config, master, log), (open) => open?.close())
  const hide = hideInQueries(masking)
  const search = searchApi({ gateway, thread, view: config.audit.view, hide })
  const notify = openNotify({ config: config.approvals, control, gateway, mac, log })
  const listener = await listen(gateway, parts, { search, hide, notify })
  late.listener = listener
  if (late.url === '') late.url = `http://${urlHost(config.listen.host)}:${listener.port}`
  stack.use(notify.start())
  const housekeeping = startHousekeeping(gateway, parts)
  stack.adopt(listener, async (open) => {
    await open.close()
    await housekeeping.end()
  })
  const { dataFolder } = config
  stack.use(startOutsiders({ dataFolder, config: config.audit, audit, maker: gateway, log, onFatal }))
  stack.use(startExports(config, log))
  await warmUp(bearer, log)
  const owned = stack.move()
  return {
    url: late.url,
    connections: config.connections.map(({ name }) => name),
    vault,
    refreshCredentials: () => housekeeping.takeOver(),
    close: () => owned.disposeAsync(),
  }
}

async function warmUp(bearer: BearerGate, log: OperatorLog): Promise<void> {
  for (const issuer of await bearer.warmUp(clock.nowMs()))
    log.warn('no keys of this issuer yet: its tokens are refused until it answers', { issuer })
}

function bearerGate(
  { issuers }: Config,
  baseUrl: () => string,
  { log, logouts }: { readonly log: OperatorLog; readonly logouts: Logouts },
): BearerGate {
  return createBearerGate({
    // Known once the port is; nobody can call before.
    get baseUrl() {
      return baseUrl()
    },
    issuers,
    isLoggedOut: (principal) => logouts.covers(principal),
    onTrouble: (issuer, error) =>
      log.warn('the keys of an issuer could not be fetched', { issuer, error: error.message }),
  })
}

function listen(
  gateway: Gateway,
  { config, audit, policy, log }: Parts,
  { search, hide, notify }: { search: HttpOptions['api']; hide: (text: string) => string; notify: Notify },
): Promise<HttpListener> {
  const { issuers, connections, approvals } = config
  return listenHttp({
    host: config.listen.host,
    port: config.listen.port,
    names: namesOf(
      [...config.allowedHosts, ...hostOf(config.url)],
      [...config.allowedOrigins, ...originOf(config.url)],
    ),
    limits: httpLimits(config.limits),
    arrive: (arrival, exchange) => arrive(arrival, exchange, gateway),
    page: pages({ baseUrl: () => gateway.baseUrl(), issuers, connections, audit, policyTrouble: () => policy.trouble }),
    api: api([
      { path: SEARCH_PATH, answer: search },
      { path: APPROVALS_PATH, answer: approvalsApi({ gateway, ...approvals }) },
      { path: PAGE_PATH, answer: approvalsPage({ gateway, ...approvals, door: doorOf(config) }) },
      { path: LOGOUT_PATH, answer: logoutApi(gateway) },
      { path: BREAK_GLASS_PATH, answer: breakGlassApi({ gateway, ...approvals, hide }) },
      ...notify.parts,
    ]),
    onBug: (error) => log.error('bug', { error: placeOfError(error) }),
  })
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
