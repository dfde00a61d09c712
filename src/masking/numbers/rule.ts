import type { EntityId } from '../entities.ts'

/** What a check of a number says. `none`: the number has no check, or it does not reject. */
export type Verdict = 'passed' | 'failed' | 'none'

/** A kind of number that is digits in groups. */
export interface NumberRule {
  readonly entity: EntityId
  readonly name: string
  /** How many digits it has. */
  readonly digits: number
  /** Sizes of its groups where it is written with separators, such as [3, 2, 4]. One group alone is always looked at. */
  readonly groups: readonly (readonly number[])[]
  /**
   * What may stand between its groups: patterns of one character for every gap, such as '-', or of one for each, such as
   * '..-'. Without it any separator may, the same one in every gap.
   */
  readonly separators?: readonly string[]
  /**
   * `digits` has the values 0 to 9 from index 0 on, `this.digits` of them; the array may be longer and is reused.
   * `undefined`: no such number at all, not even one with a typing error.
   */
  readonly check: (digits: Uint8Array) => Verdict | undefined
  /** True where it is looked for in its groups only, never in one group. */
  readonly onlyGrouped?: boolean
  /** The digits that it may begin with, such as '456'; any may where nothing is said. */
  readonly first?: string
  readonly score: {
    /** Check passed (or there is none), no separators. */
    readonly bare: number
    /** Check passed (or there is none), written in one of the groups. */
    readonly grouped: number
  }
}

/** A kind of id made of letters and digits, in one word or in groups. */
export interface CodeRule {
  readonly entity: EntityId
  readonly name: string
  /** Letters and digits that it may have, without separators. */
  readonly lengths: readonly number[]
  /**
   * `code` is ASCII capitals and digits without separators, `length` of them from index 0 on; the array is reused.
   * `undefined`: not of this shape at all.
   */
  readonly check: (code: Uint8Array, length: number) => Verdict | undefined
  readonly score: { readonly passed: number; readonly none: number }
  /** True where it is looked for in small letters too. */
  readonly anyCase: boolean
  /** Separators that may stand inside: any of these bytes, as a string such as " -". */
  readonly separators: string
  /** Sizes of its groups where it is written with separators. Without it a separator may stand anywhere, one at a time. */
  readonly groups?: readonly (readonly number[])[]
  /** True where it is looked for with separators only, never in one word. */
  readonly onlyGrouped?: boolean
}
