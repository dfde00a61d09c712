import { type CheckedPolicy, loadPolicyFile } from '../config/load-policy-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import type { Mistake } from '../policy/mistake.ts'
import { printError, printLine } from './out.ts'
import { UsageError } from './usage.ts'

/** Options that say which policy a command is about. */
export const POLICY_OPTIONS = { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } } as const

interface PolicyValues {
  readonly config?: string | undefined
  readonly json?: boolean | undefined
}

/** The policy that a command names; undefined after its mistakes were printed. */
export async function policyFrom(
  positionals: readonly string[],
  { config, json }: PolicyValues,
): Promise<Extract<CheckedPolicy, { kind: 'policy' }> | undefined> {
  const [file, ...more] = positionals
  if (more.length > 0) throw new UsageError(`Name one policy; "${more[0]}" is one too many.`)
  const loaded = await loadPolicyFile({ file, config }, process.env)
  if (loaded.kind === 'policy') return loaded
  sayMistakes(loaded.mistakes, json === true)
  return undefined
}

/** As JSON they are what the command prints; for people they go where mistakes go. */
export function sayMistakes(mistakes: readonly Mistake[], json: boolean): void {
  if (json) printLine(JSON.stringify({ mistakes }))
  else printError(printMistakes(mistakes))
}
