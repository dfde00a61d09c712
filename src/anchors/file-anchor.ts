import type { SignedCheckpoint } from '../audit/checkpoint.ts'
import { writeNote } from '../audit/note.ts'
import { equal } from '../base/bytes.ts'
import { appendHead, tailOf } from '../witness/head-file.ts'
import { type Anchor, AnchorConflict } from './anchor.ts'

/** Appends heads to a file: on another disk, in a folder that is copied, in a git repository. Never writes over a head. */
export function fileAnchor(path: string): Anchor {
  return { kind: 'file', place: path, leave: (head) => append(path, head) }
}

async function append(path: string, head: SignedCheckpoint): Promise<void> {
  const { end, heads } = await tailOf(path)
  const known = heads.findLast(({ head: one }) => one?.origin === head.origin)?.head
  if (known !== undefined && known.size > head.size)
    throw new AnchorConflict(`${path} holds a head with ${known.size} records; the log has ${head.size}`)
  if (known?.size === head.size) {
    if (equal(known.root, head.root)) return
    throw new AnchorConflict(`${path} holds another head with ${known.size} records`)
  }
  await appendHead(path, end, writeNote(head.note))
}
