import type { Chance } from './random.ts'

export type Scalar = string | number | boolean | null

/** One value of a made result, and of what kind it is. */
export interface Leaf {
  readonly kind: string
  readonly value: Scalar
}

export type Make = (chance: Chance) => Scalar
export type Makers = Readonly<Record<string, Make>>

/** The whole number that its digits are, `length` of them, the first not zero. */
export function wholeNumber(chance: Chance, length: number): string {
  return String(chance.between(1, 9)) + chance.digits(length - 1)
}

/** `most` bits by chance. */
export function bits(chance: Chance, most: number): bigint {
  let value = 0n
  for (let have = 0; have < most; have += 16) value = (value << 16n) | BigInt(chance.below(65_536))
  return BigInt.asUintN(most, value)
}

/** Milliseconds from 2016 to 2026, more often lately. */
export function instant(chance: Chance): number {
  const span = LATEST_MS - EARLIEST_MS
  const early = chance.below(span)
  return EARLIEST_MS + Math.max(early, chance.below(span))
}

const EARLIEST_MS = Date.UTC(2016, 0, 1)
const LATEST_MS = Date.UTC(2026, 5, 1)
