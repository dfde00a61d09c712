import { writeFileSync } from 'node:fs'
import { loadPolicyFile } from '../config/load-policy-file.ts'
import { packFile, packNames } from '../config/policy-places.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { hitRules } from '../policy/lint.ts'
import type { ReadPolicy } from '../policy/parse-policy.ts'
import type { TestResult } from '../policy/run-tests.ts'
import { junit } from './junit.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { POLICY_OPTIONS, policyFrom } from './policy-file-args.ts'
import { readArgs } from './usage.ts'

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

/** `sallyport policy test [FILE] [-c …] [--coverage] [--junit FILE] [--json] [--packs]`: the tests that a policy brings along. */
export async function policyTest(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const all = values.packs === true ? await packs() : [await policyFrom(positionals, values.config)]
  const tested = all.filter((one) => one !== undefined)
  if (tested.length < all.length) return EXIT.refused
  if (values.json === true) printLine(JSON.stringify(tested.map(jsonOf)))
  else if (values.junit !== '-') for (const one of tested) print(one, values.coverage === true)
  if (values.junit === '-') printLine(junit(tested))
  else if (values.junit !== undefined) writeFileSync(values.junit, junit(tested))
  return tested.some(({ tests }) => tests.some(({ mistake }) => mistake !== undefined)) ? EXIT.refused : EXIT.fine
}

async function packs(): Promise<(Tested | undefined)[]> {
  const all: (Tested | undefined)[] = []
  for (const name of packNames()) {
    const loaded = await loadPolicyFile({ file: packFile(name), config: undefined }, process.env)
    if (loaded.kind === 'mistakes') printError(printMistakes(loaded.mistakes))
    all.push(loaded.kind === 'policy' ? loaded : undefined)
  }
  return all
}

function print({ file, read, tests }: Tested, withCoverage: boolean): void {
  printLine(file)
  for (const { name, decision, mistake } of tests) {
    const said =
      decision === undefined
        ? ''
        : `${decision.kind} by ${[...new Set([decision.rule, ...decision.matched])].join(', ')}`
    printLine(`  ${mistake === undefined ? 'passed' : 'FAILED'}  ${name}${said === '' ? '' : `  (${said})`}`)
  }
  const failed = tests.flatMap(({ mistake }) => mistake ?? [])
  if (failed.length > 0) printError(printMistakes(failed))
  if (withCoverage) printCoverage(read, tests)
  printLine(`${tests.length - failed.length} passed, ${failed.length} failed`)
}

function printCoverage(read: ReadPolicy, tests: readonly TestResult[]): void {
  const { hit, missed } = coverageOf(read, tests)
  const all = hit.length + missed.length
  printLine(
    `Rules that a test hits: ${hit.length} of ${all} (${all === 0 ? 100 : Math.floor((100 * hit.length) / all)} %)`,
  )
  for (const rule of missed) printLine(`  never hit: ${rule}`)
}

/** Of the file's own rules; those of packs are tested with the packs. */
function coverageOf({ sources }: ReadPolicy, tests: readonly TestResult[]) {
  const seen = hitRules(tests)
  const ids = sources.rules.filter(({ pack }) => pack === undefined).map(({ entry }) => entry.id)
  return { hit: ids.filter((id) => seen.has(id)), missed: ids.filter((id) => !seen.has(id)) }
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
