import { Document } from './document.ts'
import { pathAt } from './structure/leaves.ts'

/** What is answered with what a server says of what it offers. Tools are pinned by it, and a rewritten one would be another tool. */
const METHODS: ReadonlySet<string> = new Set(['tools/list', 'prompts/list', 'resources/templates/list'])

const RESULT: readonly string[] = ['result']

export function asksForDefinitions(method: string): boolean {
  return METHODS.has(method)
}

/** Whether a message that answers such a request defines anything: an error does not, nor what is said beside the answer. */
export function isDefinitions(method: string, bytes: Uint8Array): boolean {
  if (!asksForDefinitions(method)) return false
  const { structure } = new Document(bytes)
  return structure !== undefined && pathAt(structure, RESULT) >= 0
}
