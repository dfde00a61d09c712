import type { Document } from './document.ts'
import type { EntityId } from './entities.ts'
import type { Finding, FoundBy } from './find/finding.ts'
import { inOrder } from './in-order.ts'
import { plainNumber } from './plain-number.ts'
import { type Action, strictest } from './replace/actions.ts'
import type { RuleSet } from './rule-set.ts'
import type { Span } from './decoded-view.ts'
import { afterEscape, endOfEscape } from './structure/escapes.ts'
import { locate, type Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'
import { isStructural } from './structural.ts'
import { tokenInText } from './token-in-text.ts'
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
  /** Other values that stand in it, in base64 or as parts: they are hidden with it, and so wherever else they stand. */
  readonly holds?: readonly string[] | undefined
  /** Where it stands; undefined in a text that is no JSON. */
  readonly at: Located | undefined
}

export interface Placed {
  readonly acts: readonly Act[]
  /** What stays although it was found. */
  readonly left: readonly Act[]
}

/**
 * Says of every finding where it stands and what becomes of it: in order, none overlaps another. What overlaps is one place,
 * hidden the strictest way; where the protocol itself is written, everything is left as it is.
 */
export function place(document: Document, findings: readonly Finding[], rules: RuleSet): Placed {
  const placing = new Placing(document, rules)
  for (const finding of findings) placing.add(finding)
  return { acts: mergeActs(document, placing.acts), left: mergeActs(document, placing.left) }
}

/** The act that a place overlaps, of acts in order; undefined where none does. */
export function actOver(acts: readonly Act[], { start, end }: Span): Act | undefined {
  let low = 0
  let high = acts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((acts[middle]?.end ?? 0) <= start) low = middle + 1
    else high = middle
  }
  const act = acts[low]
  return act !== undefined && act.start < end ? act : undefined
}

/** The values that an act hides. */
export function valuesIn({ value, holds }: Act): readonly string[] {
  return holds === undefined ? [value] : [value, ...holds]
}

/** Findings come in order, and many are of one text: what is known of the text before is kept. */
class Placing {
  readonly acts: Act[] = []
  readonly left: Act[] = []
  readonly #document: Document
  readonly #rules: RuleSet
  #at: Located | undefined
  /** Whether `#at` is no text that is a document itself, so that all of its places are its own. */
  #isInnermost = false
  #isStructural = false

  constructor(document: Document, rules: RuleSet) {
    this.#document = document
    this.#rules = rules
  }

  add(finding: Finding): void {
    const { structure } = this.#document
    if (structure === undefined) this.acts.push(this.#inPlainText(finding))
    else this.#addIn(structure, finding)
  }

  #inPlainText(finding: Finding): Act {
    const { entity, by, rule, score, start, end, holds } = finding
    const action = this.#action(finding)
    const value = finding.value ?? this.#document.text(start, end)
    const act = { start, end, entity, action, by, rule, score, kind: 'string', value, holds, at: undefined } as const
    return inNumber(this.#document, act)
  }

  #addIn(structure: Structure, finding: Finding): void {
    const at = this.#locate(structure, finding.start) ?? this.#locate(structure, finding.end - 1)
    if (at === undefined) return
    const parts = this.#isInnermost ? undefined : partsBetween(at, finding)
    if (parts === undefined) this.#addAt(finding, at)
    else for (const part of parts) this.#addIn(structure, { ...finding, ...part, value: undefined })
  }

  #addAt(finding: Finding, at: Located): void {
    const act = actAt(this.#document, { finding, at, action: this.#action(finding) })
    if (act !== undefined) (this.#isStructural ? this.left : this.acts).push(act)
  }

  #locate(structure: Structure, byte: number): Located | undefined {
    const last = this.#at
    if (last !== undefined && this.#isInnermost && covers(last, byte)) return last
    const at = locate(structure, byte)
    if (at === undefined) return undefined
    this.#at = at
    this.#isInnermost = at.structure.inner(at.token) === undefined
    this.#isStructural = isStructural(this.#document, at)
    return at
  }

  #action(finding: Finding): Action {
    return finding.by === 'path' ? pathAction(finding, this.#rules) : (this.#rules.actions[finding.entity] ?? 'redact')
  }
}

function covers({ structure, token }: Located, byte: number): boolean {
  return structure.start(token) <= byte && byte < structure.end(token)
}

/**
 * The values that a finding reaches over where it begins between the tokens of JSON in a text: read without its quotes, a
 * table at the end of one value goes on in the next. Undefined where it does not, or is the whole text.
 */
function partsBetween({ structure, token }: Located, { start, end }: Finding): Span[] | undefined {
  const isWhole = start <= structure.innerStart(token) && end >= structure.innerEnd(token)
  const inner = isWhole ? undefined : structure.inner(token)
  if (inner === undefined) return undefined
  const parts: Span[] = []
  for (let at = inner.firstFrom(start); at < inner.length && inner.start(at) < end; at++) {
    const kind = inner.kind(at)
    if (kind === 'string' || kind === 'number')
      parts.push({ start: inner.innerStart(at), end: Math.min(end, inner.innerEnd(at)) })
  }
  return parts.filter((part) => part.start < part.end)
}

interface Placeable {
  readonly finding: Finding
  readonly at: Located
  readonly action: Action
}

function actAt(document: Document, { finding, at, action }: Placeable): Act | undefined {
  const { entity, by, rule, score, holds } = finding
  const kind = at.structure.kind(at.token)
  if (kind === 'object' || kind === 'array') return undefined
  if (kind === 'number' || kind === 'literal') {
    const from = at.structure.start(at.token)
    const to = at.structure.end(at.token)
    const value = tokenText(document, { start: from, end: to })
    return { start: from, end: to, entity, action, by, rule, score, kind, value, holds: undefined, at }
  }
  const part = withinText(document, finding, at)
  if (part === undefined) return undefined
  const { start, end, value } = part
  return inNumber(document, { start, end, entity, action, by, rule, score, kind, value, holds, at })
}

/** An act on a value of a text; on all of the number of JSON in the text where the value lies in one. */
export function inNumber(document: Document, act: Act): Act {
  const token = tokenInText(document, act, act.at)
  return token === undefined ? act : { ...act, ...token, value: tokenText(document, token), holds: undefined }
}

/** A number as its digits, so that all spellings of it are one value. */
export function tokenText(document: Document, { start, end }: Span): string {
  const text = document.text(start, end)
  return plainNumber(text) ?? text
}

/** What of a finding lies between the quotes of a text or key, without cutting an escape. */
function withinText(
  document: Document,
  finding: Finding,
  at: Located,
): { start: number; end: number; value: string } | undefined {
  const { structure, token } = at
  const start = afterEscape(document.bytes, Math.max(finding.start, structure.innerStart(token)), structure.level)
  const end = endOfEscape(document.bytes, Math.min(finding.end, structure.innerEnd(token)), structure.level)
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
  for (const act of inOrder(acts)) {
    const last = merged.at(-1)
    if (last === undefined || act.start >= last.end) merged.push(act)
    else merged[merged.length - 1] = union(document, last, act)
  }
  return merged
}

function union(document: Document, a: Act, b: Act): Act {
  const start = Math.min(a.start, b.start)
  const end = Math.max(a.end, b.end)
  const chosen = choose(a, b, { start, end })
  const action = actionOf(a, b)
  const value = isOver(chosen, { start, end }) ? chosen.value : valueOf(document, { start, end, at: chosen.at })
  // Who asks later why it is shown has to know.
  const by = action === 'allow' && (a.by === 'path' || b.by === 'path') ? 'path' : chosen.by
  const holds = othersIn(a, b, value)
  const isAsChosen = value === chosen.value && action === chosen.action && by === chosen.by
  if (isAsChosen && holds === undefined && isOver(chosen, { start, end }) && chosen.holds === undefined) return chosen
  const { entity, rule, score, at } = chosen
  return { start, end, entity, action, by, rule, score, kind: kindOver(chosen, { start, end }), value, holds, at }
}

/** More than a number of JSON in a text is text. */
function kindOver(act: Act, whole: Span): Act['kind'] {
  return act.kind === 'key' || isOver(act, whole) ? act.kind : 'string'
}

function isOver(act: Act, { start, end }: Span): boolean {
  return act.start === start && act.end === end
}

/** Most values were found twice, by their key and by their shape, and hold no other. */
function othersIn(a: Act, b: Act, value: string): readonly string[] | undefined {
  if (a.holds === undefined && b.holds === undefined && a.value === value && b.value === value) return undefined
  const others = [...valuesIn(a), ...valuesIn(b)].filter((one) => one !== value)
  return others.length === 0 ? undefined : others
}

/** What a whole value was found to be by its own shape says more of it than its key does, and is the same wherever it stands. */
function choose(a: Act, b: Act, whole: Span): Act {
  const isWhole = isOver(a, whole)
  if (isWhole !== isOver(b, whole)) return isWhole ? a : b
  const isShape = isByShape(a)
  if (isShape !== isByShape(b)) return isShape ? a : b
  if (a.by === 'below' || b.by === 'below') return a.by === 'below' ? b : a
  return b.score > a.score ? b : a
}

function isByShape({ by }: Act): boolean {
  return by === 'shape' || by === 'checksum' || by === 'prefix'
}

function isAllowed({ by, action }: Act): boolean {
  return by === 'path' && action === 'allow'
}

/** A field that is allowed by its path is shown, unless a secret stands there or the message must not pass at all. */
function actionOf(a: Act, b: Act): Action {
  const allowed = isAllowed(a) ? a : isAllowed(b) ? b : undefined
  if (allowed === undefined) return strictest(a.action, b.action)
  const other = allowed === a ? b : a
  return other.action === 'block' || other.action === 'redact' ? other.action : 'allow'
}
