import { randomInt } from 'node:crypto'

/** Numbers by chance that a seed repeats. */
export class Chance {
  readonly seed: number
  #state: number

  /** A fresh seed where none is given. */
  constructor(seed = randomInt(2 ** 31)) {
    this.seed = seed
    this.#state = seed
  }

  /** From 0 up to, not including, `below`. */
  below(below: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** A text of one alphabet. */
  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join('')
  }

  digits(length: number): string {
    return this.text(DIGITS, length)
  }

  /**
   * `9` a digit, `A` a capital, `a` a small letter, `X` a capital or digit, `x` a small letter or digit, `w` any letter or
   * digit, `h` a small hexadecimal digit; all else stands for itself. `w{36}` repeats.
   */
  shaped(shape: string): string {
    return shape.replaceAll(/([9AaXxwh])(?:\{(\d+)\})?/g, (_, kind: string, count?: string) =>
      this.text(ALPHABETS[kind] ?? kind, Number(count ?? 1)),
    )
  }

  /** Tries until one fits. */
  until<T>(make: () => T, fits: (made: T) => boolean): T {
    for (;;) {
      const made = make()
      if (fits(made)) return made
    }
  }

  /** Day and month that exist in every year, and a year of two digits. */
  birth(): { readonly dd: string; readonly mm: string; readonly yy: string } {
    return { dd: two(this.between(1, 28)), mm: two(this.between(1, 12)), yy: two(this.below(100)) }
  }
}

export function two(value: number): string {
  return String(value).padStart(2, '0')
}

export const DIGITS = '0123456789'
export const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const SMALL = CAPITALS.toLowerCase()

const ALPHABETS: Readonly<Record<string, string>> = {
  9: DIGITS,
  A: CAPITALS,
  a: SMALL,
  X: CAPITALS + DIGITS,
  x: SMALL + DIGITS,
  w: CAPITALS + SMALL + DIGITS,
  h: '0123456789abcdef',
}
