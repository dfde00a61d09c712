import { fromBase64, toBase64 } from '../base/bytes.ts'
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts'
import { HASH_BYTES } from './hash.ts'
import { writeNote } from './note.ts'

/** A proof file that stands for itself (C2SP tlog-proof): this entry is at that place below that signed head. */
export interface TlogProof {
  /** The entry, in our proofs. It is not authenticated: whoever reads it hashes it and checks the proof. */
  readonly extra: Uint8Array | undefined
  readonly index: number
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: SignedCheckpoint
}

const EXTRA = 'extra '
const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** As many as a tree of 2^63 leaves is high. */
const HASHES_MAX = 63

export function writeTlogProof({ checkpoint, extra, index, proof }: TlogProof): string {
  const lines = [FIRST_LINE, ...(extra === undefined ? [] : [EXTRA + toBase64(extra)]), `index ${index}`]
  return `${[...lines, ...proof.map(toBase64)].join('\n')}\n\n${writeNote(checkpoint.note)}`
}

/** Undefined for what is no proof file. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const cut = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(cut, 0)).split('\n')
  const extra = lines[0]?.startsWith(EXTRA) === true ? fromBase64((lines.shift() ?? '').slice(EXTRA.length)) : null
  const index = indexOf(lines.shift())
  const proof = hashesOf(lines)
  const checkpoint = parseSignedCheckpoint(text.slice(cut + 2))
  if (first !== FIRST_LINE || extra === undefined || index === undefined) return undefined
  return proof && checkpoint && { extra: extra ?? undefined, index, proof, checkpoint }
}

function indexOf(line: string | undefined): number | undefined {
  const index = Number(/^index (0|[1-9]\d{0,15})$/.exec(line ?? '')?.[1] ?? Number.NaN)
  return Number.isSafeInteger(index) ? index : undefined
}

function hashesOf(lines: readonly string[]): readonly Uint8Array[] | undefined {
  const hashes = lines.flatMap((line) => fromBase64(line) ?? [])
  const whole = hashes.length === lines.length && hashes.every(({ length }) => length === HASH_BYTES)
  return whole && hashes.length <= HASHES_MAX ? hashes : undefined
}
