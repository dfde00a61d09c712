import { join } from 'node:path'
import { clock } from '../../base/clock.ts'
import { decodeUtf8, encodeUtf8, equal, indexOf } from '../../base/bytes.ts'
import { type Checkpoint, parseCheckpoints, writeCheckpoint } from '../../audit/checkpoint.ts'
import { writeNote } from '../../audit/note.ts'
import type { NoteSigner } from '../../audit/note-signature.ts'
import type { Origin } from '../../audit/origin.ts'
import { LogDamage } from './damage.ts'
import type { Io } from './io.ts'
import { readRange, takeThinned } from './thinned-heads.ts'

/** A day of heads may be 22 MB; at a start only the newest ones are looked at. */
const TAIL_BYTES = 256 * 1024
/** So often, in heads, is looked whether old ones were left out beside. */
const LOOK_EVERY = 60

export interface HeadsOptions {
  readonly io: Io
  /** Of the stream. */
  readonly folder: string
  readonly origin: Origin
}

/** What a head says of its log. */
export type TreeHead = Pick<Checkpoint, 'size' | 'root'>

/** What was published: the note as any client reads it. */
export interface Published {
  readonly size: number
  readonly note: string
}

/** The signed heads of a stream. What stands in `checkpoints` may never be contradicted (audit.md, 7.3). */
export class Heads {
  readonly #options: HeadsOptions
  /** Where the next head goes. */
  #end: number
  #last: (Checkpoint & { readonly note: string }) | undefined
  /** `checkpoint` says what `checkpoints` says last. */
  #shown = false
  #untilLook = LOOK_EVERY

  private constructor(
    options: HeadsOptions,
    end: number,
    last: (Heads['last'] & { readonly note: string }) | undefined,
  ) {
    this.#options = options
    this.#end = end
    this.#last = last
  }

  /** Reads the newest head. One that was cut off while it was written was never shown to anybody, and is written over. */
  static load(options: HeadsOptions): Heads {
    const path = join(options.folder, CHECKPOINTS)
    takeThinned(options.io, options.folder, CHECKPOINTS)
    const { bytes, from } = readTail(options.io, path, options.origin)
    const { end, heads } = parseCheckpoints(decodeUtf8(bytes))
    const newest = heads.at(-1)
    if (newest === undefined) return new Heads(options, from + end, undefined)
    if (newest.head === undefined || newest.head.origin !== options.origin)
      throw new LogDamage('head_conflict', 'the newest signed head cannot be read', {
        file: path,
        offset: from + newest.offset,
      })
    return new Heads(options, from + end, { ...newest.head, note: writeNote(newest.head.note) })
  }

  get last(): Checkpoint | undefined {
    return this.#last
  }

  /**
   * Signs that head and publishes it. Its records must be durable, and its tiles there. Returns what stood in the way where
   * that may pass: a signer that fails, a rename that fails. Throws where the log must end.
   */
  publish(head: TreeHead, signers: readonly NoteSigner[]): Published | { readonly trouble: unknown } {
    this.#refuseToContradict(head)
    if (this.#last?.size !== head.size) {
      const signed = signedBy({ origin: this.#options.origin, ...head }, signers)
      if (typeof signed !== 'string') return { trouble: signed }
      const bytes = encodeUtf8(signed)
      // From here on this head binds, whether anybody has seen it or not.
      this.#options.io.appendDurably(join(this.#options.folder, CHECKPOINTS), this.#end, bytes)
      this.#end += bytes.length
      this.#last = { origin: this.#options.origin, ...head, note: signed }
      this.#shown = false
      this.#lookForThinned()
    }
    return this.#show()
  }

  /** Nothing new, and the newest is shown. */
  upToDate(size: number): boolean {
    return this.#shown && this.#last?.size === size
  }

  #lookForThinned(): void {
    this.#untilLook--
    if (this.#untilLook > 0) return
    this.#untilLook = LOOK_EVERY
    this.#end -= takeThinned(this.#options.io, this.#options.folder, CHECKPOINTS)
  }

  #show(): Published | { readonly trouble: unknown } {
    const { note, size } = this.#last ?? { note: '', size: 0 }
    if (!this.#shown) {
      try {
        this.#options.io.replace(join(this.#options.folder, CHECKPOINT), encodeUtf8(note))
      } catch (trouble) {
        return { trouble }
      }
      this.#shown = true
    }
    return { note, size }
  }

  /** A log that signs two histories is dead: better no head than that. */
  #refuseToContradict({ root, size }: TreeHead): void {
    const file = join(this.#options.folder, CHECKPOINTS)
    if (this.#last === undefined || size > this.#last.size) return
    if (size < this.#last.size) throw behind(size, this.#last.size, file)
    if (!equal(root, this.#last.root)) throw conflict(size, file)
  }
}

export const CHECKPOINTS = 'checkpoints'
export const CHECKPOINT = 'checkpoint'

export function behind(size: number, signed: number, file: string): LogDamage {
  return new LogDamage('behind', `the log holds ${size} records, but its newest signed head says ${signed}`, { file })
}

export function conflict(size: number, file: string): LogDamage {
  return new LogDamage('head_conflict', `the first ${size} records are not those that were signed`, { file })
}

/** The note, or what the signer failed with. */
function signedBy(head: Checkpoint, signers: readonly NoteSigner[]): unknown {
  const text = writeCheckpoint(head)
  const seconds = Math.floor(clock.nowMs() / 1000)
  try {
    const signatures = signers.map((signer) => signer.sign(text, seconds))
    return signatures.length === 0 ? new Error('there is no key that signs') : writeNote({ text, signatures })
  } catch (failure) {
    return failure
  }
}

/** The last bytes, from where a whole head begins. */
function readTail(io: Io, path: string, origin: Origin): { readonly bytes: Uint8Array; readonly from: number } {
  const size = io.sizeOf(path) ?? 0
  if (size === 0) return { bytes: new Uint8Array(0), from: 0 }
  const from = Math.max(0, size - TAIL_BYTES)
  const bytes = readRange(io, path, from, size - from)
  // Only a head begins with a line that is the origin; a signature has it behind a dash.
  const at = from === 0 ? -1 : indexOf(bytes, encodeUtf8(`\n${origin}\n`))
  return { bytes: bytes.subarray(at + 1), from: from + at + 1 }
}
