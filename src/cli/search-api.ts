import type { Entry } from '../audit/log.ts'
import { clock } from '../base/clock.ts'
import type { ViewConfig } from '../config/config.ts'
import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { ownRecord } from '../gateway/own-record.ts'
import type { Principal } from '../identity/principal.ts'
import type { Viewer } from '../search/authorise.ts'
import type { SearchThread } from '../store/search/search-thread.ts'
import { apiPage, callerOf, LOG_UNAVAILABLE, onRecord, problem } from './api-pages.ts'
import { readSearchTexts, type SearchTerms } from './search-options.ts'
import { viewerOf } from './viewer.ts'

export interface SearchApiParts {
  readonly gateway: Pick<Gateway, 'audit' | 'bearer' | 'baseUrl' | 'now' | 'ids' | 'refusedTokens'>
  /** Undefined where there is no index. */
  readonly thread: SearchThread | undefined
  readonly view: ViewConfig
  /** Hides in a query what is hidden in records. */
  readonly hide: (text: string) => string
}

/** A person who waits at a browser gives up after some seconds; what was not counted by then is said. */
const BUDGET_MS = 2_000
export const SEARCH_PATH = '/api/v1/search'
/** Numbers come along with a page, and nobody waits for them that long (audit.md, 16.5). */
const COUNT_MS = 350
const PARAMETERS: readonly string[] = ['q', 'limit', 'before', 'facets', 'histogram', 'zone', 'count']

/**
 * `GET /api/v1/search`: who asks is settled first, then what they may see, then what they ask; the look itself is on record
 * before anything of the answer leaves.
 */
export function searchApi(parts: SearchApiParts): (request: ApiRequest) => Promise<Page> {
  return async (request) => {
    if (request.path !== SEARCH_PATH) return problem(404, `No such page. There is ${SEARCH_PATH}.`)
    if (request.method !== 'GET') return problem(405, 'Use GET.', ['Allow', 'GET'])
    const caller = await callerOf(request, parts.gateway, API_NAME)
    if ('status' in caller) return caller
    const viewer = viewerOf(caller, parts.view)
    if (viewer === undefined)
      return problem(403, 'You may not search what was recorded. The audit.view of the gateway says who may.')
    const asked = readRequest(request.query)
    if (typeof asked === 'string') return problem(400, asked)
    return answered({ caller, viewer, address: request.address, ...asked }, parts)
  }
}

/** Where records of refused tokens have the name of a connection; no connection has one with a slash. */
const API_NAME = 'api/search'

interface Asked {
  readonly text: string
  readonly terms: SearchTerms
}

function readRequest(query: string): Asked | string {
  const parameters = new URLSearchParams(query)
  const names = [...parameters.keys()]
  const unknown = names.find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) return `There is no parameter of that name. There are: ${PARAMETERS.join(', ')}.`
  if (new Set(names).size < names.length) return 'A parameter stands there twice.'
  const at = (name: string): string | undefined => parameters.get(name) ?? undefined
  const count = at('count')
  if (count !== undefined && count !== 'true' && count !== 'false') return 'count is true or false.'
  const texts = {
    limit: at('limit'),
    before: at('before'),
    facets: at('facets'),
    histogram: at('histogram'),
    zone: at('zone'),
  }
  const terms = readSearchTexts({ ...texts, count: count === 'true' }, 'UTC')
  return typeof terms === 'string' ? terms : { text: at('q') ?? '', terms }
}

interface Look extends Asked {
  readonly caller: Principal
  readonly viewer: Viewer
  readonly address: string
}

async function answered(look: Look, parts: SearchApiParts): Promise<Page> {
  if (parts.thread === undefined) return NO_INDEX
  const { limit, before, want, zone } = look.terms
  const moment = { now: clock.nowMicros(), zone }
  const reply = await parts.thread.ask({
    text: look.text,
    moment,
    viewer: look.viewer,
    limit,
    before,
    want,
    budgetMs: BUDGET_MS,
    countMs: COUNT_MS,
  })
  if (reply === 'busy') return problem(503, 'Too many searches at the moment.', ['Retry-After', '1'])
  if (reply === 'failed')
    return problem(503, 'The search failed. The log of the gateway says why.', ['Retry-After', '5'])
  if (reply.kind === 'mistakes') return apiPage(400, reply.json)
  // What was looked at is on record before anybody sees it (audit.md, 3.3).
  if (!(await onRecord(parts.gateway.audit.append(viewOf(look, reply, parts))))) return LOG_UNAVAILABLE
  return apiPage(200, reply.json)
}

function viewOf(
  { caller, viewer, address }: Look,
  { query, hits }: { query: string; hits: number },
  { gateway, hide }: SearchApiParts,
): Entry<'view'> {
  const { clientId, email, groups, issuer, subject } = caller
  const actor = { sub: subject, iss: issuer, email, groups, client: { id: clientId }, ip: address }
  const view = { query: hide(query), rows: hits, sees: viewer.sees }
  return ownRecord('view', { dir: 'gw', actor, view }, gateway)
}

const NO_INDEX = problem(501, 'This gateway has no search index (audit.index.mode: off).')
