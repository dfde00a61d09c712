import { Chance } from '../support/masking/random.ts'
import { checkMasking } from './masking-checks.ts'
import { makeMessage } from './masking-messages.ts'
import { makeRules, type FuzzRules } from './masking-rules.ts'
import { broken } from './break-bytes.ts'
import { shrunk } from './shrink.ts'

export interface MaskingFound {
  readonly what: string
  /** Number of the message in this run. */
  readonly round: number
  readonly rules: string
  /** As small as it could be made. */
  readonly message: string
}

export interface MaskingFuzzOptions {
  readonly seed: number
  readonly seconds: number
  /** It ends after so many messages, broken ones not counted. */
  readonly roundsMax?: number
  /** So many different faults are told; then it ends. */
  readonly faultsMax?: number
}

export interface MaskingFuzzResult {
  readonly messages: number
  /** How often each outcome was met, `clean`, `changed` or a reason, of messages as they are and of broken ones. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly brokenOutcomes: ReadonlyMap<string, number>
  /** Milliseconds for each KiB of the slowest message of 1 KiB or more. */
  readonly slowest: number
  readonly found: readonly MaskingFound[]
}

/** Bytes of each message are broken so many times: a broken one is a message, too. */
const BROKEN_EACH = 2
const KIB = 1024
/** What JavaScript compiles at first is slow. */
const WARM_ROUNDS = 500

/** Masks random messages with random rules until the time is up. */
export function fuzzMasking({
  seed,
  seconds,
  roundsMax = Infinity,
  faultsMax = 1,
}: MaskingFuzzOptions): MaskingFuzzResult {
  const chance = new Chance(seed)
  const all = makeRules(chance)
  const run = new Run()
  const until = performance.now() + seconds * 1000
  for (let round = 0; round < roundsMax && performance.now() < until && run.found.length < faultsMax; round += 1) {
    const { text, fair } = makeMessage(chance)
    const bytes = new TextEncoder().encode(text)
    const rules = chance.pick(all)
    run.take({ bytes, fair, rules, round }, run.outcomes)
    for (let i = 0; i < BROKEN_EACH; i += 1)
      run.take({ bytes: broken(chance, bytes), fair: undefined, rules, round }, run.brokenOutcomes)
  }
  return run
}

class Run implements MaskingFuzzResult {
  messages = 0
  readonly outcomes = new Map<string, number>()
  readonly brokenOutcomes = new Map<string, number>()
  slowest = 0
  readonly #found = new Map<string, MaskingFound>()

  get found(): readonly MaskingFound[] {
    return [...this.#found.values()]
  }

  take(one: Failing, outcomes: Map<string, number>): void {
    const { bytes, rules, fair, round } = one
    const { outcome, wrong, ms } = checkMasking(bytes, rules, fair)
    this.messages += 1
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (round > WARM_ROUNDS && bytes.length >= KIB) this.slowest = Math.max(this.slowest, (ms / bytes.length) * KIB)
    if (wrong !== undefined && !this.#found.has(kindOf(wrong))) this.#found.set(kindOf(wrong), fault(wrong, one))
  }
}

interface Failing {
  readonly bytes: Uint8Array
  readonly fair: readonly string[] | undefined
  readonly rules: FuzzRules
  readonly round: number
}

/** Faults of one kind are told once. */
function kindOf(wrong: string): string {
  return (wrong.split('\n')[0] ?? '').replaceAll(/"[^"]*"|\d+/g, '')
}

function fault(wrong: string, { bytes, fair, rules, round }: Failing): MaskingFound {
  const kind = kindOf(wrong)
  const isSame = (some: Uint8Array): boolean => kindOf(checkMasking(some, rules, fair).wrong ?? '') === kind
  const small = shrunk(bytes, isSame)
  const what = checkMasking(small, rules, fair).wrong ?? wrong
  return { what, round, rules: rules.name, message: new TextDecoder().decode(small) }
}
