import { printSessions } from '../recording/sessions.ts'
import { printTail } from '../recording/tail.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { logFolder } from './log-folder.ts'
import { recordLook } from './look.ts'
import { packKeysOf } from './pack-keys.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  last: { type: 'string', short: 'n' },
  'no-follow': { type: 'boolean', default: false },
} as const

/** `sallyport tail`: the newest records, and what comes, until Ctrl-C. */
export async function tail(args: readonly string[]): Promise<ExitCode> {
  const { values } = read(args)
  const folder = await logFolder(values)
  const keys = await packKeysOf(values, folder)
  await recordLook(folder, { kind: 'view', view: { what: 'tail' } })
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const source = {
    past: readRecords({ folder, keys }),
    records: readRecords({ folder, keys, follow: !values['no-follow'], signal: stopped.signal }),
  }
  await printTail(source, {
    json: values.json,
    last: countOf(values.last) ?? (values['no-follow'] ? undefined : TAIL_LINES),
    sink: printLine,
  })
  return EXIT.fine
}

/** As much of the past as fits a screen. */
const TAIL_LINES = 20

/** `sallyport sessions`: one line for each recorded session. */
export async function sessions(args: readonly string[]): Promise<ExitCode> {
  const { values } = read(args)
  const folder = await logFolder(values)
  const keys = await packKeysOf(values, folder)
  await recordLook(folder, { kind: 'view', view: { what: 'sessions' } })
  await printSessions(readRecords({ folder, keys }), { json: values.json, sink: printLine })
  return EXIT.fine
}

function read(args: readonly string[]) {
  return readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`"${text}" is no number of records.`)
  return Number(text)
}
