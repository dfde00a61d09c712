import { writeFileSync } from 'node:fs'
import { loadPolicyFile } from '../config/load-policy-file.ts'
import { packFile, packNames } from '../config/policy-places.ts'
import { printMistake } from '../config/print-mistakes.ts'
import { hitRules } from '../policy/lint.ts'
import type { ReadPolicy } from '../policy/parse-policy.ts'
import type { TestResult } from '../policy/run-tests.ts'
import { safe } from '../recording/print.ts'
import { junit } from './junit.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { POLICY_OPTIONS, policyFrom, sayMistakes } from './policy-file-args.ts'
import { readArgs, UsageError } from './usage.ts'
import { beside, LINE_CHARS } from './wrap.ts'

const OPTIONS = {
  ...POLICY_OPTIONS,
  coverage: { type: 'boolean' },
  junit: { type: 'string' },
  packs: { type: 'boolean' },
} as const

interface Tested {
  readonly file: string
  readonly read: ReadPolicy
  readonly tests: readonly TestResult[]
}

interface Output {
  readonly json: boolean
  readonly coverage: boolean
  /** Undefined: none. `-`: standard output, which then holds nothing else. */
  readonly junit: string | undefined
}

/** `sallyport policy test [FILE] [-c …] [--coverage] [--junit FILE] [--json] [--packs]`: the tests that a policy brings along. */
export async function policyTest(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const { json = false, coverage = false, config } = values
  if (values.packs === true && (positionals.length > 0 || config !== undefined))
    throw new UsageError('--packs are those of the program: leave the file and -c out.')
  if (json && values.junit === '-')
    throw new UsageError('--json and --junit - both print: name a file for one of them.')
  const all = values.packs === true ? await packs(json) : [await policyFrom(positionals, { config, json })]
  const tested = all.filter((one) => one !== undefined)
  if (tested.length > 0) report(tested, { json, coverage, junit: values.junit })
  const failed = tested.some(({ tests }) => tests.some(({ mistake }) => mistake !== undefined))
  return failed || tested.length < all.length ? EXIT.refused : EXIT.fine
}

async function packs(json: boolean): Promise<(Tested | undefined)[]> {
  const all: (Tested | undefined)[] = []
  for (const name of packNames()) {
    const loaded = await loadPolicyFile({ file: packFile(name), config: undefined }, process.env)
    if (loaded.kind === 'mistakes') sayMistakes(loaded.mistakes, json)
    all.push(loaded.kind === 'policy' ? loaded : undefined)
  }
  return all
}

function report(tested: readonly Tested[], output: Output): void {
  if (output.junit !== undefined && output.junit !== '-') save(output.junit, junit(tested))
  if (output.json) printLine(JSON.stringify(tested.map(jsonOf)))
  else if (output.junit === '-') printLine(junit(tested).trimEnd())
  else for (const line of tested.flatMap((one) => linesOf(one, output.coverage))) printLine(safe(line))
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch {
    throw new UsageError(`${file} cannot be written.`)
  }
}

function linesOf({ file, read, tests }: Tested, withCoverage: boolean): string[] {
  const failed = tests.filter(({ mistake }) => mistake !== undefined).length
  return [
    file,
    ...tests.flatMap(testLines),
    ...(withCoverage ? coverageLines(read, tests) : []),
    `${tests.length - failed} passed, ${failed} failed`,
  ]
}

function testLines({ name, decision, mistake }: TestResult): string[] {
  const head = `  ${mistake === undefined ? 'passed' : 'FAILED'}  ${name}`
  const by = decision === undefined ? undefined : [...new Set([decision.rule, ...decision.matched])].join(', ')
  const said = by === undefined ? '' : `  (${decision?.kind} by ${by})`
  const why =
    mistake === undefined
      ? []
      : printMistake(mistake)
          .split('\n')
          .map((line) => `${MARGIN}${line}`)
  if (head.length + said.length <= LINE_CHARS) return [`${head}${said}`, ...why]
  return [head, ...beside(MARGIN, said.trimStart()), ...why]
}

const MARGIN = ' '.repeat(10)

function coverageLines(read: ReadPolicy, tests: readonly TestResult[]): string[] {
  const { hit, missed, percent } = coverageOf(read, tests)
  const sum = `Rules that a test hits: ${hit.length} of ${hit.length + missed.length} (${percent} %)`
  return [sum, ...missed.map((rule) => `  never hit: ${rule}`)]
}

/** Of the file's own rules; those of packs are tested with the packs. */
function coverageOf({ sources }: ReadPolicy, tests: readonly TestResult[]) {
  const seen = hitRules(tests)
  const ids = sources.rules.filter(({ pack }) => pack === undefined).map(({ entry }) => entry.id)
  const hit = ids.filter((id) => seen.has(id))
  const percent = ids.length === 0 ? 100 : Math.floor((100 * hit.length) / ids.length)
  return { hit, missed: ids.filter((id) => !seen.has(id)), percent }
}

function jsonOf({ file, read, tests }: Tested) {
  return {
    file,
    policy: read.policy.version,
    passed: tests.filter(({ mistake }) => mistake === undefined).length,
    failed: tests.filter(({ mistake }) => mistake !== undefined).length,
    tests: tests.map(({ name, line, decision, mistake }) => ({
      name,
      line,
      passed: mistake === undefined,
      decision: decision?.kind,
      rule: decision?.rule,
      matched: decision?.matched,
      message: mistake?.message,
    })),
    coverage: coverageOf(read, tests),
  }
}
