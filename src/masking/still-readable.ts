import { type Act, valuesIn } from './acts.ts'
import type { Span } from './decoded-view.ts'
import type { Document } from './document.ts'
import type { Known } from './spread.ts'
import { structuralSpans } from './structural.ts'
import { findLeftOver } from './views/left-over.ts'
import type { Edit } from './views/splice.ts'

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
      allowed: inOrder([...movedBy(edits, spans), ...putBy(edits)]),
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

/** Where spans that no edit touched stand after the edits, in order. */
function movedBy(edits: readonly Edit[], spans: readonly Span[]): Span[] {
  let grown = 0
  let next = 0
  const moved: Span[] = []
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    for (; (edits[next]?.end ?? Infinity) <= start; next++) grown += growthOf(edits[next])
    const isTouched = (edits[next]?.start ?? Infinity) < end
    if (!isTouched && start + grown >= (moved.at(-1)?.end ?? 0)) moved.push({ start: start + grown, end: end + grown })
  }
  return moved
}

function putBy(edits: readonly Edit[]): Span[] {
  let grown = 0
  return edits.map((edit) => {
    const start = edit.start + grown
    grown += growthOf(edit)
    return { start, end: start + edit.put.length }
  })
}

function inOrder(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => a.start - b.start)
}

function growthOf(edit: Edit | undefined): number {
  return edit === undefined ? 0 : edit.put.length - (edit.end - edit.start)
}
