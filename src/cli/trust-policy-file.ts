import { readFile } from 'node:fs/promises'
import { parseTrustPolicy, type TrustPolicy } from '../audit/trust-policy.ts'
import { UsageError } from './usage.ts'

/** The trust policy in a file. Throws a UsageError that tells every mistake with its line and what to do. */
export async function readTrustPolicy(path: string): Promise<TrustPolicy> {
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) throw new UsageError(`The trust policy ${path} cannot be read. Name a file: --policy FILE.`)
  const read = parseTrustPolicy(bytes)
  if (read.kind === 'policy') return read.policy
  const lines = read.mistakes.map(({ line, what, do: mend }) => `  ${path}:${line}: ${what}. ${mend}`)
  throw new UsageError(`The trust policy has mistakes.\n${lines.join('\n')}\n`)
}
