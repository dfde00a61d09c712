import { sum } from './checks.ts'
import type { Chance } from './random.ts'

export interface MadeKind {
  readonly entity: string
  /** What a person would write before it. */
  readonly label: string
  readonly make: (chance: Chance) => string
}

export const shaped = (entity: string, label: string, ...shapes: string[]): MadeKind => ({
  entity,
  label,
  make: (chance) => chance.shaped(chance.pick(shapes)),
})
export const checked = (entity: string, label: string, shape: string, fits: (value: string) => boolean): MadeKind => ({
  entity,
  label,
  make: (chance) => chance.until(() => chance.shaped(shape), fits),
})
export const bare = (value: string): string => value.replaceAll(/[^0-9A-Za-z]/g, '')
export const mixed = (value: string): boolean => new Set(bare(value)).size > 2
/** Weights over all digits that give a multiple of the modulus. */
export const multiple =
  (weights: readonly number[], modulus: number) =>
  (value: string): boolean =>
    mixed(value) && sum(bare(value), weights) % modulus === 0
