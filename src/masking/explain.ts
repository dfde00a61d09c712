import { encodeUtf8 } from '../base/bytes.ts'
import { Document } from './document.ts'
import { findAll, type FindTerms, looksLikeOurs } from './find/find-all.ts'
import type { Finding } from './find/finding.ts'
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
  /** The part of it that is hidden, where that is less: the password in a URL, not the host. */
  readonly hidden?: { readonly start: number; readonly end: number }
}

/** What the rules are, and the words that they need. */
export type ExplainTerms = Pick<FindTerms, 'scanner' | 'rules'>

/**
 * What the rules find in a text or a JSON text, as it stands and where it is encoded, in order, near misses included; kinds
 * that the rules do not look for are left out. Undefined where looking would cost too much, so that such a message is refused.
 */
export function explainText(text: string, asked: ExplainTerms): readonly Explained[] | undefined {
  const bytes = encodeUtf8(text)
  const found = findingsIn(bytes, { ...asked, restored: [], binary: 'pass', keepsAll: true })
  if (found === undefined) return undefined
  const unit = unitsOf(bytes)
  const { thresholds } = asked.rules
  return withoutRepeats(found.filter(({ entity }) => (thresholds[entity] ?? Infinity) <= 1)).map((finding) => {
    const { entity, score, rule } = finding
    const hidden = { start: unit(finding.start), end: unit(finding.end) }
    const shown =
      finding.within === undefined ? hidden : { start: unit(finding.within.start), end: unit(finding.within.end) }
    const least = thresholds[entity] ?? Infinity
    return {
      entity: asked.scanner.entities[entity] ?? '',
      ...shown,
      score,
      rule,
      why: why(finding, least),
      counts: score >= least,
      ...(shown !== hidden && { hidden }),
    }
  })
}

/** Findings with their places; what stands in a text in base64 stands where the base64 does. */
function findingsIn(bytes: Uint8Array, terms: FindTerms): Finding[] | undefined {
  const found = findAll(new Document(bytes), terms, looksLikeOurs(bytes))
  if (found.kind === 'refused') return undefined
  const findings = [...found.findings]
  for (const { start, end, text } of found.embedded) {
    const inner = findingsIn(text, terms)
    if (inner === undefined) return undefined
    for (const finding of inner) findings.push({ ...withoutPlace(finding), start, end })
  }
  return findings
}

/** In base64 the whole is what is hidden. */
function withoutPlace(finding: Finding): Finding {
  const { within, ...rest } = finding
  return within === undefined ? finding : rest
}

/** Several detectors find the same value: the best of them says why, and the widest where. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>()
  for (const finding of findings) {
    const key = `${finding.entity} ${finding.start} ${finding.end}`
    const known = kept.get(key)
    const within = widest(known?.within, finding.within)
    const best = known === undefined || finding.score > known.score ? finding : known
    kept.set(key, within === undefined ? best : { ...best, within })
  }
  return [...kept.values()].toSorted((a, b) => a.start - b.start || b.end - a.end)
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
  column: 'column',
  sibling: 'name beside it',
  path: 'field that a rule names',
  pattern: 'pattern of the configuration',
  propagated: 'found elsewhere in the message',
  restored: 'restored into this call',
  detector: 'outside detector',
}

function why({ by, rule, word, lacks, denied, score }: Finding, least: number): string {
  const parts = [`${rule}: ${SHOWN_BY[by]}`]
  if (word !== undefined) parts.push(`word "${word}"`)
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
