import { isSessionId } from '../base/ids.ts'
import type { HoldPredicate } from '../audit/hold.ts'
import type { Config } from '../config/config.ts'
import { safe } from '../recording/print.ts'
import { type HoldRow, listHolds, requestHold, requestRelease } from '../store/life/holds.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { callerName, lifeConfig } from './life-config.ts'
import { letHappen } from './life-work.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const HOW =
  'Say: audit hold set --reason TEXT with --principal, --session, --connection, --from, --to; audit hold release ID --reason TEXT; audit hold list.'

/** `sallyport audit hold`: what a hold covers is neither expired nor erased nor dropped until it is released. */
export async function hold(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
      principal: { type: 'string' },
      session: { type: 'string' },
      connection: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      reason: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [action, id, ...more] = positionals
  if (more.length > 0) throw new UsageError(HOW)
  const config = await lifeConfig(values.config)
  if (config === undefined) return EXIT.refused
  using control = ControlDatabase.open(config.dataFolder)
  if (action === 'list' && id === undefined) return list(listHolds(control.database), values.json)
  const { reason } = values
  if (reason === undefined || reason.trim() === '') throw new UsageError('Say why: --reason TEXT. It is recorded.')
  if (action === 'set' && id === undefined)
    return await set(config, control, { predicate: predicateOf(values), reason })
  if (action === 'release' && id !== undefined) return await askForRelease(config, control, { id, reason })
  throw new UsageError(HOW)
}

async function set(
  config: Config,
  control: ControlDatabase,
  asked: { predicate: HoldPredicate; reason: string },
): Promise<ExitCode> {
  const id = requestHold(control.database, { ...asked, by: callerName() })
  const done = await letHappen(config, control, () => find(control, id)?.setSeq !== undefined)
  return tell(done, `Hold ${id} is in force: record ${find(control, id)?.setSeq ?? '?'}.`)
}

async function askForRelease(
  config: Config,
  control: ControlDatabase,
  { id, reason }: { id: string; reason: string },
): Promise<ExitCode> {
  if (!requestRelease(control.database, id, { by: callerName(), reason })) {
    printError(`There is no open hold ${id}. "sallyport audit hold list" lists them.`)
    return EXIT.refused
  }
  const done = await letHappen(config, control, () => find(control, id) === undefined)
  return tell(done, `Hold ${id} is released, on record.`)
}

function find(control: ControlDatabase, id: string): HoldRow | undefined {
  return listHolds(control.database).find((one) => one.id === id)
}

function list(holds: readonly HoldRow[], json: boolean): ExitCode {
  if (json) printLine(JSON.stringify(holds))
  else
    for (const { by, id, predicate, reason, release, setSeq } of holds) {
      const state = setSeq === undefined ? 'asked for' : release === undefined ? `record ${setSeq}` : 'being released'
      printLine(safe(`${id}  ${state}  ${JSON.stringify(predicate)}  by ${by}: ${reason}`))
    }
  return EXIT.fine
}

function tell(done: boolean, said: string): ExitCode {
  if (done) printLine(said)
  else printError('The gateway has not taken it over yet; it does once the log can be written.')
  return done ? EXIT.fine : EXIT.failed
}

function predicateOf(values: {
  principal?: string | undefined
  session?: string | undefined
  connection?: string | undefined
  from?: string | undefined
  to?: string | undefined
}): HoldPredicate {
  const { connection, principal, session } = values
  if (session !== undefined && !isSessionId(session))
    throw new UsageError(`"${session}" is no session: ses_ and 32 digits.`)
  const predicate = { principal, session, connection, from: timeOf(values.from), to: timeOf(values.to) }
  if (Object.values(predicate).every((one) => one === undefined)) throw new UsageError(`Say what to hold. ${HOW}`)
  return predicate
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new UsageError(`"${text}" is no time; write 2026-11-22 or 2026-11-22T10:00:00Z.`)
  return ms * 1000
}
