import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { parseCheckpoints, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { writeNote } from '../audit/note.ts'
import { equal } from '../base/bytes.ts'
import { type Anchor, AnchorConflict } from './anchor.ts'

/** Appends heads to a file: on another disk, in a folder that is copied, in a git repository. Never writes over what is there. */
export function fileAnchor(path: string): Anchor {
  return {
    kind: 'file',
    place: path,
    leave: (head) => {
      append(path, head)
      return Promise.resolve()
    },
  }
}

function append(path: string, head: SignedCheckpoint): void {
  const isNew = !fs.existsSync(path)
  const fd = fs.openSync(path, 'a+', 0o600)
  try {
    const { end, heads } = parseCheckpoints(fs.readFileSync(fd, 'utf8'))
    const known = heads.findLast(({ head: one }) => one?.origin === head.origin)?.head
    if (known !== undefined && known.size > head.size)
      throw new AnchorConflict(`${path} holds a head with ${known.size} records; the log has ${head.size}`)
    if (known?.size === head.size) {
      if (equal(known.root, head.root)) return
      throw new AnchorConflict(`${path} holds another head with ${known.size} records`)
    }
    // What was cut off while it was written is no head; it must not swallow the next one.
    if (fs.fstatSync(fd).size > end) fs.ftruncateSync(fd, end)
    fs.writeSync(fd, writeNote(head.note))
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  if (isNew) syncFolder(dirname(path))
}

function syncFolder(path: string): void {
  const fd = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}
