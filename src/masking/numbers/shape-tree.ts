/** The most letters and digits that one group may have here. */
export const GROUP_SIZE_MAX = 34
const WIDTH = GROUP_SIZE_MAX + 1

/** A rule with one way in which its values are written: the sizes of their groups. */
export interface Written<Rule> {
  readonly rule: Rule
  readonly sizes: readonly number[]
}

/**
 * Rules by how their values are written: a tree whose edges are the sizes of groups, so that groups that are nothing cost
 * one look-up each. Only ways to rules that are wanted are open.
 */
export class ShapeTree<Rule> {
  readonly #edges: readonly Edge[]
  readonly #ends: readonly (readonly Rule[])[]
  readonly #next: Int16Array
  #endsWanted: readonly (readonly Rule[])[] = []

  constructor(ways: readonly Written<Rule>[]) {
    const { edges, ends } = treeOf(ways)
    this.#edges = edges
    this.#ends = ends
    this.#next = new Int16Array(ends.length * WIDTH)
  }

  /** Opens the ways to what is wanted now, and closes all others. */
  select(isWanted: (rule: Rule) => boolean): void {
    this.#endsWanted = this.#ends.map((rules) => rules.filter(isWanted))
    const isOpen = this.#endsWanted.map((rules) => rules.length > 0)
    this.#next.fill(0)
    // A node is made after the one that leads to it, so the way back is the list from its end.
    for (const { from, size, to } of this.#edges.toReversed()) {
      if (isOpen[to] !== true) continue
      isOpen[from] = true
      this.#next[from * WIDTH + size] = to
    }
  }

  /** The node that a group of this size leads to from `node`; 0 where nothing that is wanted goes on that way. */
  next(node: number, size: number): number {
    return size > GROUP_SIZE_MAX ? 0 : (this.#next[node * WIDTH + size] ?? 0)
  }

  /** Wanted rules whose values end at the node; undefined for no node. */
  endsAt(node: number): readonly Rule[] | undefined {
    return this.#endsWanted[node]
  }
}

interface Edge {
  readonly from: number
  readonly size: number
  readonly to: number
}

function treeOf<Rule>(ways: readonly Written<Rule>[]): { edges: Edge[]; ends: Rule[][] } {
  const nodes = [new Map<number, number>()]
  const ends: Rule[][] = [[]]
  const edges: Edge[] = []
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
  for (const { rule, sizes } of ways) ends[sizes.reduce(step, 0)]?.push(rule)
  return { edges, ends }
}
