import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import { editsOf } from './edits.ts'
import type { Asked } from './engine.ts'
import { Spans } from './scan/spans.ts'
import type { Edit } from './views/splice.ts'

interface Around {
  /** What hides something. */
  readonly acts: readonly Act[]
  /** Where clients expect base64. */
  readonly contents: Spans
  /** Contents that are written anew, or taken out. */
  readonly beside: readonly Edit[]
}

/** Edits of what stands in the message. What is written anew as a whole is hidden there; other base64 stays base64. */
export function editsAround(
  document: Document,
  { acts, contents, beside }: Around,
  asked: Asked,
): readonly Edit[] | undefined {
  const isContent = ({ by, start, end }: Act) => by !== 'path' && contents.has(start, end)
  const inContents = contents.length === 0 ? [] : acts.filter(isContent)
  if (inContents.length === 0) return editsOf(document, acts, asked)
  const anew = Spans.of(beside)
  const rest = inContents.filter(({ start, end }) => !anew.has(start, end))
  const plain = editsOf(
    document,
    acts.filter((act) => !isContent(act)),
    asked,
  )
  const whole = editsOf(document, rest, asked)
  return plain && whole && [...plain, ...whole.map((edit) => contentEdit(contents, edit))]
}

/** A whole content in base64 that says what stands for something in it. */
function contentEdit(contents: Spans, edit: Edit): Edit {
  const content = contents.around(edit.start, edit.end)
  return content === undefined ? edit : { ...content, put: encodeUtf8(toBase64(edit.put)) }
}
