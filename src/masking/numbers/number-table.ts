import { Gaps } from './gaps.ts'
import type { NumberRule } from './rule.ts'
import { GROUP_SIZE_MAX, ShapeTree } from './shape-tree.ts'
import type { Wanted } from './wanted.ts'

/** A rule as it is tried. All have the same fields in the same order, so that reading them is quick. */
export interface TriedNumber {
  readonly entity: number
  readonly name: string
  readonly digits: number
  readonly check: NumberRule['check']
  readonly gaps: Gaps
  readonly onlyGrouped: boolean
  readonly first: string | undefined
  readonly bare: number
  readonly grouped: number
}

type Rules = readonly TriedNumber[]
const NONE: Rules = []

/** Rules of numbers by how they are written: in one group, or in several. Only those that are wanted now are there. */
export class NumberTable {
  readonly grouped: ShapeTree<TriedNumber>
  /** By digits and the first of them. */
  readonly #bare: readonly Rules[]
  readonly #rules: Rules
  readonly #wanted: Wanted
  #bareWanted: Rules[] = []
  #shortest = GROUP_SIZE_MAX

  constructor(numbers: readonly NumberRule[], wanted: Wanted) {
    const pairs = numbers.map((number) => ({ rule: tried(number), groups: number.groups }))
    const rules = pairs.map(({ rule }) => rule)
    this.grouped = new ShapeTree(pairs.flatMap(({ rule, groups }) => groups.map((sizes) => ({ rule, sizes }))))
    this.#bare = Array.from({ length: 10 * (GROUP_SIZE_MAX + 1) }, (_, place) =>
      rules.filter(
        (rule) => placeOf(rule.digits, place % 10) === place && !rule.onlyGrouped && beginsWith(rule, place % 10),
      ),
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

  /** Rules of numbers of so many digits without separators; `first` is the first of them, or its byte in ASCII. */
  bare(digits: number, first: number): Rules {
    return this.#bareWanted[placeOf(digits, first & 0x0f)] ?? NONE
  }

  #isWanted(entity: number, score: number): boolean {
    return this.#wanted.has(this.#wanted.indexOf({ entity, score }))
  }
}

function placeOf(digits: number, first: number): number {
  return 10 * digits + first
}

function beginsWith({ first }: TriedNumber, digit: number): boolean {
  return first === undefined || first.includes(`${digit}`)
}

function tried(rule: NumberRule): TriedNumber {
  return {
    entity: rule.entity,
    name: rule.name,
    digits: rule.digits,
    check: rule.check,
    gaps: new Gaps(rule.separators),
    onlyGrouped: rule.onlyGrouped === true,
    first: rule.first,
    bare: rule.score.bare,
    grouped: rule.score.grouped,
  }
}
