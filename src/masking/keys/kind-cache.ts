import { decodeUtf8 } from '../../base/bytes.ts'
import type { KeyKind } from './dictionary.ts'

/** Slots for the keys of a deployment; two that fall on one take turns. */
const SLOTS = 4_096

/** What keys are, by their bytes. Compares whole keys: equal hashes must not make one key pass for another. */
export class KindCache {
  readonly #keys: (Uint8Array | undefined)[] = Array.from({ length: SLOTS })
  readonly #kinds: (KeyKind | undefined)[] = Array.from({ length: SLOTS })
  readonly #classify: (key: string) => KeyKind | undefined

  constructor(classify: (key: string) => KeyKind | undefined) {
    this.#classify = classify
  }

  of(bytes: Uint8Array, start: number, end: number): KeyKind | undefined {
    const slot = slotOf(bytes, start, end)
    const known = this.#keys[slot]
    if (known !== undefined && isSame(known, bytes, { start, end })) return this.#kinds[slot]
    const key = bytes.slice(start, end)
    const kind = this.#classify(decodeUtf8(key))
    this.#keys[slot] = key
    this.#kinds[slot] = kind
    return kind
  }
}

/** Its length and six of its bytes: enough to part the keys of a message, and cheaper than all of them. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const middle = (start + end) >> 1
  const head = (byteAt(bytes, start) << 16) ^ (byteAt(bytes, start + 1) << 8) ^ byteAt(bytes, middle)
  const tail = (byteAt(bytes, middle + 1) << 16) ^ (byteAt(bytes, end - 2) << 8) ^ byteAt(bytes, end - 1)
  const hash = Math.imul(head, 0x9e3779b1) ^ Math.imul(tail ^ (end - start), 0x85ebca6b)
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

function isSame(key: Uint8Array, bytes: Uint8Array, { start, end }: { start: number; end: number }): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
