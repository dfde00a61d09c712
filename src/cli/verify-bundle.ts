import { spawnSync } from 'node:child_process'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { programPath } from './page-parts.ts'
import { UsageError } from './usage.ts'

/** A bundle holds at most half a gigabyte of content; what is said of it is short. */
const SAID_BYTES_MAX = 16 * 1024 * 1024

/**
 * `sallyport audit verify FILE.zip`: by the very program that lies in the bundle, as it comes with Sallyport. It shares no code
 * with what wrote the bundle, and runs in a process of its own.
 */
export function verifyBundle(file: string, key: string | undefined): ExitCode {
  if (key === undefined)
    throw new UsageError(
      `Whose key? Name the log's verifier key, as "audit checkpoint" prints it: audit verify ${file} --key KEY.`,
    )
  const { error, status, stderr, stdout } = spawnSync(
    process.execPath,
    [programPath('verify.mjs'), file, '--key', key],
    { encoding: 'utf8', maxBuffer: SAID_BYTES_MAX },
  )
  if (stdout) printLine(stdout.trimEnd())
  if (status === 0) return EXIT.fine
  if (status === 1 && stdout) return EXIT.refused
  printError(error?.message ?? (stderr.trimEnd() || `${file} could not be read.`))
  return EXIT.failed
}
