// Commands of the binary whose result counts, not their process: those of one test file share one, which loads everything once.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Finished, PROGRAM_ENVIRONMENT, root } from './process.ts'

const PROGRAM = fileURLToPath(new URL('./command-program.ts', import.meta.url))

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Text for its stdin. */
  readonly input?: string | undefined
}

let program: ChildProcess | undefined
let last: Promise<unknown> = Promise.resolve()

/** Runs `sallyport ...args` to its end, after those that were asked for before. */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const finished = last.then(() => ask(args, options))
  last = finished.catch(() => undefined)
  return finished
}

async function ask(args: readonly string[], { cwd = root, env = {}, input = '' }: CommandOptions): Promise<Finished> {
  program ??= started()
  const finished = Promise.withResolvers<Finished>()
  const fail = (code: number | null) => finished.reject(new Error(`${args.join(' ')} ended its process with ${code}`))
  program.once('message', finished.resolve).once('exit', fail)
  program.send({ args, cwd, env, input })
  try {
    return await finished.promise
  } finally {
    program.off('message', finished.resolve).off('exit', fail)
  }
}

/** Ends with the process of the tests: its channel closes then. */
function started(): ChildProcess {
  const child = fork(PROGRAM, { cwd: root, env: PROGRAM_ENVIRONMENT, execArgv: [], stdio: 'inherit' })
  child.unref()
  child.channel?.unref()
  return child
}
