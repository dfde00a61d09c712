import type { NumberRule } from './rule.ts'
import { GROUP_SIZE_MAX, ShapeTree } from './shape-tree.ts'
import type { Wanted } from './wanted.ts'

/** A rule as it is tried. All have the same fields in the same order, so that reading them is quick. */
export interface TriedNumber {
  readonly entity: number
  readonly name: string
  readonly digits: number
  readonly check: NumberRule['check']
  readonly separators: readonly string[] | undefined
  readonly onlyGrouped: boolean
  readonly bare: number
  readonly grouped: number
}

type Rules = readonly TriedNumber[]
const NONE: Rules = []

/** Rules of numbers by how they are written: in one group, or in several. Only those that are wanted now are there. */
export class NumberTable {
  readonly grouped: ShapeTree<TriedNumber>
  readonly #bare: readonly Rules[]
  readonly #rules: Rules
  readonly #wanted: Wanted
  #bareWanted: Rules[] = []
  #shortest = GROUP_SIZE_MAX

  constructor(numbers: readonly NumberRule[], wanted: Wanted) {
    const pairs = numbers.map((number) => ({ rule: tried(number), groups: number.groups }))
    const rules = pairs.map(({ rule }) => rule)
    this.grouped = new ShapeTree(pairs.flatMap(({ rule, groups }) => groups.map((sizes) => ({ rule, sizes }))))
    this.#bare = Array.from({ length: GROUP_SIZE_MAX + 1 }, (_, digits) =>
      rules.filter((rule) => rule.digits === digits && !rule.onlyGrouped),
    )
    this.#rules = rules
    this.#wanted = wanted
    for (const { entity, bare, grouped } of rules) {
      wanted.indexOf({ entity, score: bare })
      wanted.indexOf({ entity, score: grouped })
    }
  }

  select(): void {
    const isBareWanted = ({ entity, bare }: TriedNumber): boolean => this.#isWanted(entity, bare)
    const isGroupedWanted = ({ entity, grouped }: TriedNumber): boolean => this.#isWanted(entity, grouped)
    this.#bareWanted = this.#bare.map((rules) => rules.filter(isBareWanted))
    this.grouped.select(isGroupedWanted)
    const wanted = this.#rules.filter((rule) => isBareWanted(rule) || isGroupedWanted(rule))
    this.#shortest = Math.min(GROUP_SIZE_MAX, ...wanted.map(({ digits }) => digits))
  }

  /** The fewest digits of a number that is wanted. */
  get shortest(): number {
    return this.#shortest
  }

  /** Rules of numbers of so many digits without separators. */
  bare(digits: number): Rules {
    return this.#bareWanted[digits] ?? NONE
  }

  #isWanted(entity: number, score: number): boolean {
    return this.#wanted.has(this.#wanted.indexOf({ entity, score }))
  }
}

function tried(rule: NumberRule): TriedNumber {
  return {
    entity: rule.entity,
    name: rule.name,
    digits: rule.digits,
    check: rule.check,
    separators: rule.separators,
    onlyGrouped: rule.onlyGrouped === true,
    bare: rule.score.bare,
    grouped: rule.score.grouped,
  }
}
