import { toBase64 } from '../../base/bytes.ts'
import { sessionId } from '../../base/ids.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'
import { maskedKinds } from '../print.ts'
import { isRefusal, numberAt, objectAt, type RecordedRecord, textAt } from '../read.ts'

/** Released in March 2026; every event names it. */
export const OCSF_VERSION = '1.8.0'

const PROFILES = ['security_control', 'trace', 'data_classification']

/**
 * A record as an event of OCSF: calls are API Activity, refused tokens Authentication, changes Entity Management. Everything
 * else that the log holds, of itself above all, is a Base Event, so that no record is left out.
 */
export function ocsfEvent(record: RecordedRecord, version: string): JsonObject {
  const { envelope, stored } = record
  return withoutUndefined({
    ...classOf(record),
    time: Math.floor(stored.entry.time / 1000),
    ...severityOf(record),
    metadata: metadataOf(record, version),
    ...statusOf(envelope),
    ...controlOf(record),
    policy: policyOf(envelope),
    trace: traceOf(envelope),
    duration: milliseconds(numberAt(envelope, 'io', 'total_us')),
    message: messageOf(record),
    unmapped: unmappedOf(record),
  })
}

type ClassPart = JsonObject & { readonly class_uid: number }

const CALLS: ReadonlySet<EntryKind> = new Set(['intent', 'outcome', 'refused', 'part', 'notification', 'decision'])

function classOf(record: RecordedRecord): ClassPart {
  const { kind } = record.stored.entry
  if (CALLS.has(kind)) return apiActivity(record)
  if (kind === 'auth') return authentication(record)
  if (kind === 'admin.change' || kind === 'policy.change') return entityManagement(record)
  return { ...activity({ category: 0, classUid: 0, id: OTHER }) }
}

const OTHER = 99

function activity(of: { readonly category: number; readonly classUid: number; readonly id: number }): ClassPart {
  return {
    category_uid: of.category,
    class_uid: of.classUid,
    activity_id: of.id,
    type_uid: of.classUid * 100 + of.id,
  }
}

function apiActivity(record: RecordedRecord): ClassPart {
  const { envelope } = record
  const method = textAt(envelope, 'mcp', 'method') ?? 'unknown'
  const id = method.endsWith('/read') || method.endsWith('/list') || method.endsWith('/get') ? READ : OTHER
  return {
    ...activity({ category: 6, classUid: 6003, id }),
    actor: actorOf(record),
    api: {
      operation: method,
      service: serviceOf(envelope),
      request: uidOf(textAt(envelope, 'mcp', 'req_id')),
    },
    src_endpoint: endpointOf(envelope),
    http_request: userAgent(textAt(envelope, 'actor', 'ua')),
    resources: resourcesOf(envelope),
  }
}

const READ = 2

function authentication({ envelope }: RecordedRecord): ClassPart {
  const address = matching(textAt(envelope, 'view', 'address'), ADDRESS)
  const isLogout = textAt(envelope, 'outcome', 'detail') === 'logged_out'
  return {
    ...activity({ category: 3, classUid: 3002, id: isLogout ? LOGOFF : LOGON }),
    user: userOf(envelope, textAt(envelope, 'view', 'sub')),
    src_endpoint: address === undefined ? undefined : { ip: address },
    service: { name: textAt(envelope, 'view', 'connection') ?? 'sallyport' },
    count: numberAt(envelope, 'view', 'times'),
  }
}

const LOGON = 1
const LOGOFF = 2

function entityManagement({ envelope, stored }: RecordedRecord): ClassPart {
  const what = textAt(envelope, 'change', 'what') ?? stored.entry.kind
  return {
    ...activity({ category: 3, classUid: 3004, id: UPDATE }),
    entity: { name: what, type: 'configuration', version: textAt(envelope, 'change', 'after') },
    actor: { user: { name: textAt(envelope, 'change', 'os_user') ?? 'unknown' } },
  }
}

const UPDATE = 3

function actorOf({ envelope, stored }: RecordedRecord): JsonObject {
  const { session } = stored.entry
  return {
    user: userOf(envelope),
    idp: uidOf(textAt(envelope, 'actor', 'iss')),
    app_uid: textAt(envelope, 'actor', 'client', 'id'),
    app_name: textAt(envelope, 'actor', 'client', 'name'),
    session: session === undefined ? undefined : { uid: sessionId(session) },
  }
}

/** `known`: where the record names no actor. Whose token was refused at the door nobody knows. */
function userOf(envelope: JsonObject, known?: string): JsonObject {
  const groups = objectAt(envelope, 'actor')?.['groups']
  const uid = textAt(envelope, 'actor', 'sub') ?? known
  return {
    name: textAt(envelope, 'actor', 'email') ?? uid ?? 'unknown',
    uid,
    email_addr: matching(textAt(envelope, 'actor', 'email'), EMAIL),
    groups: Array.isArray(groups) ? groups.map((name) => ({ name: String(name) })) : undefined,
  }
}

function serviceOf(envelope: JsonObject): JsonObject | undefined {
  const name = textAt(envelope, 'conn', 'server', 'name') ?? textAt(envelope, 'conn', 'name')
  return name === undefined ? undefined : { name, version: textAt(envelope, 'conn', 'server', 'version') }
}

function endpointOf(envelope: JsonObject): JsonObject {
  const ip = matching(textAt(envelope, 'actor', 'ip'), ADDRESS)
  return ip === undefined ? { name: 'unknown' } : { ip }
}

function resourcesOf(envelope: JsonObject): JsonValue | undefined {
  const name = textAt(envelope, 'conn', 'name')
  const masked = Object.entries(maskedKinds(envelope))
  if (name === undefined) return undefined
  const kinds = masked.map(([kind, total]) => ({ category: kind, category_id: OTHER, total, status_id: OTHER }))
  return [
    {
      name,
      type: 'mcp',
      uid: textAt(envelope, 'mcp', 'target'),
      data_classifications: kinds.length === 0 ? undefined : kinds,
    },
  ]
}

function metadataOf({ envelope, stored }: RecordedRecord, version: string): JsonObject {
  return {
    version: OCSF_VERSION,
    profiles: PROFILES,
    product: { name: 'Sallyport', vendor_name: 'Sallyport', version },
    uid: textAt(envelope, 'id') ?? `${stored.origin}/${stored.seq}`,
    log_name: stored.origin,
    sequence: stored.seq,
    event_code: stored.entry.kind,
    tenant_uid: textAt(envelope, 'tenant'),
  }
}

function severityOf(record: RecordedRecord): JsonObject {
  if (record.integrity === 'altered' || record.integrity === 'missing') return { severity_id: 4 }
  return { severity_id: isRefusal(record) ? 2 : 1 }
}

function statusOf(envelope: JsonObject): JsonObject {
  const status = textAt(envelope, 'outcome', 'status')
  if (status === undefined) return {}
  const detail = textAt(envelope, 'outcome', 'detail')
  return { status_id: status === 'ok' ? 1 : status === 'unknown' ? 0 : 2, status, status_detail: detail ?? status }
}

/** 1 allowed, 2 denied, 4 modified: what was masked on its way (profile security_control). */
function controlOf({ envelope, stored }: RecordedRecord): JsonObject {
  if (!CALLS.has(stored.entry.kind)) return {}
  if (stored.entry.kind === 'refused') return { action_id: 2, disposition_id: 2 }
  if (Object.keys(maskedKinds(envelope)).length > 0) return { action_id: 4, disposition_id: 1 }
  return { action_id: 1, disposition_id: 1 }
}

function policyOf(envelope: JsonObject): JsonObject | undefined {
  const rule = textAt(envelope, 'decision', 'rule')
  return rule === undefined ? undefined : { uid: rule, version: textAt(envelope, 'decision', 'policy') }
}

function traceOf(envelope: JsonObject): JsonObject | undefined {
  return uidOf(textAt(envelope, 'trace', 'trace_id'))
}

function messageOf({ envelope, stored }: RecordedRecord): string {
  const words = [
    stored.entry.kind,
    textAt(envelope, 'mcp', 'method'),
    textAt(envelope, 'mcp', 'target'),
    textAt(envelope, 'decision', 'reason'),
  ]
  return words.filter((word) => word !== undefined).join(' ')
}

/** What proves the record: origin, place and leaf lead to it in the tree. OCSF 1.8 has no place for it. */
function unmappedOf({ envelope, integrity, stored }: RecordedRecord): JsonObject {
  return {
    sallyport: {
      origin: stored.origin,
      seq: stored.seq,
      leaf: toBase64(stored.leaf),
      time_us: stored.entry.time,
      of: numberAt(envelope, 'of'),
      integrity,
      protocol: textAt(envelope, 'mcp', 'proto'),
      span_id: textAt(envelope, 'trace', 'span_id'),
    },
  }
}

/** The schema takes these forms only (email_t, ip_t); a name of another form stands in `name`. */
const EMAIL = /^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+$/
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]+)$/

function matching(text: string | undefined, form: RegExp): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined
}

function uidOf(uid: string | undefined): JsonObject | undefined {
  return uid === undefined ? undefined : { uid }
}

function userAgent(text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : { user_agent: text }
}

function milliseconds(micros: number | undefined): number | undefined {
  return micros === undefined ? undefined : Math.round(micros / 1000)
}

function withoutUndefined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
