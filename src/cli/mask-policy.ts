import type { Terms } from '../masking/rule-set.ts'
import { decide } from '../policy/decide.ts'
import type { MaskSide } from '../policy/rule.ts'
import { type CallQuestion, callQuestion } from '../policy/run-tests.ts'
import { policyFrom } from './policy-file-args.ts'
import { UsageError } from './usage.ts'

/** What the policy of a configuration wants hidden in a call, and in what answers it. */
export interface PolicyMasks {
  readonly terms: Readonly<Record<MaskSide, readonly Terms[]>>
  /** The rules that say so. */
  readonly by: Readonly<Record<MaskSide, readonly string[]>>
  /** The rule that keeps the call from going out, so that nobody's obligations matter. */
  readonly stopped: { readonly kind: 'deny' | 'approve'; readonly rule: string } | undefined
}

/** Undefined after the mistakes of the policy were printed. */
export async function policyMasks(config: string, call: CallQuestion): Promise<PolicyMasks | undefined> {
  const loaded = await policyFrom([], { config })
  if (loaded === undefined) return undefined
  const question = callQuestion(loaded.read, call)
  if (typeof question === 'string') throw new UsageError(`The call cannot be asked about: ${question}.`)
  const decision = decide({ ...question, policy: loaded.read.policy })
  if (decision.kind !== 'allow') {
    const { kind, rule } = decision
    return { terms: NOTHING, by: NOTHING, stopped: { kind, rule } }
  }
  const of = (side: MaskSide) =>
    decision.obligations.masks.flatMap(({ rule, terms }) =>
      terms.filter(({ in: sides = RESULTS }) => sides.includes(side)).map((term) => ({ rule, term })),
    )
  const sides = { results: of('results'), arguments: of('arguments') }
  return {
    terms: { results: sides.results.map(({ term }) => term), arguments: sides.arguments.map(({ term }) => term) },
    by: { results: rulesOf(sides.results), arguments: rulesOf(sides.arguments) },
    stopped: undefined,
  }
}

const RESULTS: readonly MaskSide[] = ['results']
const NOTHING = { results: [], arguments: [] }

function rulesOf(terms: readonly { readonly rule: string }[]): string[] {
  return [...new Set(terms.map(({ rule }) => rule))]
}
