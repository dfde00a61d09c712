import { readMaskingConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import type { AnalyzerTerms, ConnectionMasking } from '../masking/connection-masking.ts'
import { type Coverage, coverageOf } from '../masking/coverage.ts'
import type { Scanner } from '../masking/find/scanner.ts'
import type { OwnDetector } from '../masking/patterns/own-detector.ts'
import { entitiesOf } from '../masking/replace/entity-groups.ts'
import { makeRuleSet, type RuleSet } from '../masking/rule-set.ts'
import { Scanners } from '../masking/scanners.ts'
import type { MaskSide } from '../policy/rule.ts'
import type { CallQuestion } from '../policy/run-tests.ts'
import { type PolicyMasks, policyMasks } from './mask-policy.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** What is masked by in a try-out. */
export interface MaskTerms {
  readonly scanner: Scanner
  readonly rules: RuleSet
  readonly binary: 'pass' | 'drop' | 'block'
  readonly direction: MaskSide
  /** Undefined without a configuration. */
  readonly connection: string | undefined
  /** The outside detector of the connection, where it has one. */
  readonly analyzer: AnalyzerTerms | undefined
  /** Undefined where no policy was asked. */
  readonly policy: PolicyMasks | undefined
  readonly coverage: Coverage
}

export interface TermsChoice {
  readonly config: string | undefined
  /** The call whose result or arguments it would be; undefined without a configuration. */
  readonly call: CallQuestion | undefined
  readonly direction: MaskSide
  /** Kinds or groups as a rule would name them; none: the profile, and what the policy says. */
  readonly entities: readonly string[]
  /** Whether a configuration may stand without a call: its kinds count then, and the default profile. */
  readonly ofAll?: boolean
}

/** Rules as a gateway would have them; undefined after mistakes of the configuration were printed. */
export async function termsFrom(choice: TermsChoice): Promise<MaskTerms | undefined> {
  const { call, direction, entities } = choice
  const connection = call?.call.connection
  const from = await connectionFrom(choice)
  if (from === undefined) return undefined
  const { own, masking } = from
  for (const name of entities) checkName(name, own)
  const isNamed = entities.length > 0
  const policy = await policyFor(choice)
  if (policy === 'mistakes') return undefined
  const terms = isNamed ? bothWays(entities, own) : (policy?.terms ?? NO_MASKS)
  const looked = own.map((detector) => ({
    name: detector.name,
    near: detector.near,
    in: detector.in,
    with: isLooked(detector) ? detector.action : undefined,
    score: detector.score,
  }))
  const profile = isNamed ? 'off' : masking.profile
  const rules = makeRuleSet({ profile, side: direction, terms: terms[direction], own: looked })
  const { binary, analyzer } = masking
  const coverage = coverageOf({ profile, terms, own: looked, binary, hasAnalyzer: analyzer !== undefined })
  return { rules, scanner: new Scanners(own).for(rules), binary, direction, connection, analyzer, policy, coverage }

  function isLooked({ name, looksAt }: OwnDetector): boolean {
    return isNamed ? entities.includes(name) : looksAt(connection ?? '', call?.call.tool)
  }
}

const NO_MASKS: PolicyMasks['terms'] = { results: [], arguments: [] }

function bothWays(entities: readonly string[], own: readonly OwnDetector[]): PolicyMasks['terms'] {
  const terms = entities.map((name) => ({ entities: [name], with: ownAction(name, own) ?? ('surrogate' as const) }))
  return { results: terms, arguments: terms }
}

/** Kinds that are named are tried for themselves. */
async function policyFor({ config, call, entities }: TermsChoice): Promise<PolicyMasks | undefined | 'mistakes'> {
  if (config === undefined || call === undefined || entities.length > 0) return undefined
  return (await policyMasks(config, call)) ?? 'mistakes'
}

interface OfConnection {
  readonly own: readonly OwnDetector[]
  readonly masking: Pick<ConnectionMasking, 'profile' | 'binary' | 'analyzer'>
}

const UNCONFIGURED: OfConnection = {
  own: [],
  masking: { profile: 'default', binary: 'pass', analyzer: undefined },
}

async function connectionFrom({ config: file, call, ofAll = false }: TermsChoice): Promise<OfConnection | undefined> {
  if (file === undefined && call === undefined) return UNCONFIGURED
  if (file === undefined) throw new UsageError('Name the configuration of the connection: -c sallyport.yaml.')
  const loaded = await readMaskingConfig(file, process.env)
  if (loaded.kind === 'mistakes') {
    printError(printMistakes(loaded.mistakes))
    return undefined
  }
  const { connections, masking } = loaded
  const names = connections.map((one) => one.name).join(', ')
  if (call === undefined && ofAll) return { ...UNCONFIGURED, own: masking.own }
  if (call === undefined) throw new UsageError(`Name one of the connections (${names}): --connection NAME.`)
  const name = call.call.connection
  const found = connections.find((one) => one.name === name)
  if (found === undefined) throw new UsageError(`There is no connection "${name}": ${names}.`)
  return { own: masking.own, masking: found.masking }
}

function checkName(name: string, own: readonly OwnDetector[]): void {
  if (entitiesOf(name) !== undefined || own.some((one) => one.name === name)) return
  throw new UsageError(`There is no kind of value "${name}"; mask --coverage lists them.`)
}

function ownAction(name: string, own: readonly OwnDetector[]): OwnDetector['action'] | undefined {
  return own.find((one) => one.name === name)?.action
}
