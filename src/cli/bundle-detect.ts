import { assert } from '../base/assert.ts'
import { decodeUtf8, isUtf8 } from '../base/bytes.ts'
import { isObject, parseJson } from '../base/json.ts'
import type { Disclosed } from './bundle-gather.ts'
import { termsFrom } from './mask-terms.ts'
import { searchedEnvelope } from './searched-envelope.ts'
import { Trial } from './try-masking.ts'

/** What today's detectors find in what is shown. Kinds and places, never a value. */
export interface Detected {
  readonly searched: number
  readonly found: number
  readonly unread: number
  readonly findings: readonly { readonly seq: number; readonly part: string; readonly entity: string }[]
}

/** Enough to see what it is about. */
const FINDINGS_MAX = 1000

/**
 * Runs the engine of the data path once more over the parts, with the default profile: what a rule let pass on purpose is told
 * as well, and kinds of a configuration's own are not looked for.
 */
export async function detectAgain(parts: readonly Disclosed[]): Promise<Detected> {
  const terms = await termsFrom({ config: undefined, call: undefined, direction: 'results', entities: [] })
  assert(terms !== undefined, 'the default profile needs no configuration')
  const trial = new Trial(terms, { keepsAll: false, schema: undefined })
  const findings: { seq: number; part: string; entity: string }[] = []
  let [found, unread] = [0, 0]
  for (const { bytes, part, seq } of parts) {
    const text = textOf(part, bytes)
    const tried = text === undefined ? undefined : trial.mask(text)
    if (tried === undefined || tried.untold !== undefined) unread += 1
    for (const { action, entity } of tried?.findings ?? []) {
      if (action === 'none') continue
      found += 1
      if (findings.length < FINDINGS_MAX) findings.push({ seq, part, entity })
    }
  }
  return { searched: parts.length, found, unread, findings }
}

function textOf(part: string, bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = decodeUtf8(bytes)
  if (part !== 'envelope') return text
  const envelope = parseJson(text)
  return isObject(envelope) ? searchedEnvelope(envelope) : undefined
}
