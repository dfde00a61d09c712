import type { EntityId } from '../../entities.ts'

/** A kind whose place of separators, or whose letters, no run of digits and no single word shows. Nothing in it is checked. */
export interface ShapeRule {
  readonly entity: EntityId
  readonly name: string
  /** Of the value alone; never enough for the default profile. */
  readonly score: number
  /**
   * Where a value ends that begins at `at`, or -1. Reads at most some 24 bytes; whether a word begins at `at` and ends there
   * is asked by the caller.
   */
  readonly match: (bytes: Uint8Array, at: number) => number
}
