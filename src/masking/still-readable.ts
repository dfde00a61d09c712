import { type Act, valuesIn } from './acts.ts'
import type { Span } from './decoded-view.ts'
import type { Document } from './document.ts'
import { isProtocolWord, protocolWordSpans } from './protocol-words.ts'
import type { Action } from './replace/actions.ts'
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
  const isWord =
    acts.some((act) => valuesIn(act).some(isProtocolWord)) || known.some(({ value }) => isProtocolWord(value))
  const protocol = isWord ? [...structuralSpans(document), ...protocolWordSpans(document)] : structuralSpans(document)
  const shown = acts.filter(({ action, by }) => action === 'allow' && by === 'path')
  const look = (texts: ReadonlySet<string>, spans: readonly Span[]): boolean => {
    const terms = {
      isJson: document.structure !== undefined,
      allowed: spansAfter(edits, Spans.of(spans)),
    }
    return findLeftOver(out, [...texts], terms) !== undefined
  }
  if (shown.length === 0) return look(textsOf(acts, known, isAny), protocol)
  return (
    look(textsOf(acts, known, isSecret), protocol) ||
    look(
      textsOf(acts, known, (action) => !isSecret(action)),
      [...protocol, ...shown],
    )
  )
}

type Choice = (action: Action) => boolean

const isAny: Choice = () => true
const isSecret: Choice = (action) => action === 'redact'

/** The values that were hidden in some of the ways, each once. */
function textsOf(acts: readonly Act[], known: readonly Known[], isChosen: Choice): ReadonlySet<string> {
  const texts = new Set<string>()
  for (const act of acts) {
    if (act.action === 'allow' || act.by === 'below' || !isChosen(act.action)) continue
    texts.add(act.value)
    for (const other of act.holds ?? []) texts.add(other)
  }
  for (const { action, value } of known) if (isChosen(action)) texts.add(value)
  return texts
}
