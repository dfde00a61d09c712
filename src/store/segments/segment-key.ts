// Running segments that are encrypted (audit.md, 5.1, 5.2 and 10.3): a key for each segment, never used again, wrapped in its
// header under a key that is itself wrapped in control.db.
import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { GatewayError } from '../../base/assert.ts'
import { equal, toHex } from '../../base/bytes.ts'
import { unwrapKey, type Wrapped, wrapNewKey } from '../packs/wrap.ts'
import { LogDamage } from './damage.ts'
import { FRAME_HEAD_BYTES } from './frame.ts'

/** Wraps the keys of segments. It can change threads. */
export interface WrappingKey {
  /** 16 bytes. */
  readonly id: Uint8Array
  readonly key: KeyObject
}

/** What the header of an encrypted segment says. */
export interface WrappedSegmentKey {
  readonly id: Uint8Array
  readonly wrapped: Wrapped
}

/** Those of a writer: under which new segments are, if at all, and which there are, for segments that were written before. */
export interface SegmentKeys {
  readonly write: WrappingKey | undefined
  readonly read: readonly WrappingKey[]
}

export function finderOf({ read }: SegmentKeys): FindKey {
  return (id) => read.find((one) => equal(one.id, id))?.key
}

/** Looks a wrapping key up by its id. */
export type FindKey = (id: Uint8Array) => KeyObject | undefined

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
export const TAG_BYTES = 16
const DOMAIN = Buffer.from('sallyport/frame/v1\0', 'latin1')

export function newSegmentKey(under: WrappingKey, salt: Uint8Array): { sealing: WrappedSegmentKey; key: KeyObject } {
  const { key, wrapped } = wrapNewKey(under.key, { id: under.id, purpose: purposeOf(salt) })
  return { sealing: { id: under.id, wrapped }, key }
}

/** Encrypts and opens the commits of one segment. */
export class SegmentCipher {
  readonly #key: KeyObject | undefined
  readonly #salt: Uint8Array
  readonly #file: string

  private constructor(key: KeyObject | undefined, salt: Uint8Array, file: string) {
    this.#key = key
    this.#salt = salt
    this.#file = file
  }

  static of(key: KeyObject, salt: Uint8Array, file: string): SegmentCipher {
    return new SegmentCipher(key, salt, file)
  }

  /** Of a segment that is there. Where its key cannot be found, that is told once something is to be opened. */
  static find(
    sealing: WrappedSegmentKey,
    of: { salt: Uint8Array; file: string; find: FindKey | undefined },
  ): SegmentCipher {
    const { file, find, salt } = of
    const under = find?.(sealing.id)
    const key = under && unwrapKey(under, sealing.wrapped, { id: sealing.id, purpose: purposeOf(salt) })
    if (under !== undefined && key === undefined)
      throw new LogDamage('segment_damaged', 'the key in the header of the segment was altered', { file })
    return new SegmentCipher(key, salt, file)
  }

  /** Encrypts in place what stands from `from` to `to`, and writes the tag behind it. `head` is that of the frame. */
  seal(bytes: Buffer, head: Buffer, { from, seq, to }: { from: number; to: number; seq: number }): void {
    const cipher = createCipheriv(CIPHER, this.#known(), nonceOf(seq), { authTagLength: TAG_BYTES })
    cipher.setAAD(this.#context(head))
    bytes.set(cipher.update(bytes.subarray(from, to)), from)
    cipher.final()
    bytes.set(cipher.getAuthTag(), to)
  }

  /** The frames in a sealed commit. Its checksum was right: what does not open was altered by somebody, and not torn. */
  open(body: Buffer, head: Buffer, { at, seq }: { at: number; seq: number }): Buffer {
    const key = this.#known()
    const end = body.length - TAG_BYTES
    try {
      const decipher = createDecipheriv(CIPHER, key, nonceOf(seq), { authTagLength: TAG_BYTES })
      decipher.setAAD(this.#context(head))
      decipher.setAuthTag(body.subarray(end))
      const opened = decipher.update(body.subarray(0, end))
      decipher.final()
      return opened
    } catch {
      throw new LogDamage('segment_damaged', 'an encrypted commit was altered: its key does not open it', {
        file: this.#file,
        offset: at,
      })
    }
  }

  #known(): KeyObject {
    if (this.#key !== undefined) return this.#key
    throw new GatewayError(
      'log_unavailable',
      `${this.#file} is encrypted, and its key is not known here. Name the configuration, which says where the master key is (-c sallyport.yaml); control.db must be in the data folder.`,
    )
  }

  /** Domain, salt of the segment, and bytes 8 to 23 of the frame's head: a commit opens in its own place only. */
  #context(head: Buffer): Buffer {
    return Buffer.concat([DOMAIN, this.#salt, head.subarray(8, FRAME_HEAD_BYTES)])
  }
}

/** Four zero bytes and the seq: the key is fresh for each segment, and a writer that failed never writes there again. */
function nonceOf(seq: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeBigUInt64BE(BigInt(seq), 4)
  return nonce
}

function purposeOf(salt: Uint8Array): string {
  return `segment/${toHex(salt)}`
}
