import type { NumberRule } from './rule.ts'

/** The most digits that a group, and so a number, may have here. */
export const GROUP_DIGITS_MAX = 24

const NONE: readonly NumberRule[] = []

/**
 * Rules by how their numbers are written: a tree whose edges are the sizes of groups, so that a run of groups that is
 * nothing costs one look-up for each of its groups.
 */
export class NumberTable {
  readonly #next: Int16Array
  readonly #ends: (readonly NumberRule[])[]
  readonly #bare: (readonly NumberRule[])[]

  constructor(rules: readonly NumberRule[]) {
    const nodes = [new Map<number, number>()]
    const ends: NumberRule[][] = [[]]
    for (const rule of rules) {
      for (const groups of rule.groups) {
        let node = 0
        for (const size of groups) {
          const known = nodes[node]?.get(size)
          if (known === undefined) {
            nodes[node]?.set(size, nodes.length)
            nodes.push(new Map())
            ends.push([])
          }
          node = known ?? nodes.length - 1
        }
        ends[node]?.push(rule)
      }
    }
    this.#next = new Int16Array(nodes.length * (GROUP_DIGITS_MAX + 1))
    nodes.forEach((edges, node) => {
      for (const [size, to] of edges) this.#next[node * (GROUP_DIGITS_MAX + 1) + size] = to
    })
    this.#ends = ends
    this.#bare = Array.from({ length: GROUP_DIGITS_MAX + 1 }, (_, digits) =>
      rules.filter((rule) => rule.digits === digits && rule.onlyGrouped !== true),
    )
  }

  /** The node that a group of `size` digits leads to from `node`; 0 where no number goes on that way. */
  next(node: number, size: number): number {
    return size > GROUP_DIGITS_MAX ? 0 : (this.#next[node * (GROUP_DIGITS_MAX + 1) + size] ?? 0)
  }

  /** Rules whose number ends at the node. */
  endsAt(node: number): readonly NumberRule[] {
    return this.#ends[node] ?? NONE
  }

  /** Rules of numbers of so many digits without separators. */
  bare(digits: number): readonly NumberRule[] {
    return this.#bare[digits] ?? NONE
  }
}
