import { encodeUtf8, indexOf } from '../../base/bytes.ts'
import type { Asked } from '../engine.ts'
import type { Document } from '../document.ts'
import type { RefusedWhy } from '../evidence.ts'
import type { Known } from '../spread.ts'
import type { ReadText } from './charsets.ts'
import { findBinary, type Opaque } from './binary.ts'
import { findEncoded } from './encoded.ts'
import { findFields } from './fields.ts'
import { type Finding, isByName } from './finding.ts'
import { keyContext } from './key-context.ts'
import type { Ours } from './ours.ts'
import { scanButOurs } from './scan-view.ts'
import type { Span } from '../decoded-view.ts'
import type { Spans } from '../scan/spans.ts'

export type Found =
  | {
      readonly kind: 'found'
      readonly findings: readonly Finding[]
      /** Texts in base64 that are documents of their own: resources. */
      readonly embedded: readonly Embedded[]
      /** Values that somebody knows from elsewhere, to be looked for. */
      readonly known: readonly Known[]
      /** Content that nothing can be read from. */
      readonly opaque: readonly Opaque[]
      /** Where clients expect base64, be it text or not. */
      readonly contents: Spans
    }
  | { readonly kind: 'refused'; readonly why: RefusedWhy }

/** Text that stands in base64 as the content of a resource; it is masked for itself and written back. */
export interface Embedded extends ReadText {
  readonly start: number
  readonly end: number
}

/** What is looked for, and how. */
export type FindTerms = Pick<Asked, 'scanner' | 'rules' | 'restored' | 'told' | 'binary' | 'keepsAll'>

/** Everything that the rules look for in a message: as it stands, and as it is meant where it is encoded. */
export function findAll(document: Document, asked: FindTerms, ours: Ours): Found {
  const { bytes } = document
  const { scanner, rules } = asked
  const terms = { scanner, thresholds: rules.thresholds, keepsAll: asked.keepsAll === true }
  const view = { bytes, raw: document.isJson }
  const scanned = scanButOurs(view, terms, () => keyContext(document), ours)
  if (scanned.isSpent) return { kind: 'refused', why: 'budget' }
  const binary = findBinary(document, scanned)
  if (binary.opaque.length > 0 && asked.binary === 'block') return { kind: 'refused', why: 'policy-block' }
  const encoded = findEncoded(document, { scanned, terms, skipped: binary })
  if (encoded === undefined) return { kind: 'refused', why: 'budget' }
  scanner.machine.giveBack(scanned.found)
  const mayHoldFields = rules.paths.length > 0 && (rules.readsAll || scanned.pathWords.length > 0 || hasEscape(bytes))
  const fields = mayHoldFields ? findFields(document, rules) : []
  const all = joined(scanned.findings, encoded, fields)
  const findings = all.filter(
    (finding) =>
      (!isByName(finding.by) || rules.byKey(finding.entity)) &&
      (finding.by === 'path' || !binary.isBase64(finding.start, finding.end)) &&
      !ours.has(finding.start, finding.end),
  )
  return {
    kind: 'found',
    findings,
    // What a rule names as a whole is not looked into, and what was written here was.
    embedded: binary.embedded.filter((one) => !isInside(one, fields) && ours.spans?.has(one.start, one.end) !== true),
    known: [...asked.restored, ...(asked.told ?? [])],
    opaque: binary.opaque,
    contents: binary.contents,
  }
}

/** Most messages have findings of one look only. */
function joined(first: readonly Finding[], ...others: readonly (readonly Finding[])[]): readonly Finding[] {
  return others.every(({ length }) => length === 0) ? first : [first, ...others].flat()
}

/** The names of fields may be written in escapes, and those beyond ASCII often are. */
function hasEscape(bytes: Uint8Array): boolean {
  return indexOf(bytes, UNICODE_ESCAPE) >= 0
}

const UNICODE_ESCAPE = encodeUtf8('\\u')

function isInside({ start, end }: Span, spans: readonly Span[]): boolean {
  return spans.some((span) => span.start <= start && end <= span.end)
}
