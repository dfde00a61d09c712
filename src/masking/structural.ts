import type { Span } from './decoded-view.ts'
import type { Document } from './document.ts'
import { pathAt } from './structure/leaves.ts'
import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'
import type { Token } from './structure/tokens.ts'

/** Each of a list, in a path. */
const EACH = '[*]'

/** Members that the protocol itself reads (2025-11-25 and 2026-07-28): altered, a message would be another one. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'jsonrpc',
  'id',
  'method',
  'params.progressToken',
  'params._meta.progressToken',
  'params.requestId',
  'params.taskId',
  'params.protocolVersion',
  'params._meta.traceparent',
  'result._meta.traceparent',
  'result.taskId',
  'result.task.taskId',
  `result.tasks.${EACH}.taskId`,
  'result.resultType',
  'result.type',
  'result.protocolVersion',
  'result.nextCursor',
  'result.requestState',
  'params.cursor',
  'params.requestState',
  'params.name',
  'error.code',
])

/** Of `_meta`, with the prefix of the protocol. */
const META: readonly (readonly string[])[] = ['params', 'result'].flatMap((part) => [
  [part, '_meta', 'io.modelcontextprotocol/subscriptionId'],
  [part, '_meta', 'io.modelcontextprotocol/related-task', 'taskId'],
])

const STRUCTURAL_PATHS = [...[...STRUCTURAL].map((path) => path.split('.')), ...META]
const NAMES: ReadonlySet<string> = new Set(STRUCTURAL_PATHS.map((path) => path.join('.')))
const PARTS_MAX = 4
/** What every message has (JSON-RPC 2.0, 4). */
const VERSION: readonly string[] = ['jsonrpc']

/** Whether a place of a message belongs to the protocol and not to what is said by it. */
export function isStructural({ isPart }: Pick<Document, 'isPart'>, { structure, token }: Located): boolean {
  if (isPart || structure.level > 0 || isDeep(structure, token)) return false
  const parts: string[] = []
  // The outermost object has neither a key nor anything around it.
  for (let at = token; structure.parent(at) >= 0; at = structure.parent(at)) {
    const key = structure.keyOf(at)
    if (parts.length >= PARTS_MAX) return false
    parts.unshift(key < 0 ? EACH : structure.keyText(key))
  }
  // A key itself has no name of its own.
  if (structure.kind(token) === 'key' || !NAMES.has(parts.join('.'))) return false
  // A document that is no message, such as a row with an `id`, is nobody's protocol.
  return isMessage(structure)
}

/** Whether a document is a message of JSON-RPC. */
export function isMessage(structure: Structure): boolean {
  return pathAt(structure, VERSION) >= 0
}

/** Most values are: nobody needs to read their keys. */
function isDeep(structure: Located['structure'], token: Located['token']): boolean {
  let depth = 0
  for (let at = structure.parent(token); at >= 0; at = structure.parent(at)) depth += 1
  return depth > PARTS_MAX
}

/** Whether nobody but the server ever reads it: it is sealed on its way to the client. */
export function isSealedText({ structure, token }: Located): boolean {
  const key = structure.keyOf(token)
  return key >= 0 && SEALED.has(structure.keyText(key))
}

const SEALED: ReadonlySet<string> = new Set(['nextCursor', 'cursor', 'requestState'])

/** Where a message has such members: their texts and numbers, in no order. */
export function structuralSpans({ isPart, structure }: Pick<Document, 'isPart' | 'structure'>): Span[] {
  if (isPart || structure === undefined || !isMessage(structure)) return []
  const spans: Span[] = []
  addSpans(structure, { object: 0, members: MEMBERS }, spans)
  return spans
}

/** All of them in one walk: no key is read twice. Of members with the same name, the first one counts. */
function addSpans(structure: Structure, { object, members }: Walk, spans: Span[]): void {
  if (structure.kind(object) === 'array') return addEach(structure, { object, members }, spans)
  const seen = new Set<string>()
  for (let value = structure.firstChild(object); value >= 0; value = structure.nextSibling(value)) {
    const key = structure.keyOf(value)
    const name = key < 0 ? '' : structure.keyText(key)
    const member = members.get(name)
    if (member === undefined || seen.has(name)) continue
    seen.add(name)
    if (structure.isContainer(value)) addSpans(structure, { object: value, members: member.members }, spans)
    else if (member.isStructural) spans.push({ start: structure.start(value), end: structure.end(value) })
  }
}

function addEach(structure: Structure, { object: list, members }: Walk, spans: Span[]): void {
  const each = members.get(EACH)
  if (each === undefined) return
  for (let one = structure.firstChild(list); one >= 0; one = structure.nextSibling(one))
    if (structure.isContainer(one)) addSpans(structure, { object: one, members: each.members }, spans)
}

interface Walk {
  /** Or a list. */
  readonly object: Token
  readonly members: Members
}

type Members = Map<string, Member>

/** A name in the paths of members that the protocol reads. */
interface Member {
  isStructural: boolean
  readonly members: Members
}

const MEMBERS = membersOf(STRUCTURAL_PATHS)

function membersOf(paths: readonly (readonly string[])[]): Members {
  const all: Members = new Map()
  for (const path of paths) {
    let members = all
    for (const [i, name] of path.entries()) {
      const member = members.get(name) ?? { isStructural: false, members: new Map() }
      members.set(name, member)
      if (i === path.length - 1) member.isStructural = true
      members = member.members
    }
  }
  return all
}
