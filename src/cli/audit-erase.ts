import { clock } from '../base/clock.ts'
import type { SeqRange } from '../audit/tombstone.ts'
import type { JsonObject } from '../base/json.ts'
import type { Config } from '../config/config.ts'
import { principalId } from '../identity/principal.ts'
import { safe } from '../recording/print.ts'
import { approveErasure, findErasure, listErasures, requestErasure } from '../store/life/erasure-rows.ts'
import type { ClassMonth } from '../store/life/class-month.ts'
import { listHolds } from '../store/life/holds.ts'
import { findRecords, type Found, type Sought } from '../store/life/find-records.ts'
import { KeyRing } from '../store/packs/keys.ts'
import { ClassRows } from '../store/sqlite/class-rows.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { callerName, lifeConfig } from './life-config.ts'
import { letHappen } from './life-work.ts'
import { masterKeyOf } from './master-key.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const HOW =
  'Say: audit erase --subject WHO | --containing TEXT | --seq N[-M] | --class NAME --month 2026-11, with --preview, or with --basis TEXT and --request ID; then, somebody else: audit erase approve ID. audit erase list lists them.'

const OPTIONS = {
  config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
  subject: { type: 'string' },
  containing: { type: 'string' },
  seq: { type: 'string', multiple: true },
  class: { type: 'string' },
  month: { type: 'string' },
  preview: { type: 'boolean', default: false },
  basis: { type: 'string' },
  request: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof readErase>['values']

function readErase(args: readonly string[]) {
  return readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
}

/** `sallyport audit erase`: finds what is meant, and deletes it once a second person has approved just that. */
export async function erase(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readErase(args)
  const [action, id, ...more] = positionals
  if (more.length > 0) throw new UsageError(HOW)
  const config = await lifeConfig(values.config)
  if (config === undefined) return EXIT.refused
  using control = ControlDatabase.open(config.dataFolder)
  if (action === 'list' && id === undefined) return list(control)
  if (action === 'approve' && id !== undefined) return await approve(config, control, id)
  if (action !== undefined) throw new UsageError(HOW)
  return await ask(config, control, values)
}

async function ask(config: Config, control: ControlDatabase, values: Values): Promise<ExitCode> {
  const keys = new KeyRing(control.database, masterKeyOf(config.masterKey))
  const holds = listHolds(control.database)
  const found = await findRecords({ folder: config.dataFolder, keys, holds }, soughtOf(values, control))
  if (found.records === 0) {
    printError('Nothing that can still be read fits.')
    return EXIT.refused
  }
  if (values.preview) return show(found, values.json)
  const { basis, request } = values
  if (basis === undefined || request === undefined)
    throw new UsageError(
      'Say on what grounds: --basis "GDPR Art. 17" and --request ID; both are recorded. Or --preview.',
    )
  const principals = values.subject === undefined ? [] : idsOf(config, values.subject)
  const asked = { basis, request, requester: callerName(), found: { ...found, principals } }
  const made = requestErasure(control.database, asked, clock.nowMs())
  show(found, values.json)
  printLine(`Nothing is deleted yet. Another person approves it: sallyport audit erase approve ${made}`)
  return EXIT.fine
}

async function approve(config: Config, control: ControlDatabase, id: string): Promise<ExitCode> {
  const who = callerName()
  switch (approveErasure(control.database, id, who)) {
    case 'unknown':
      printError(`There is no request ${id}. "sallyport audit erase list" lists them.`)
      return EXIT.refused
    case 'not open':
      printError(`The request ${id} was approved before.`)
      return EXIT.refused
    case 'same person':
      printError(`${who} asked for it, so somebody else must approve it: another user of the operating system.`)
      return EXIT.refused
    case 'approved':
  }
  const done = await letHappen(config, control, () => findErasure(control.database, id)?.state === 'done')
  if (!done) {
    printError('It is approved; the gateway has not finished yet.')
    return EXIT.failed
  }
  return tellErased(findErasure(control.database, id)?.report ?? {})
}

/** What a hold covers stays, and who asked for its erasure must not believe that it is gone. */
function tellErased(report: JsonObject): ExitCode {
  const held = report['held_blocks']
  if (typeof held !== 'number' || held === 0) {
    printLine(`Erased: ${JSON.stringify(report)}. "sallyport audit verify" shows that it is accounted for.`)
    return EXIT.fine
  }
  printError(
    `NOT all erased: ${JSON.stringify(report)}. A legal hold covers ${held} blocks of 256 records; what was found in them stays. Ask for it again once the hold is released ("sallyport audit hold list").`,
  )
  return EXIT.refused
}

function list(control: ControlDatabase): ExitCode {
  for (const { approver, basis, found, id, request, requester, state } of listErasures(control.database)) {
    const people = `by ${requester}${approver === undefined ? '' : `, approved by ${approver}`}`
    printLine(safe(`${id}  ${state}  ${countWords(found)}  ${people}: ${basis}, ${request}`))
  }
  return EXIT.fine
}

function show(found: Found, json: boolean): ExitCode {
  if (json) printLine(JSON.stringify(found))
  else {
    const { connections, days, sessions } = found
    const where = `connections: ${connections.join(', ') || '-'}; days: ${days.join(' to ')}`
    printLine(safe(`${countWords(found)}; whole sessions: ${sessions.length}; ${where}`))
  }
  return EXIT.fine
}

/** Who approves must know what would stay. */
function countWords({ held = 0, records }: Found): string {
  return held === 0 ? `${records} records` : `${records} records, of which ${held} stay: they are under a legal hold`
}

/** A person is somebody else at each issuer; stand-ins made for any of them go too. */
function idsOf({ issuers }: Config, subject: string): string[] {
  return issuers.map(({ issuer }) => principalId(issuer, subject))
}

function soughtOf(values: Values, control: ControlDatabase): Sought {
  const { containing, month, subject } = values
  if (month !== undefined || values.class !== undefined) return { month: monthOf(values, control) }
  const seqs = values.seq?.map(rangeOf)
  if (subject === undefined && containing === undefined && seqs === undefined) throw new UsageError(HOW)
  if (containing !== undefined && containing.length < CONTAINING_MIN)
    throw new UsageError(`--containing needs at least ${CONTAINING_MIN} characters: a shorter text stands everywhere.`)
  return { subject, containing, seqs }
}

const CONTAINING_MIN = 4

function monthOf({ class: name, containing, month, seq, subject }: Values, control: ControlDatabase): ClassMonth {
  if (name === undefined || month === undefined || !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month))
    throw new UsageError('Say which class, and which month of it: --class payments --month 2026-11.')
  if (containing !== undefined || seq !== undefined || subject !== undefined)
    throw new UsageError('A month of a class goes whole; it is asked for alone.')
  if (month >= new Date(clock.nowMs()).toISOString().slice(0, month.length))
    throw new UsageError(`${month} is not over yet, so that its key is still in use.`)
  const all = new ClassRows(control.database).all()
  const found = all.find((one) => one.name === name)
  if (found === undefined)
    throw new UsageError(`There is no class ${name}. There are: ${all.map((one) => one.name).join(', ') || 'none'}.`)
  return { retentionClass: found.n, month }
}

function rangeOf(text: string): SeqRange {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text)
  const first = Number(found?.[1])
  const last = Number(found?.[2] ?? found?.[1])
  if (found === null || last < first) throw new UsageError(`"${text}" is no record: --seq 17 or --seq 17-20.`)
  return [first, last]
}
