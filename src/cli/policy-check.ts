import { lint } from '../policy/lint.ts'
import { safe } from '../recording/print.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { POLICY_OPTIONS, policyFrom, sayMistakes } from './policy-file-args.ts'
import { readArgs } from './usage.ts'
import { beside } from './wrap.ts'

/** `sallyport policy check [FILE] [-c sallyport.yaml] [--json]`: refuses what a gateway would refuse, and says what is odd. */
export async function policyCheck(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: POLICY_OPTIONS })
  const loaded = await policyFrom(positionals, values)
  if (loaded === undefined) return EXIT.refused
  const { file, read, tests, warnings } = loaded
  const failed = tests.flatMap(({ mistake }) => mistake ?? [])
  if (failed.length > 0) {
    sayMistakes(failed, values.json === true)
    return EXIT.refused
  }
  const odd = lint(read, tests)
  const { rules, version, shortVersion } = read.policy
  if (values.json === true) {
    printLine(JSON.stringify({ file, policy: version, rules: rules.length, tests: tests.length, warnings, odd }))
    return EXIT.fine
  }
  printLine(
    `${file}: fine. ${count(rules.length, 'rule')}, ${count(tests.length, 'test')} passed. Policy: ${shortVersion}.`,
  )
  const notes = [
    ...warnings.flatMap((warning) => beside('  note: ', warning)),
    ...odd.flatMap(({ file: where, line, message }) =>
      beside('  look: ', `${where === file ? 'line ' : `${where}:`}${line}: ${message}`),
    ),
  ]
  for (const line of notes) printLine(safe(line))
  return EXIT.fine
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
