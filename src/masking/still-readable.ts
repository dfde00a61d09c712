import { type Act, valuesIn } from './acts.ts'
import type { Span } from './decoded-view.ts'
import type { Document } from './document.ts'
import type { Known } from './spread.ts'
import { Spans } from './scan/spans.ts'
import { structuralSpans } from './structural.ts'
import { findLeftOver } from './views/left-over.ts'
import { type Edit, spansAfter } from './views/splice.ts'

export interface Hidden {
  readonly acts: readonly Act[]
  /** Values of documents of the message, hidden there. */
  readonly known: readonly Known[]
  /** What was written, in order. */
  readonly edits: readonly Edit[]
}

/**
 * Whether a value that was hidden can still be read in what was made of a message, in whatever spelling. Where the protocol
 * is written it may stay, and, unless it is a secret, in a field that a rule shows. A value such as `secret` also stands in
 * the names of what was put.
 */
export function isStillReadable(out: Uint8Array, document: Document, { acts, known, edits }: Hidden): boolean {
  const hidden = acts.filter(({ action }) => action !== 'allow')
  const values = [...hidden.map((act) => ({ action: act.action, values: valuesIn(act) })), ...known.map(listed)]
  const protocol = structuralSpans(document)
  const shown = acts.filter(({ action, by }) => action === 'allow' && by === 'path')
  const look = (some: typeof values, spans: readonly Span[]): boolean => {
    const texts = [...new Set(some.flatMap((one) => one.values))]
    const terms = {
      isJson: document.structure !== undefined,
      allowed: spansAfter(edits, Spans.of(spans)),
    }
    return findLeftOver(out, texts, terms) !== undefined
  }
  if (shown.length === 0) return look(values, protocol)
  const isSecret = ({ action }: (typeof values)[number]): boolean => action === 'redact'
  return (
    look(values.filter(isSecret), protocol) ||
    look(
      values.filter((one) => !isSecret(one)),
      [...protocol, ...shown],
    )
  )
}

function listed({ action, value }: Known) {
  return { action, values: [value] }
}
