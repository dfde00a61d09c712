import { decodeUtf8 } from '../../base/bytes.ts'
import type { FoundBy, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import type { KeyKind } from './dictionary.ts'
import { LOOK_MAX } from './demands.ts'
import type { Memo } from './memo.ts'
import { relativesOf } from './relatives.ts'

/** What a look at one place works with. */
export interface Look {
  readonly view: View
  readonly sink: Sink
  readonly memo: Memo
  /** The kind of a key by its bytes; undefined where it says nothing or where nobody asks for what it says. */
  readonly kindOf: (start: number, end: number) => KeyKind | undefined
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** The text of a span, as far as it is looked at, its escapes left as they are. */
export function textOf({ view }: Look, { start, end }: Span, most = LOOK_MAX): string {
  return decodeUtf8(view.bytes, start, Math.min(end, start + most))
}

/** Reports a value with full score: its name says what it is. */
export function addFound({ sink }: Look, kind: KeyKind, { start, end }: Span, by: FoundBy = 'key'): void {
  if (end <= start) return
  sink.spend(end - start)
  const { entity, rule, word } = kind
  if (sink.may(entity, 1)) sink.add({ entity, start, end, score: 1, by, rule, word })
  for (const relative of relativesOf(entity))
    if (sink.may(relative, 1)) sink.add({ entity: relative, start, end, score: 1, by, rule, word })
}
