import type { NumberRule } from './rule.ts'
import type { Wanted } from './wanted.ts'

/** The most digits that a group, and so a number, may have here. */
export const GROUP_DIGITS_MAX = 24
const WIDTH = GROUP_DIGITS_MAX + 1

type Rules = readonly NumberRule[]
const NONE: Rules = []

/**
 * Rules by how their numbers are written: a tree whose edges are the sizes of groups, so that groups that are nothing cost
 * one look-up each. Only ways to rules that are wanted are open.
 */
export class NumberTable {
  readonly #edges: readonly { readonly from: number; readonly size: number; readonly to: number }[]
  readonly #ends: readonly Rules[]
  readonly #bare: readonly Rules[]
  readonly #wanted: Wanted
  readonly #next: Int16Array
  #endsWanted: Rules[] = []
  #bareWanted: Rules[] = []

  constructor(rules: Rules, wanted: Wanted) {
    const tree = treeOf(rules)
    this.#edges = tree.edges
    this.#ends = tree.ends
    this.#next = new Int16Array(tree.ends.length * WIDTH)
    this.#bare = Array.from({ length: WIDTH }, (_, digits) =>
      rules.filter((rule) => rule.digits === digits && rule.onlyGrouped !== true),
    )
    this.#wanted = wanted
    for (const { entity, score } of rules) {
      wanted.indexOf({ entity, score: score.bare })
      wanted.indexOf({ entity, score: score.grouped })
    }
  }

  /** Opens the ways to what is wanted now, and closes all others. */
  select(): void {
    const isWanted = (entity: number, score: number): boolean =>
      this.#wanted.has(this.#wanted.indexOf({ entity, score }))
    this.#bareWanted = this.#bare.map((rules) => rules.filter(({ entity, score }) => isWanted(entity, score.bare)))
    this.#endsWanted = this.#ends.map((rules) => rules.filter(({ entity, score }) => isWanted(entity, score.grouped)))
    const isOpen = this.#endsWanted.map((rules) => rules.length > 0)
    this.#next.fill(0)
    // A node is made after the one that leads to it, so the way back is the list from its end.
    for (const { from, size, to } of this.#edges.toReversed()) {
      if (isOpen[to] !== true) continue
      isOpen[from] = true
      this.#next[from * WIDTH + size] = to
    }
  }

  /** The node that a group of `size` digits leads to from `node`; 0 where no number that is wanted goes on that way. */
  next(node: number, size: number): number {
    return size > GROUP_DIGITS_MAX ? 0 : (this.#next[node * WIDTH + size] ?? 0)
  }

  /** Rules whose number ends at the node. */
  endsAt(node: number): Rules {
    return this.#endsWanted[node] ?? NONE
  }

  /** Rules of numbers of so many digits without separators. */
  bare(digits: number): Rules {
    return this.#bareWanted[digits] ?? NONE
  }
}

function treeOf(rules: Rules): { edges: { from: number; size: number; to: number }[]; ends: NumberRule[][] } {
  const nodes = [new Map<number, number>()]
  const ends: NumberRule[][] = [[]]
  const edges: { from: number; size: number; to: number }[] = []
  const step = (from: number, size: number): number => {
    const known = nodes[from]?.get(size)
    if (known !== undefined) return known
    const to = nodes.length
    nodes[from]?.set(size, to)
    nodes.push(new Map())
    ends.push([])
    edges.push({ from, size, to })
    return to
  }
  for (const rule of rules) for (const groups of rule.groups) ends[groups.reduce(step, 0)]?.push(rule)
  return { edges, ends }
}
