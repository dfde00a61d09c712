import type { Located } from './structure/locate.ts'

/** Members that the protocol itself reads (2025-11-25 and 2026-07-28): altered, a message would be another one. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'jsonrpc',
  'id',
  'method',
  'params.progressToken',
  'params._meta.progressToken',
  'params.requestId',
  'params.taskId',
  'params.subscriptionId',
  'params.protocolVersion',
  'params._meta.traceparent',
  'result._meta.traceparent',
  'result.taskId',
  'result.task.taskId',
  'result.resultType',
  'result.type',
  'result.protocolVersion',
  'result.subscriptionId',
  'result.nextCursor',
  'result.requestState',
  'params.cursor',
  'params.requestState',
  'params.name',
  'error.code',
])

/** Whether a place belongs to the protocol and not to what is said by it. */
export function isStructural({ structure, token }: Located): boolean {
  if (structure.level > 0) return false
  const parts: string[] = []
  for (let at = token; at >= 0 && parts.length < 5; at = structure.parent(at)) {
    const key = structure.keyOf(at)
    if (key < 0) break
    parts.unshift(structure.keyText(key))
  }
  // An index of a list or a key itself is deeper than anything here, or has no name of its own.
  return structure.kind(token) !== 'key' && STRUCTURAL.has(parts.join('.'))
}
