import { decodeUtf8 } from '../../base/bytes.ts'
import { hashOf, isSameAt } from '../byte-hash.ts'
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
    const slot = hashOf(bytes, start, end) & (SLOTS - 1)
    const known = this.#keys[slot]
    if (known?.length === end - start && isSameAt(known, 0, bytes, { start, end })) return this.#kinds[slot]
    const key = bytes.slice(start, end)
    const kind = this.#classify(decodeUtf8(key))
    this.#keys[slot] = key
    this.#kinds[slot] = kind
    return kind
  }
}
