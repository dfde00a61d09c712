import { encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson } from '../base/json.ts'
import { Document } from './document.ts'
import { type Asked, maskMessage } from './engine.ts'
import type { RuleSet } from './rule-set.ts'
import { type Edit, splice } from './views/splice.ts'

/** What records are masked by. */
export interface KeptBy {
  readonly asked: Asked
  /** Of definitions, where a key is the name of an argument. */
  readonly byKey: RuleSet['byKey']
  readonly label: (text: string) => string
}

/** What is kept of a message that nobody gets: no member of it need stay as it is. What cannot be masked is not kept. */
export function keptAlone(bytes: Uint8Array, asked: Asked): Uint8Array {
  const result = maskMessage(bytes, { ...asked, isPart: true })
  return result.kind === 'refused' ? encodeUtf8(stringifyJson({ withheld: result.why })) : result.bytes
}

/**
 * What is kept of definitions, which leave as they came. Their prose is masked like any other; their keys are names of
 * arguments and say nothing of what stands there.
 */
export function keptDefinitions(bytes: Uint8Array, { asked, byKey, label }: KeptBy): Uint8Array {
  const told = splice(bytes, proseEdits(bytes, label))
  return keptAlone(told, { ...asked, rules: { ...asked.rules, byKey } })
}

const PROSE: ReadonlySet<string> = new Set(['description', 'title'])

function proseEdits(bytes: Uint8Array, label: KeptBy['label']): Edit[] {
  const { structure } = new Document(bytes)
  if (structure === undefined) return []
  const edits: Edit[] = []
  for (let token = 0; token < structure.length; token += 1) {
    const key = structure.kind(token) === 'string' ? structure.keyOf(token) : -1
    if (key < 0 || !PROSE.has(structure.keyText(key))) continue
    const text = structure.text(token)
    const masked = label(text)
    if (masked === text) continue
    edits.push({ start: structure.start(token), end: structure.end(token), put: encodeUtf8(stringifyJson(masked)) })
  }
  return edits
}
