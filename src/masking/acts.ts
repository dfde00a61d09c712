import type { Document } from './document.ts'
import type { EntityId } from './entities.ts'
import type { Finding, FoundBy } from './find/finding.ts'
import { type Action, strictest } from './replace/actions.ts'
import type { RuleSet } from './rule-set.ts'
import { locate, type Located } from './structure/locate.ts'
import { isStructural } from './structural.ts'
import { valueOf } from './value-of.ts'

/** What is done with one place of a message. */
export interface Act {
  /** What is replaced, in bytes of the message. */
  readonly start: number
  readonly end: number
  readonly entity: EntityId
  readonly action: Action
  readonly by: FoundBy
  readonly rule: string
  readonly score: number
  /** What stands there: a part of a text or of a key, or a whole number, `true` or `false`. */
  readonly kind: 'string' | 'key' | 'number' | 'literal'
  /** The value, without escapes. */
  readonly value: string
  /** Where it stands; undefined in a text that is no JSON. */
  readonly at: Located | undefined
}

/**
 * Says of every finding where it stands and what becomes of it: in order, none overlaps another. What overlaps is one place,
 * hidden the strictest way; where the protocol itself is written, everything is left as it is.
 */
export function place(document: Document, findings: readonly Finding[], rules: RuleSet): readonly Act[] {
  const acts = findings.flatMap((finding) => actOf(document, finding, rules) ?? [])
  return mergeActs(
    document,
    acts.filter(({ at }) => at === undefined || !isStructural(at)),
  )
}

function actOf(document: Document, finding: Finding, rules: RuleSet): Act | undefined {
  const { entity, by, rule, score, start, end } = finding
  const action = by === 'path' ? pathAction(finding, rules) : (rules.actions[entity] ?? 'redact')
  const what = { entity, by, rule, score, action }
  const { structure } = document
  if (structure === undefined)
    return { ...what, start, end, kind: 'string', value: finding.value ?? document.text(start, end), at: undefined }
  const at = locate(structure, start) ?? locate(structure, end - 1)
  if (at === undefined) return undefined
  const kind = at.structure.kind(at.token)
  if (kind === 'object' || kind === 'array') return undefined
  if (kind === 'number' || kind === 'literal') {
    const token = { start: at.structure.start(at.token), end: at.structure.end(at.token) }
    return { ...what, ...token, kind, value: document.text(token.start, token.end), at }
  }
  const part = withinText(document, finding, at)
  return part === undefined ? undefined : { ...what, ...part, kind, at }
}

/** What of a finding lies between the quotes of a text or key. */
function withinText(
  document: Document,
  finding: Finding,
  at: Located,
): { start: number; end: number; value: string } | undefined {
  const start = Math.max(finding.start, at.structure.innerStart(at.token))
  const end = Math.min(finding.end, at.structure.innerEnd(at.token))
  if (start >= end) return undefined
  const isWhole = start === finding.start && end === finding.end
  const value = isWhole && finding.value !== undefined ? finding.value : valueOf(document, { start, end, at })
  return { start, end, value }
}

function pathAction(finding: Finding, rules: RuleSet): Action {
  return rules.paths.find(({ text }) => text === finding.word)?.action ?? 'redact'
}

function mergeActs(document: Document, acts: readonly Act[]): Act[] {
  const merged: Act[] = []
  for (const act of acts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || act.start >= last.end) merged.push(act)
    else merged[merged.length - 1] = union(document, last, act)
  }
  return merged
}

function union(document: Document, a: Act, b: Act): Act {
  const start = Math.min(a.start, b.start)
  const end = Math.max(a.end, b.end)
  const isWhole = (act: Act) => act.start === start && act.end === end
  const chosen = choose(a, b, isWhole)
  const action = actionOf(a, b)
  if (isWhole(chosen)) return { ...chosen, action }
  return { ...chosen, start, end, action, value: valueOf(document, { start, end, at: chosen.at }) }
}

/** What a whole value was found to be by its own shape says more of it than its key does, and is the same wherever it stands. */
function choose(a: Act, b: Act, isWhole: (act: Act) => boolean): Act {
  if (isWhole(a) !== isWhole(b)) return isWhole(a) ? a : b
  const isByShape = (act: Act) => act.by === 'shape' || act.by === 'checksum' || act.by === 'prefix'
  if (isByShape(a) !== isByShape(b)) return isByShape(a) ? a : b
  return b.score > a.score ? b : a
}

/** A field that is allowed by its path is shown, unless a secret stands there or the message must not pass at all. */
function actionOf(a: Act, b: Act): Action {
  const allowed = [a, b].find((act) => act.by === 'path' && act.action === 'allow')
  if (allowed === undefined) return strictest(a.action, b.action)
  const other = allowed === a ? b : a
  return other.action === 'block' || other.action === 'redact' ? other.action : 'allow'
}
