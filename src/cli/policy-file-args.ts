import { type CheckedPolicy, loadPolicyFile } from '../config/load-policy-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** Options that say which policy a command is about. */
export const POLICY_OPTIONS = { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } } as const

/** The policy that a command names; undefined after its mistakes were printed. */
export async function policyFrom(
  positionals: readonly string[],
  config: string | undefined,
): Promise<Extract<CheckedPolicy, { kind: 'policy' }> | undefined> {
  const [file, ...more] = positionals
  if (more.length > 0) throw new UsageError(`Name one policy; "${more[0]}" is one too many.`)
  const loaded = await loadPolicyFile({ file, config }, process.env)
  if (loaded.kind === 'policy') return loaded
  printError(printMistakes(loaded.mistakes))
  return undefined
}
