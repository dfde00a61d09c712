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

/** FNV-1a. Names of columns differ in one letter, so that every one counts. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function isSame(key: Uint8Array, bytes: Uint8Array, { start, end }: { start: number; end: number }): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
