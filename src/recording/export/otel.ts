import { sessionId } from '../../base/ids.ts'
import type { JsonObject } from '../../base/json.ts'
import { isRefusal, numberAt, type RecordedRecord, textAt } from '../read.ts'

/** Names of OpenTelemetry that are in development, in one place (semantic-conventions-genai; audit.md, 15.1). */
const NAME = {
  method: 'mcp.method.name',
  session: 'mcp.session.id',
  protocol: 'mcp.protocol.version',
  resource: 'mcp.resource.uri',
  request: 'jsonrpc.request.id',
  tool: 'gen_ai.tool.name',
  operation: 'gen_ai.operation.name',
  error: 'error.type',
} as const

/**
 * A record as one line of OTLP/JSON: a LogsData with one log record, which the file receivers of collectors take. Arguments and
 * results stay out: telemetry must not become a second copy.
 */
export function otelLine(record: RecordedRecord, version: string): JsonObject {
  const attributes = [text('service.name', 'sallyport'), text('service.version', version)].filter(
    (one) => one !== undefined,
  )
  return {
    resourceLogs: [
      {
        resource: { attributes },
        scopeLogs: [{ scope: { name: 'sallyport.audit' }, logRecords: [logRecord(record)] }],
      },
    ],
  }
}

function logRecord(record: RecordedRecord): JsonObject {
  const { envelope, stored } = record
  const refused = isRefusal(record)
  return {
    timeUnixNano: `${stored.entry.time}000`,
    severityNumber: refused ? 13 : 9,
    severityText: refused ? 'WARN' : 'INFO',
    eventName: `sallyport.${stored.entry.kind}`,
    body: { stringValue: [stored.entry.kind, textAt(envelope, 'mcp', 'method') ?? ''].join(' ').trim() },
    attributes: attributesOf(record),
    ...traceOf(envelope),
  }
}

function attributesOf({ envelope, integrity, stored }: RecordedRecord): JsonObject[] {
  const { entry, origin, seq } = stored
  const method = textAt(envelope, 'mcp', 'method')
  const target = textAt(envelope, 'mcp', 'target')
  const status = textAt(envelope, 'outcome', 'status')
  const isLegacy = textAt(envelope, 'session', 'basis') === 'mcp-session-id'
  const session = entry.session && sessionId(entry.session)
  return [
    text('audit.stream', origin),
    integer('audit.seq', seq),
    text('audit.id', textAt(envelope, 'id')),
    integer('audit.of', numberAt(envelope, 'of')),
    text('audit.kind', entry.kind),
    text('audit.integrity', integrity),
    text(isLegacy ? NAME.session : 'audit.session', session),
    text('user.id', textAt(envelope, 'actor', 'sub') ?? textAt(envelope, 'view', 'sub')),
    text('user.email', textAt(envelope, 'actor', 'email')),
    text('client.address', textAt(envelope, 'actor', 'ip') ?? textAt(envelope, 'view', 'address')),
    text('sallyport.connection', textAt(envelope, 'conn', 'name')),
    text(NAME.method, method),
    text(NAME.protocol, textAt(envelope, 'mcp', 'proto')),
    text(NAME.request, textAt(envelope, 'mcp', 'req_id')),
    text(NAME.operation, method === 'tools/call' ? 'execute_tool' : undefined),
    text(NAME.tool, method === 'tools/call' ? target : undefined),
    text(NAME.resource, method === 'resources/read' ? target : undefined),
    text('sallyport.decision', textAt(envelope, 'decision', 'effect')),
    text('sallyport.rule', textAt(envelope, 'decision', 'rule')),
    text('sallyport.policy', textAt(envelope, 'decision', 'policy')),
    text('sallyport.status', status),
    text(NAME.error, status === undefined || status === 'ok' ? undefined : status),
    integer('sallyport.duration_us', numberAt(envelope, 'io', 'total_us')),
  ].filter((one) => one !== undefined)
}

function traceOf(envelope: JsonObject): JsonObject {
  const traceId = textAt(envelope, 'trace', 'trace_id')
  return traceId === undefined ? {} : { traceId, spanId: textAt(envelope, 'trace', 'span_id') }
}

function text(key: string, value: string | undefined): JsonObject | undefined {
  return value === undefined ? undefined : { key, value: { stringValue: value } }
}

/** 64-bit integers are texts in OTLP/JSON. */
function integer(key: string, value: number | undefined): JsonObject | undefined {
  return value === undefined ? undefined : { key, value: { intValue: String(value) } }
}
