import { encodeUtf8 } from '../base/bytes.ts'
import { type Act, actOver, place } from './acts.ts'
import { Document } from './document.ts'
import { findAll, type FindTerms } from './find/find-all.ts'
import type { Finding } from './find/finding.ts'
import { looksLikeOurs } from './find/ours.ts'
import type { Action } from './replace/actions.ts'
import { spread } from './spread.ts'
import { isStructural } from './structural.ts'
import { locate } from './structure/locate.ts'
import { isContinuation } from './views/utf8.ts'

/** A value that was found in a text, or nearly, with the reason. No part of the value. */
export interface Explained {
  readonly entity: string
  /** What was recognised, in UTF-16 code units of the text: the value, with the name or the URL that shows what it is. */
  readonly start: number
  readonly end: number
  /** 0 to 1, with what stands near it. */
  readonly score: number
  readonly rule: string
  /** For people: what was recognised, and the key or word that decided; for a near miss also what was lacking. */
  readonly why: string
  /** Whether the rules that were asked about look for it. A near miss does not count. */
  readonly counts: boolean
  /** What becomes of it; undefined for a near miss. */
  readonly action: Action | undefined
  /** The part of it that is hidden, where that is less: the password in a URL, not the host. */
  readonly hidden?: { readonly start: number; readonly end: number }
}

/** What the rules are, and the words that they need; `told`: what an outside detector says. */
export interface ExplainTerms extends Pick<FindTerms, 'scanner' | 'rules' | 'told'> {
  /** Near misses included: yes where nothing is said. */
  readonly keepsAll?: boolean
}

/**
 * What the rules find in a text or a JSON text, as it stands and where it is encoded, in order; kinds that the rules do not
 * look for are left out. Undefined where looking would cost too much; that happens sooner with near misses than without.
 */
export function explainText(text: string, asked: ExplainTerms): readonly Explained[] | undefined {
  const bytes = encodeUtf8(text)
  const found = findingsIn(bytes, { keepsAll: true, ...asked, restored: [], binary: 'pass' })
  if (found === undefined) return undefined
  const unit = unitsOf(bytes)
  return withoutRepeats(found).map((judged) => {
    const { finding, action, isProtocol } = judged
    const { entity, score, rule } = finding
    const hidden = { start: unit(finding.start), end: unit(finding.end) }
    const shown =
      finding.within === undefined ? hidden : { start: unit(finding.within.start), end: unit(finding.within.end) }
    const said = why(finding, leastOf(finding, asked))
    return {
      entity: asked.scanner.entities[entity] ?? '',
      ...shown,
      score,
      rule,
      why: isProtocol ? `${said}; the protocol itself is written here, so it stays` : said,
      counts: action !== undefined,
      action,
      ...(shown !== hidden && { hidden }),
    }
  })
}

/** A finding, and what becomes of it; undefined: it does not count. */
interface Judged {
  readonly finding: Finding
  readonly action: Action | undefined
  readonly isProtocol: boolean
}

/** The score that it needs. Fields are found because a rule names them. */
function leastOf({ entity, rule, by }: Finding, { rules }: ExplainTerms): number {
  return by === 'path' || rule === SPREAD ? 0 : (rules.thresholds[entity] ?? Infinity)
}

/** What `spread` calls its rule. */
const SPREAD = 'propagated'

/** Findings with their places; what stands in a text in base64 stands where the base64 does. */
function findingsIn(bytes: Uint8Array, terms: FindTerms, isPart = false): Judged[] | undefined {
  const document = new Document(bytes, { isPart })
  const found = findAll(document, terms, looksLikeOurs(bytes))
  if (found.kind === 'refused') return undefined
  const wanted = found.findings.filter((finding) => leastOf(finding, terms) <= 1)
  const counted = wanted.filter((finding) => finding.score >= leastOf(finding, terms))
  const acts = spread(document, place(document, counted, terms.rules).acts, found.known)
  if (acts === undefined) return undefined
  const judged = [...wanted, ...acts.filter(({ rule }) => rule === SPREAD)].map((finding) =>
    judge(finding, { document, acts, terms }),
  )
  for (const { start, end, text } of found.embedded) {
    const inner = findingsIn(text, terms, true)
    if (inner === undefined) return undefined
    for (const one of inner) judged.push({ ...one, finding: { ...withoutPlace(one.finding), start, end } })
  }
  return judged
}

function judge(
  found: Finding | Act,
  { document, acts, terms }: { document: Document; acts: readonly Act[]; terms: FindTerms },
): Judged {
  const { entity, start, end, score, by, rule } = found
  const finding = 'at' in found ? { entity, start, end, score, by, rule } : found
  if (score < leastOf(finding, terms)) return { finding, action: undefined, isProtocol: false }
  const action = actOver(acts, finding)?.action
  const at = action === undefined && document.structure ? locate(document.structure, start) : undefined
  return { finding, action: action ?? 'allow', isProtocol: at !== undefined && isStructural(document, at) }
}

/** In base64 the whole is what is hidden. */
function withoutPlace(finding: Finding): Finding {
  const { within, ...rest } = finding
  return within === undefined ? finding : rest
}

/** Several detectors find the same value: the best of them says why, and the widest where. */
function withoutRepeats(found: readonly Judged[]): Judged[] {
  const kept = new Map<string, Judged>()
  for (const judged of found) {
    const { finding } = judged
    const key = `${finding.entity} ${finding.start} ${finding.end}`
    const known = kept.get(key)
    const within = widest(known?.finding.within, finding.within)
    const best = known === undefined || finding.score > known.finding.score ? judged : known
    kept.set(key, within === undefined ? best : { ...best, finding: { ...best.finding, within } })
  }
  return [...kept.values()].toSorted(({ finding: a }, { finding: b }) => a.start - b.start || b.end - a.end)
}

type Span = Finding['within']

function widest(a: Span, b: Span): Span {
  if (a === undefined || b === undefined) return a ?? b
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}

const SHOWN_BY: Readonly<Record<Finding['by'], string>> = {
  shape: 'shape',
  checksum: 'shape, and its checksum passed',
  prefix: 'documented prefix',
  near: 'name near it',
  structure: 'structure of the text around it',
  key: 'key',
  below: 'key of the object around it',
  column: 'column',
  sibling: 'name beside it',
  path: 'field that a rule names',
  pattern: 'pattern of the configuration',
  propagated: 'found elsewhere in the message',
  restored: 'restored into this call',
  detector: 'outside detector',
}

function why({ by, rule, word, lacks, denied, score }: Finding, least: number): string {
  const known = rule === SPREAD && by !== 'detector' ? 'the same value stands elsewhere, shown by its ' : ''
  const parts = [`${rule}: ${known}${SHOWN_BY[by]}`]
  if (word !== undefined && by !== 'path') parts.push(`word "${word}"`)
  if (lacks !== undefined) parts.push(`${lacks} failed`)
  if (denied !== undefined) parts.push(`"${denied}" speaks against it`)
  if (score < least) parts.push(`score ${score.toFixed(2)}, ${least.toFixed(2)} needed: no word of its kind near it`)
  return parts.join('; ')
}

/** Turns offsets in bytes into offsets in UTF-16 code units. A character of four bytes has two units. */
function unitsOf(bytes: Uint8Array): (at: number) => number {
  if (!bytes.some((byte) => byte >= 0x80)) return (at) => at
  const units = new Int32Array(bytes.length + 1)
  let unit = 0
  for (const [at, byte] of bytes.entries()) {
    units[at] = unit
    if (!isContinuation(byte)) unit += byte >= 0xf0 ? 2 : 1
  }
  units[bytes.length] = unit
  // Where something ends, its last character is whole; inside a character there is no offset.
  return (at) => units[at] ?? unit
}
