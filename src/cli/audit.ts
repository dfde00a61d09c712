import { writeVerifierKey } from '../audit/note-key.ts'
import { lockFolder } from '../store/segments/lock.ts'
import { makeNextKey } from '../store/segments/note-keys.ts'
import { findLogOfLogs, findStream, reopenStream } from '../store/segments/stream.ts'
import { newestHead } from './audit-checkpoint.ts'
import { logFolder } from './log-folder.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { findSubcommand, subcommandHelp, type Subcommands } from './subcommand.ts'
import { readArgs, UsageError } from './usage.ts'

const ACTIONS: Subcommands = {
  verify: {
    how: '[DIR | FILE.zip] [--policy FILE] [--json]',
    says: 'whether a log or an evidence bundle is complete and unaltered, by itself and by what others vouched for',
    load: async () => (await import('./audit-verify.ts')).verify,
  },
  prove: {
    how: 'SEQ',
    says: 'a proof for one record, which verifies anywhere, without the log',
    load: async () => (await import('./audit-prove.ts')).prove,
  },
  receipt: {
    how: 'FILE [LOG | FILE.zip] [--reply FILE] [--key KEY | --policy FILE]',
    says: 'whether what a client was given a receipt for is in the log',
    load: async () => (await import('./audit-receipt.ts')).checkReceipt,
  },
  checkpoint: {
    how: '[--policy]',
    says: 'the newest signed heads, who cosigned them, and the keys to check them with',
    load: async () => (await import('./audit-checkpoint.ts')).checkpoint,
  },
  bundle: {
    how: '--from T --to T [--connection NAME] -o FILE.zip',
    says: 'evidence for an auditor: records, proofs, policies, a report and what verifies it',
    load: async () => (await import('./audit-bundle.ts')).bundle,
  },
  retention: {
    how: '[--json]',
    says: 'what the classes promise, what is due, what is held, and for how long there is room',
    load: async () => (await import('./audit-retention.ts')).retention,
  },
  hold: {
    how: 'set --principal WHO … --reason TEXT | release ID --reason TEXT | list',
    says: 'keep records whatever their time and whoever asks for their erasure',
    load: async () => (await import('./audit-hold.ts')).hold,
  },
  erase: {
    how: '--subject WHO | --containing TEXT | --seq N[-M] …; approve ID; list',
    says: 'delete content for good, once a second person agrees; --preview only looks',
    load: async () => (await import('./audit-erase.ts')).erase,
  },
  keys: {
    how: 'rewrap --to FILE',
    says: 'put the keys of the log under a new master key',
    load: async () => (await import('./audit-keys.ts')).keys,
  },
  'rotate-key': { how: '', says: 'make the next key that heads are signed with', load: async () => rotateKey },
  reopen: {
    how: '',
    says: 'let the next start begin a new log, where the old one lost its end',
    load: async () => reopen,
  },
}

export const HELP = `${subcommandHelp('audit', ACTIONS)}

Each takes -c FILE | --data DIR: whose log.`

/** `sallyport audit ACTION`: integrity of the log. What is erased or held, `rotate-key` and `reopen` change something; the others only read. */
export async function audit([action = '', ...args]: readonly string[]): Promise<ExitCode> {
  const found = findSubcommand(action, ACTIONS)
  if (found === undefined)
    throw new UsageError(`Say: audit ${Object.keys(ACTIONS).join(' | ')}; audit --help says more.`)
  return (await found.load())(args)
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
