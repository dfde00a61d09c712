import { spawnSync } from 'node:child_process'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { programPath } from './page-parts.ts'
import { UsageError } from './usage.ts'

/** A bundle holds at most half a gigabyte of content; what is said of it is short. */
const SAID_BYTES_MAX = 16 * 1024 * 1024

export interface BundleTrust {
  readonly key?: string | undefined
  /** File of a trust policy. */
  readonly policy?: string | undefined
  readonly 'require-quorum'?: boolean
}

/**
 * `sallyport audit verify FILE.zip`: by the very program that lies in the bundle, as it comes with Sallyport. It shares no code
 * with what wrote the bundle, and runs in a process of its own.
 */
export function verifyBundle(file: string, trust: BundleTrust): ExitCode {
  const { key, policy } = trust
  if (key === undefined && policy === undefined)
    throw new UsageError(
      `Whose key? Name the log's verifier key, as "audit checkpoint" prints it: audit verify ${file} --key KEY. Or a trust policy: --policy FILE.`,
    )
  const { error, status, stderr, stdout } = spawnSync(
    process.execPath,
    [programPath('verify.mjs'), file, ...optionsOf(trust)],
    { encoding: 'utf8', maxBuffer: SAID_BYTES_MAX },
  )
  if (stdout) printLine(stdout.trimEnd())
  if (status === 0) return EXIT.fine
  if (status === 1 && stdout) return EXIT.refused
  printError(error?.message ?? (stderr.trimEnd() || `${file} could not be read.`))
  return EXIT.failed
}

function optionsOf(trust: BundleTrust): string[] {
  const { key, policy } = trust
  const quorum = trust['require-quorum'] === true ? ['--require-quorum'] : []
  return [
    ...(key === undefined ? [] : ['--key', key]),
    ...(policy === undefined ? [] : ['--policy', policy]),
    ...quorum,
  ]
}
