import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import { safe } from '../recording/print.ts'
import { readRecorded } from '../recording/read.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { packKeysFor } from './pack-keys.ts'
import { backtestLines } from './backtest-print.ts'
import { BacktestTally, type BacktestReport } from './backtest-report.ts'
import { backtest } from './backtest-run.ts'
import { backtestTerms } from './backtest-terms.ts'
import { configFrom } from './check.ts'
import { momentOf } from './moment.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
  data: { type: 'string' },
  since: { type: 'string', default: '7d' },
  until: { type: 'string' },
  'accept-widening': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/**
 * `sallyport policy backtest NEW.yaml`: what NEW would have decided of the recorded calls. Ends with 1 where it allows what
 * had been refused, or where nobody can say whether it does, unless `--accept-widening` says that this is meant.
 */
export async function policyBacktest(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('Name one policy: policy backtest NEW.yaml.')
  const { fromMs, toMs } = spanOf(values)
  const config = await configFrom(['-c', values.config])
  if (config === undefined) return EXIT.refused
  const folder = values.data === undefined ? config.dataFolder : resolve(values.data)
  if (!existsSync(join(folder, 'audit')))
    throw new UsageError(`There is no log in ${folder}. Name the data folder: --data DIR.`)
  const report = await run(resolve(file), config, { folder, fromMs, toMs })
  if (report === undefined) return EXIT.refused
  print(report, values.json)
  return mayWiden(report) && !values['accept-widening'] ? EXIT.refused : EXIT.fine
}

function print(report: BacktestReport, json: boolean): void {
  if (json) printLine(JSON.stringify(report))
  else for (const line of backtestLines(report)) printLine(safe(line))
}

function mayWiden({ widening, not_judged: { may_widen: unknown } }: BacktestReport): boolean {
  return widening > 0 || unknown > 0
}

function spanOf({ since, until }: { readonly since: string; readonly until?: string | undefined }) {
  const nowMs = clock.nowMs()
  return {
    fromMs: momentOf(since, nowMs),
    toMs: until === undefined ? Number.POSITIVE_INFINITY : momentOf(until, nowMs),
  }
}

interface Past {
  readonly folder: string
  readonly fromMs: number
  readonly toMs: number
}

/** Undefined after the mistakes of the policy were printed. */
async function run(file: string, config: Config, past: Past): Promise<BacktestReport | undefined> {
  const { folder, fromMs, toMs } = past
  const terms = await backtestTerms(file, config, { fromMs, toMs })
  if (terms === undefined) return undefined
  const tally = new BacktestTally()
  for await (const compared of backtest(
    readRecorded(readRecords({ folder, keys: packKeysFor(config.masterKey, folder) })),
    terms,
  ))
    tally.add(compared)
  return tally.report(terms.policy.shortVersion)
}
