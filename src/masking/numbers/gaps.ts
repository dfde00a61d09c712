const SPACE = 0x20
const DASH = 0x2d
const POINT = 0x2e
const SLASH = 0x2f
const PLUS = 0x2b
/** The separators that stand alone between two groups, by the number that a key of gaps has for each. */
const CODES = new Uint8Array(256)
for (const [i, byte] of [SPACE, DASH, POINT, SLASH, PLUS].entries()) CODES[byte] = i + 1
const KEY_BASE = 8

/** The key of a number with no gap; `gapKey` adds a gap to a key. Ten gaps fit, and no number has as many groups. */
export const NO_GAPS = 1

export function gapKey(key: number, separator: number): number {
  return key * KEY_BASE + (CODES[separator] ?? 0)
}

/** What may stand between the groups of a number. */
export class Gaps {
  /** 1 for what may stand in every gap. */
  readonly #same = new Uint8Array(256)
  /** Keys of what may stand in them one after the other. */
  readonly #keys = new Set<number>()

  /**
   * Patterns of one character for every gap, such as '-', or of one for each, such as '..-'. Undefined: any separator, the same
   * in every gap; a plus sign is none then.
   */
  constructor(patterns: readonly string[] | undefined) {
    for (const byte of patterns === undefined ? [SPACE, DASH, POINT, SLASH] : []) this.#same[byte] = 1
    for (const pattern of patterns ?? []) {
      if (pattern.length === 1) this.#same[pattern.charCodeAt(0)] = 1
      else this.#keys.add(Array.from(pattern, (sign) => sign.charCodeAt(0)).reduce(gapKey, NO_GAPS))
    }
  }

  /** `same`: what stands in all gaps; 0 where they differ. */
  allow(key: number, same: number): boolean {
    return this.#same[same] === 1 || (this.#keys.size > 0 && this.#keys.has(key))
  }
}
