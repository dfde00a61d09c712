import { lint } from '../policy/lint.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { POLICY_OPTIONS, policyFrom } from './policy-file-args.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { readArgs } from './usage.ts'

/** `sallyport policy check [FILE] [-c sallyport.yaml] [--json]`: refuses what a gateway would refuse, and says what is odd. */
export async function policyCheck(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: POLICY_OPTIONS })
  const loaded = await policyFrom(positionals, values.config)
  if (loaded === undefined) return EXIT.refused
  const { file, read, tests, warnings } = loaded
  const failed = tests.flatMap(({ mistake }) => mistake ?? [])
  const odd = lint(read, tests)
  if (values.json === true) printLine(JSON.stringify({ file, policy: read.policy.version, failed, warnings, odd }))
  if (failed.length > 0) {
    if (values.json !== true) printError(printMistakes(failed))
    return EXIT.refused
  }
  if (values.json === true) return EXIT.fine
  const { rules, shortVersion } = read.policy
  printLine(
    `${file}: fine. ${count(rules.length, 'rule')}, ${count(tests.length, 'test')} passed. Policy: ${shortVersion}.`,
  )
  for (const warning of warnings) printLine(`note: ${warning}`)
  for (const { line, message } of odd) printLine(`look at line ${line}: ${message}`)
  return EXIT.fine
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
