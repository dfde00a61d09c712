import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import { loadPolicyFor } from '../config/load.ts'
import { readText } from '../config/main-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { safe } from '../recording/print.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { type ShadowDiffRow, type ShadowRow, SqliteShadowRows } from '../store/sqlite/shadow-rows.ts'
import { configFrom } from './check.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { packKeysFor } from './pack-keys.ts'
import { examplesOf } from './policy-shadow-examples.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
  stop: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/**
 * `sallyport policy shadow NEW.yaml`: the running gateway asks NEW too, about everything, and obeys the one in force.
 * Without a file it prints where both came to different ends; `--stop` ends it.
 */
export async function policyShadow(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [file, ...more] = positionals
  if (more.length > 0 || (values.stop && file !== undefined))
    throw new UsageError('Say: policy shadow [NEW.yaml | --stop] -c sallyport.yaml.')
  const config = await configFrom(['-c', values.config])
  if (config === undefined) return EXIT.refused
  using control = ControlDatabase.open(config.dataFolder)
  const rows = new SqliteShadowRows(control)
  if (values.stop) return stop(rows)
  // Awaited here: the database closes when this function ends.
  return file === undefined ? await report(rows, config, values.json) : await start(resolve(file), config, rows)
}

async function start(file: string, config: Config, rows: SqliteShadowRows): Promise<ExitCode> {
  const text = await readText(file)
  if (text === undefined) throw new UsageError(`${file} cannot be read.`)
  const { connections, readers, masking } = config
  const { receivers } = config.approvals.notify
  const loaded = loadPolicyFor(text, { file, connections, readers, masking, receivers })
  if (loaded.kind === 'mistakes') {
    printError(printMistakes(loaded.mistakes))
    return EXIT.refused
  }
  rows.set({ id: randomUUID(), path: file, setMs: clock.nowMs() })
  const { policy, warnings } = loaded
  for (const warning of warnings) printError(`Note: ${warning}`)
  printLine(
    `${file}, policy ${policy.shortVersion}, is tried beside ${config.policy.shortVersion} and decides nothing.`,
  )
  printLine(
    'A running gateway begins within seconds. "sallyport policy shadow" says what would have come out differently.',
  )
  return EXIT.fine
}

function stop(rows: SqliteShadowRows): ExitCode {
  printLine(rows.stop() ? 'The trial is over; what was counted is forgotten.' : 'No policy is tried.')
  return EXIT.fine
}

async function report(rows: SqliteShadowRows, { dataFolder, masterKey }: Config, json: boolean): Promise<ExitCode> {
  const row = rows.current()
  const diffs = row === undefined ? [] : rows.diffs()
  const examples = await examplesOf(diffs, { folder: dataFolder, keys: packKeysFor(masterKey, dataFolder) })
  const found = diffs.map((diff) => ({ ...diff, exampleSeq: examples.get(diff) }))
  if (json) printLine(JSON.stringify(row === undefined ? { shadow: null } : { shadow: jsonOf(row, found) }))
  else for (const line of linesOf(row, found)) printLine(safe(line))
  return EXIT.fine
}

interface FoundDiff extends ShadowDiffRow {
  readonly exampleSeq: number | undefined
}

function jsonOf({ path, setMs, version, trouble, compared }: ShadowRow, diffs: readonly FoundDiff[]): object {
  return {
    path,
    set: iso(setMs),
    version: version ?? null,
    trouble: trouble ?? null,
    compared,
    differences: diffs.map(({ from, to, rule, count, firstMs, lastMs, exampleSeq }) => ({
      from,
      to,
      rule,
      count,
      first: iso(firstMs),
      last: iso(lastMs),
      example_seq: exampleSeq ?? null,
    })),
  }
}

function linesOf(row: ShadowRow | undefined, diffs: readonly FoundDiff[]): readonly string[] {
  if (row === undefined) return ['No policy is tried. Begin with: sallyport policy shadow NEW.yaml -c sallyport.yaml']
  const { path, setMs, version, trouble, compared } = row
  const head = `${path}, tried since ${iso(setMs)}: ${compared} decisions, ${sum(diffs)} different.`
  return [
    head,
    ...(version === undefined && trouble === undefined ? ['No gateway has read it yet.'] : []),
    ...(trouble === undefined ? [] : ['Nothing is compared at the moment:', ...trouble.split('\n')]),
    ...diffs.map(lineOf),
  ]
}

function lineOf({ from, to, rule, count, firstMs, lastMs, exampleSeq }: FoundDiff): string {
  const example = exampleSeq === undefined ? '' : `, such as #${exampleSeq}`
  const times = firstMs === lastMs ? iso(firstMs) : `${iso(firstMs)} to ${iso(lastMs)}`
  return `  ${`${from} -> ${to}`.padEnd(PAIR_WIDTH)} ${String(count).padStart(COUNT_WIDTH)}  by ${rule}  (${times}${example})`
}

const PAIR_WIDTH = 'approve -> approve'.length
const COUNT_WIDTH = 7

function sum(diffs: readonly FoundDiff[]): number {
  return diffs.reduce((total, { count }) => total + count, 0)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
