/** The only places where a command writes. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function printError(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * What happens once nobody reads what is printed (`sallyport tail | head -1`): a command that only prints ends quietly, with
 * the exit code that it has come to; one that serves goes on.
 */
export function whenUnread(then: 'end' | 'go on'): void {
  process.stdout.on('error', (error) => {
    ignoreClosed(error)
    // One turn later: what has just come to its end, such as a verification, says how it ended.
    if (then === 'end') setImmediate(() => process.exit())
  })
  process.stderr.on('error', ignoreClosed)
}

function ignoreClosed(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
}

/** Exit codes of every command. */
export const EXIT = { fine: 0, refused: 1, usage: 2, failed: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
