import { readMaskingConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { type Coverage, coverageOf } from '../masking/coverage.ts'
import type { Scanner } from '../masking/find/scanner.ts'
import type { OwnDetector } from '../masking/patterns/own-detector.ts'
import { entitiesOf } from '../masking/replace/entity-groups.ts'
import { makeRuleSet, type RuleSet } from '../masking/rule-set.ts'
import { Scanners } from '../masking/scanners.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** What is masked by in a try-out. */
export interface MaskTerms {
  readonly scanner: Scanner
  readonly rules: RuleSet
  readonly binary: 'pass' | 'drop' | 'block'
  readonly coverage: Coverage
}

interface Options {
  readonly config: string | undefined
  readonly connection: string | undefined
  /** Kinds or groups as a rule would name them; none: the profile. */
  readonly entities: readonly string[]
}

/** Rules as for results of a connection; undefined after mistakes of the configuration were printed. */
export async function termsFrom({ config, connection, entities }: Options): Promise<MaskTerms | undefined> {
  const from = await connectionFrom(config, connection)
  if (from === undefined) return undefined
  const { own, profile, binary, hasAnalyzer } = from
  for (const name of entities) checkName(name, own)
  const isNamed = entities.length > 0
  const rules = makeRuleSet({
    profile: isNamed ? 'off' : profile,
    side: 'results',
    terms: entities.map((name) => ({ entities: [name], with: ownAction(name, own) ?? 'surrogate' })),
    own: own.map((detector) => ({
      name: detector.name,
      with: isLooked(detector) ? detector.action : undefined,
      score: detector.score,
    })),
  })
  const coverage = coverageOf({ rules, own, binary, hasAnalyzer })
  return { rules, scanner: new Scanners(own).for(rules), binary, coverage }

  function isLooked({ name, looksAt }: OwnDetector): boolean {
    return isNamed ? entities.includes(name) : looksAt(connection ?? '', undefined)
  }
}

interface OfConnection {
  readonly own: readonly OwnDetector[]
  readonly profile: 'default' | 'off'
  readonly binary: MaskTerms['binary']
  readonly hasAnalyzer: boolean
}

async function connectionFrom(file: string | undefined, name: string | undefined): Promise<OfConnection | undefined> {
  if (file === undefined && name === undefined)
    return { own: [], profile: 'default', binary: 'pass', hasAnalyzer: false }
  if (file === undefined) throw new UsageError('Name the configuration of the connection: -c sallyport.yaml.')
  const loaded = await readMaskingConfig(file, process.env)
  if (loaded.kind === 'mistakes') {
    printError(printMistakes(loaded.mistakes))
    return undefined
  }
  const { connections, masking } = loaded
  const names = connections.map((one) => one.name).join(', ')
  if (name === undefined) throw new UsageError(`Name one of the connections (${names}): --connection NAME.`)
  const found = connections.find((one) => one.name === name)
  if (found === undefined) throw new UsageError(`There is no connection "${name}": ${names}.`)
  const { profile, binary, analyzer } = found.masking
  return { own: masking.own, profile, binary, hasAnalyzer: analyzer !== undefined }
}

function checkName(name: string, own: readonly OwnDetector[]): void {
  if (entitiesOf(name) !== undefined || own.some((one) => one.name === name)) return
  throw new UsageError(`There is no kind of value "${name}"; mask --coverage lists them.`)
}

function ownAction(name: string, own: readonly OwnDetector[]): OwnDetector['action'] | undefined {
  return own.find((one) => one.name === name)?.action
}
