// Runs the official conformance suite and reads what it found.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord, runProgram } from '../support/process.ts'

/** Beside the scenarios' own limits: the whole set takes seconds on a quiet machine. */
const SUITE_MS = 280_000

export const SUITE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js'
/** 0.1.16 carries the `latest` tag, so this is what most people run. */
export const SUITE_LATEST = 'node_modules/conformance-0-1-16/dist/index.js'

/** Checks of one scenario: how many ended well, which did not, and how many ended otherwise (INFO, SKIPPED, WARNING). */
export interface Outcome {
  readonly passed: number
  readonly failed: readonly string[]
  readonly other: number
}

export interface SuiteResult {
  /** 0: every required scenario passed. */
  readonly code: number | null
  readonly scenarios: Readonly<Record<string, Outcome>>
}

/** `args` without `-o`. */
export async function runSuite(program: string, args: readonly string[]): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  try {
    const done = await runProgram({ args: [program, ...args, '-o', folder], timeoutMs: SUITE_MS })
    const scenarios = await readScenarios(folder)
    if (Object.keys(scenarios).length === 0) throw new Error(`the suite ran nothing\n${done.stdout}\n${done.stderr}`)
    return { code: done.code, scenarios }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Of all scenarios together: [checks passed, checks failed]. */
export function total(result: SuiteResult): [passed: number, failed: number] {
  const outcomes = Object.values(result.scenarios)
  return [
    outcomes.reduce((sum, outcome) => sum + outcome.passed, 0),
    outcomes.reduce((sum, outcome) => sum + outcome.failed.length, 0),
  ]
}

/** The suite writes `<scenario>-<time>/checks.json`; a scenario's name may contain a slash. */
async function readScenarios(folder: string): Promise<Record<string, Outcome>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('checks.json'))
  const scenarios: Record<string, Outcome> = {}
  for (const file of files.toSorted()) {
    const name = file.replace(/[/\\]checks\.json$/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    const checks: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'))
    scenarios[name] = count(Array.isArray(checks) ? checks : [])
  }
  return scenarios
}

function count(checks: readonly unknown[]): Outcome {
  const records = checks.filter(isRecord)
  const passed = records.filter((check) => check['status'] === 'SUCCESS').length
  const failed = records.filter((check) => check['status'] === 'FAILURE').map((check) => String(check['id']))
  return { passed, failed, other: checks.length - passed - failed.length }
}
