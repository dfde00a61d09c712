import type { Document } from './document.ts'
import type { Span } from './decoded-view.ts'
import { isMessage } from './structural.ts'
import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'

/** Names of the members of messages (MCP 2024-11-05 to 2026-07-28, JSON-RPC 2.0, and of the schemas that forms are made of). */
const KEYS: ReadonlySet<string> = wordsOf(`
  jsonrpc id method params result error code message data _meta
  content contents structuredContent isError type text mimeType uri blob size icons src sizes annotations audience priority
  lastModified resource resources resourceTemplates uriTemplate name title description
  tools prompts prompt messages role arguments required inputSchema outputSchema execution taskSupport
  readOnlyHint destructiveHint idempotentHint openWorldHint listChanged subscribe
  nextCursor cursor requestState progressToken progress total level logger requestId reason
  protocolVersion capabilities clientInfo serverInfo instructions version experimental logging completions
  roots sampling elicitation form url elicitationId requestedSchema properties action mode
  format minimum maximum minLength maxLength minItems maxItems pattern default enum enumNames oneOf anyOf items const
  completion values hasMore ref argument context input toolUseId
  model stopReason maxTokens temperature systemPrompt modelPreferences hints costPriority speedPriority intelligencePriority
  includeContext stopSequences metadata toolChoice
  tasks task taskId status statusMessage createdAt lastUpdatedAt ttl pollInterval
  resultType inputRequests inputResponses subscriptionId cacheScope ttlMs supportedVersions
`)

/** Members whose value is one of a few words. */
const CHOICES: ReadonlySet<string> = wordsOf(
  'type role mimeType level action stopReason status resultType mode taskSupport cacheScope',
)

const VALUES: ReadonlySet<string> = wordsOf(`
  text image audio resource resource_link tool_use tool_result ref/prompt ref/resource
  user assistant debug info notice warning error critical alert emergency accept decline cancel
  endTurn stopSequence maxTokens toolUse working input_required completed failed cancelled complete task form url
  forbidden optional required public private object string number integer boolean array
  text/plain text/html text/markdown text/csv text/css text/javascript application/json application/pdf application/xml
  application/octet-stream application/zip image/png image/jpeg image/gif image/webp image/svg+xml
  audio/wav audio/mpeg audio/mp3 audio/ogg video/mp4
`)

/** What stands below these is what servers and clients say, whatever its members are called. */
const FREE: ReadonlySet<string> = wordsOf('structuredContent arguments _meta data metadata experimental properties')

const PARTS: ReadonlySet<string> = new Set(
  [...KEYS, ...VALUES].flatMap((word) => [word, ...word.split(/[^A-Za-z0-9_]/)]),
)

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}

/** Whether the protocol has a word like a value, so that the value may stand in a message without being said. */
export function isProtocolWord(value: string): boolean {
  return PARTS.has(value)
}

/** Whether a key or a text is a word of the protocol itself: written otherwise, the message would be none, or say something else. */
export function isWordOfProtocol({ isPart }: Pick<Document, 'isPart'>, at: Located): boolean {
  return !isPart && at.structure.level === 0 && isFixed(at) && isMessage(at.structure)
}

function isFixed({ structure, token }: Located): boolean {
  if (!isWord(structure, token)) return false
  for (let at = structure.parent(token); at > 0; at = structure.parent(at)) {
    const key = structure.keyOf(at)
    if (key >= 0 && FREE.has(structure.keyText(key))) return false
  }
  return true
}

function isWord(structure: Structure, token: number): boolean {
  const kind = structure.kind(token)
  if (kind === 'key') return KEYS.has(structure.keyText(token))
  const key = kind === 'string' ? structure.keyOf(token) : -1
  return key >= 0 && CHOICES.has(structure.keyText(key)) && VALUES.has(structure.text(token))
}

/** Where the words of the protocol stand in a message, in order. */
export function protocolWordSpans({ isPart, structure }: Pick<Document, 'isPart' | 'structure'>): readonly Span[] {
  if (isPart || structure === undefined || !isMessage(structure)) return []
  const spans: Span[] = []
  for (let token = 0; token < structure.length; token++)
    if (isFixed({ structure, token })) spans.push({ start: structure.start(token), end: structure.end(token) })
  return spans
}
