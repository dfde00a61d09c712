import { encodeUtf8, indexOf } from '../../base/bytes.ts'
import type { Asked } from '../engine.ts'
import type { Document } from '../document.ts'
import type { RefusedWhy } from '../evidence.ts'
import { isOwnForm } from '../replace/read-forms.ts'
import type { Known } from '../spread.ts'
import { findBinary, type Opaque } from './binary.ts'
import { findEncoded } from './encoded.ts'
import { findFields } from './fields.ts'
import type { Finding, FoundBy } from './finding.ts'
import { keyContext } from './key-context.ts'
import { scanView } from './scan-view.ts'

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
    }
  | { readonly kind: 'refused'; readonly why: RefusedWhy }

/** Text that stands in base64 as the content of a resource; it is masked for itself and written back. */
export interface Embedded {
  readonly start: number
  readonly end: number
  readonly text: Uint8Array
}

/** Places that hold what was put there by masking itself. */
export type IsOurs = (start: number, end: number) => boolean

/** What is looked for, and how. */
export type FindTerms = Pick<Asked, 'scanner' | 'rules' | 'restored' | 'told' | 'binary' | 'keepsAll'>

/** Everything that the rules look for in a message: as it stands, and as it is meant where it is encoded. */
export function findAll(document: Document, asked: FindTerms, isOurs: IsOurs): Found {
  const { bytes } = document
  const { scanner, rules } = asked
  const terms = { scanner, thresholds: rules.thresholds, keepsAll: asked.keepsAll === true }
  const view = { bytes, raw: document.isJson }
  const scanned = scanView(view, terms, keyContext(document))
  if (scanned.isSpent) return { kind: 'refused', why: 'budget' }
  const binary = findBinary(document, scanned.words)
  if (binary.opaque.length > 0 && asked.binary === 'block') return { kind: 'refused', why: 'policy-block' }
  const encoded = findEncoded(document, { scanned, terms, skipped: binary })
  if (encoded === undefined) return { kind: 'refused', why: 'budget' }
  const mayHoldFields = rules.paths.length > 0 && (rules.readsAll || scanned.pathWords.length > 0)
  const fields = mayHoldFields ? findFields(document, rules) : []
  const all = [...scanned.findings, ...encoded, ...fields]
  const findings = all.filter(
    (finding) =>
      (!BY_KEY.has(finding.by) || rules.byKey(finding.entity)) &&
      !isInside(finding, binary.opaque) &&
      !isInside(finding, binary.embedded) &&
      !isOurs(finding.start, finding.end),
  )
  return {
    kind: 'found',
    findings,
    embedded: binary.embedded,
    known: [...asked.restored, ...(asked.told ?? [])],
    opaque: binary.opaque,
  }
}

const BY_KEY: ReadonlySet<FoundBy> = new Set(['key', 'sibling', 'column', 'near'])

function isInside({ start, end }: Finding, spans: readonly { start: number; end: number }[]): boolean {
  return spans.some((span) => span.start <= start && end <= span.end)
}

/** In a message that nobody has masked before, only what looks like a stand-in of ours is one; few messages have any. */
export function looksLikeOurs(bytes: Uint8Array): IsOurs {
  if (!OUR_WORDS.some((word) => indexOf(bytes, word) >= 0)) return () => false
  return (start, end) => isOwnForm(bytes, start, end)
}

/** A piece of each form that a replacement may have. */
const OUR_WORDS = ['sur_', 'h_', 'redacted', 'mask.invalid', '5a11f0ca-', '00000000-'].map(encodeUtf8)
