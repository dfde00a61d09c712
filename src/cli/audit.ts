import { writeVerifierKey } from '../audit/note-key.ts'
import { lockFolder } from '../store/segments/lock.ts'
import { makeNextKey } from '../store/segments/note-keys.ts'
import { findLogOfLogs, findStream, reopenStream } from '../store/segments/stream.ts'
import { newestHead } from './audit-checkpoint.ts'
import { logFolder } from './log-folder.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

type Action = (args: readonly string[]) => Promise<ExitCode>

/** What `sallyport audit` does, each loaded when it is called for. */
const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  verify: async () => (await import('./audit-verify.ts')).verify,
  prove: async () => (await import('./audit-prove.ts')).prove,
  receipt: async () => (await import('./audit-receipt.ts')).checkReceipt,
  checkpoint: async () => (await import('./audit-checkpoint.ts')).checkpoint,
  retention: async () => (await import('./audit-retention.ts')).retention,
  hold: async () => (await import('./audit-hold.ts')).hold,
  erase: async () => (await import('./audit-erase.ts')).erase,
  keys: async () => (await import('./audit-keys.ts')).keys,
  bundle: async () => (await import('./audit-bundle.ts')).bundle,
  'rotate-key': async () => rotateKey,
  reopen: async () => reopen,
}

/** `sallyport audit ACTION`: integrity of the log. What is erased or held, `rotate-key` and `reopen` change something; the others only read. */
export async function audit([action = '', ...args]: readonly string[]): Promise<ExitCode> {
  const load = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (load === undefined) throw new UsageError(`Say: audit ${Object.keys(ACTIONS).join(' | ')}.`)
  return (await load())(args)
}

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
} as const

/** `sallyport audit rotate-key`: makes the next key. Whoever signs announces it first. */
async function rotateKey(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const folder = await logFolder(values)
  const stream = findStream(folder)
  if (stream === undefined) throw new UsageError(`There is no log in ${folder}.`)
  const all = findLogOfLogs(folder)
  const made = [stream, ...(all === undefined ? [] : [all])].map(({ origin }) => makeNextKey(folder, origin))
  for (const { key, path } of made) {
    printLine(`${path} is made. The log announces it within a minute, or at its next start; both keys sign for a day.`)
    printLine(`  ${writeVerifierKey(key)}`)
  }
  printLine('Put the key of the log of logs into the trust policy of everybody who checks this log.')
  return EXIT.fine
}

/** `sallyport audit reopen`: the next start begins a new log that names this one. */
async function reopen(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const folder = await logFolder(values)
  using _ = lockFolder(folder)
  const stream = findStream(folder)
  const { before, next } = reopenStream(folder, stream && newestHead(stream)?.note)
  printLine(`The next start begins the log ${next}, whose first record names ${before} and its newest head.`)
  printLine('Nothing was removed. Keep the old folder: what is in it is still proven by its heads.')
  return EXIT.fine
}
