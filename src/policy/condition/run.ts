import type { RE2JS } from 're2js'
import type { GlobTest } from '../../base/name-glob.ts'
import { WallClock } from '../../base/wall-clock.ts'
import type { Network } from './cidr.ts'

/** What one evaluation may use up, in units of roughly 10 ns. The engine has no such bound, and a caller chooses the arguments. */
const WORK_MAX = 1_000_000
/** Each turn of a loop: mostly far less, but one that ends in an error takes some 2 microseconds. */
const TURN_WORK = 200
/** A `+` may join lists, and `in` may look through one: a thousand members each, as often as the loop turns. */
const HEAVY_WORK = 500

/** What was made of the literals of a condition at load, so that no evaluation parses them. */
export interface Prepared {
  readonly patterns: ReadonlyMap<string, RE2JS>
  readonly networks: ReadonlyMap<string, Network>
  readonly globs: ReadonlyMap<string, GlobTest>
  /** By zone: those that the condition names, and that of the policy. */
  readonly clocks: Map<string, WallClock>
}

/** One evaluation, as the functions of the language see it. Kept by the context and started anew for each condition. */
export class Run {
  readonly timezone: string
  #left = 0
  #prepared: Prepared | undefined
  /** One for all turns: making an error takes longer than a turn. */
  #spent: Error | undefined

  constructor(timezone: string) {
    this.timezone = timezone
  }

  start(prepared: Prepared): void {
    this.#left = WORK_MAX
    this.#prepared = prepared
  }

  /** True once an evaluation went over its limit; then its answer counts for nothing, even where `||` absorbed the error. */
  get isSpent(): boolean {
    return this.#left < 0
  }

  /** Throws once the work is used up. */
  charge(work: number): void {
    this.#left -= work
    if (this.#left < 0) throw (this.#spent ??= new Error('too much work for one condition'))
  }

  turn(isHeavy: boolean): true {
    this.charge(isHeavy ? TURN_WORK + HEAVY_WORK : TURN_WORK)
    return true
  }

  get prepared(): Prepared {
    if (this.#prepared === undefined) throw new Error('nothing was started')
    return this.#prepared
  }

  clock(zone: string = this.timezone): WallClock {
    const { clocks } = this.prepared
    const known = clocks.get(zone)
    if (known !== undefined) return known
    const clock = new WallClock(zone)
    clocks.set(zone, clock)
    return clock
  }
}
