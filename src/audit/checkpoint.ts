import { encodeUtf8, fromBase64, toBase64 } from '../base/bytes.ts'
import { HASH_BYTES } from './hash.ts'
import { isKeyName } from './note-key.ts'
import { isSignatureLine, type Note, parseNote } from './note.ts'

/** A head: which tree, how many leaves, which root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A head as it was signed. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note
}

/** Three lines and no extension lines: ML-DSA cosignatures do not cover those (audit.md, 7.1). */
export function writeCheckpoint({ origin, root, size }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** The text of a note as a head; undefined for anything else, extension lines included. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', encoded = '', ...more] = text.split('\n')
  const root = fromBase64(encoded)
  if (more.length !== 1 || more[0] !== '' || !isKeyName(origin) || root?.length !== HASH_BYTES) return undefined
  const count = /^(?:0|[1-9]\d{0,15})$/.test(size) ? Number(size) : Number.NaN
  return Number.isSafeInteger(count) ? { origin, size: count, root } : undefined
}

/** A signed head; its signatures are not verified yet. */
export function parseSignedCheckpoint(note: Uint8Array | string): SignedCheckpoint | undefined {
  const parsed = parseNote(note)
  const checkpoint = parsed && parseCheckpoint(parsed.text)
  return parsed && checkpoint && { ...checkpoint, note: parsed }
}

/** A head in a file of many, and where. */
export interface CheckpointFound {
  readonly offset: number
  /** Undefined: what stands there is no signed head. */
  readonly head: SignedCheckpoint | undefined
}

/**
 * A file of heads, one after the other, without anything between them: a line that follows a signature and is none itself
 * begins the next. `end` is where the last whole one ends; what stands behind was cut off while it was written.
 */
export function parseCheckpoints(file: string): { readonly heads: readonly CheckpointFound[]; readonly end: number } {
  const heads: CheckpointFound[] = []
  let text = ''
  let offset = 0
  let signed = false
  const close = (): void => {
    heads.push({ offset, head: parseSignedCheckpoint(text) })
    offset += encodeUtf8(text).length
    text = ''
  }
  for (const line of file.split(/(?<=\n)/)) {
    const isSignature = isSignatureLine(line)
    if (signed && !isSignature) close()
    text += line
    signed = isSignature && line.endsWith('\n')
  }
  if (signed) close()
  return { heads, end: offset }
}
