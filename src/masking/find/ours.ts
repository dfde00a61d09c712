import { isOwnForm, ownFormsIn } from '../replace/read-forms.ts'
import type { Span } from '../decoded-view.ts'
import { WORD } from '../scan/bytes-tables.ts'
import { Spans } from '../scan/spans.ts'
import { type Edit, spansAfter } from '../views/splice.ts'

/** Places that hold what was put there by masking itself. */
export interface Ours {
  /** Whether a place lies wholly in one of them. */
  readonly has: (start: number, end: number) => boolean
  /** Where they are known: nothing in them need be looked at. */
  readonly spans: Spans | undefined
  /** Where they are not: what looks like one. Undefined where nothing does. `hasWord`: whether one of OUR_WORDS stands anywhere. */
  readonly look: (hasWord?: boolean) => Spans | undefined
}

/** What these edits have put into the message that they made, `bytes`, and what of ours stood there before. */
export function putBy(edits: readonly Edit[], bytes: Uint8Array, before: Ours): Ours {
  const spans = spansAfter(edits, before.spans ?? before.look())
  const { has } = looksLikeOurs(bytes)
  return { has: (start, end) => spans.has(start, end) || has(start, end), spans, look: () => undefined }
}

/** In a message that nobody has masked before, only what looks like a stand-in of ours is one; few messages have any. */
export function looksLikeOurs(bytes: Uint8Array): Ours {
  let mayHold: boolean | undefined
  let spans: Spans | undefined
  return {
    has: (start, end) => mayHold !== false && isOwnForm(bytes, start, end),
    spans: undefined,
    look: (hasWord = true) => {
      mayHold ??= hasWord
      if (!mayHold) return undefined
      spans ??= Spans.of(ownFormsIn(bytes))
      return spans.length === 0 ? undefined : spans
    },
  }
}

/** Whether a place holds nothing but one of them, and signs beside it. */
export function isOurs({ has }: Ours, bytes: Uint8Array, { start, end }: Span): boolean {
  let from = start
  let to = end
  while (from < to && WORD[bytes[from] ?? 0] !== 1) from++
  while (from < to && WORD[bytes[to - 1] ?? 0] !== 1) to--
  return has(from, to)
}

/** Words of the scan of which each form that a replacement may have holds one. */
export const OUR_WORDS: readonly string[] = ['sur_', 'h_', 'redacted', 'mask.invalid', '5a11f0ca-', '00000000-']
