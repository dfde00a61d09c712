// @ts-check
// What `npm test` and `npm run check` consist of. A suite that could not start counts as a failure: nothing is skipped
// without a word.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { prepare, sentenceOf } from '../bootstrap.js'
import { run } from './run.js'

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Count */
/** @typedef {{ name: string, program: string, args: string[], limitMs: number, vitest: boolean }} Suite */

/** A tool looks at text only; one that takes this long hangs. */
const TOOL_LIMIT_MS = 5 * 60_000
/** The longest projects start many processes and kill them again. */
const TESTS_LIMIT_MS = 30 * 60_000
/** A person who waits wants to see that something still happens. */
const STILL_RUNNING_MS = 30_000

/** Tests that mostly wait for processes leave a processor free that two workers have. */
const WAITING = ['--maxWorkers=3']

const OXLINT = 'node_modules/oxlint/bin/oxlint'
const VITEST = 'node_modules/vitest/vitest.mjs'

/** @type {Readonly<Record<string, Suite>>} */
const SUITES = {
  build: tool('build', 'scripts/bootstrap.js', []),
  types: tool('types', 'node_modules/typescript/bin/tsc', ['--noEmit']),
  'types of scripts': tool('types of scripts', 'node_modules/typescript/bin/tsc', ['-p', 'scripts']),
  lint: tool('lint', OXLINT, ['--max-warnings=0']),
  format: tool('format', 'node_modules/oxfmt/bin/oxfmt', ['--check', '.']),
  knip: tool('knip', 'node_modules/knip/bin/knip.js', []),
  tidy: tests('tidy', ['--project', 'unit', 'test/tidy']),
  'unit of src': tests('unit of src', ['--project', 'unit', 'src/']),
  unit: tests('unit', ['--project', 'unit']),
  thorough: tests('thorough', ['--project', 'thorough']),
  stories: tests('stories', ['--project', 'stories', ...WAITING]),
  threats: tests('threats', ['--project', 'threats']),
  failures: tests('failures', ['--project', 'failures', ...WAITING]),
  conformance: tests('conformance', ['--project', 'conformance']),
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @returns {Suite}
 */
function tool(name, program, args) {
  return { name, program, args, limitMs: TOOL_LIMIT_MS, vitest: false }
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Suite}
 */
function tests(name, args) {
  return { name, program: VITEST, args: ['run', ...args], limitMs: TESTS_LIMIT_MS, vitest: true }
}

/**
 * Installs what is missing, runs the suites one after the other, prints a line for each and what failed in full, and
 * `N passed, N failed` as the very last line. Returns the exit code.
 * @param {readonly string[]} names
 * @returns {Promise<number>}
 */
export async function runSuites(names) {
  const total = { passed: 0, failed: 0 }
  try {
    const place = await prepare({ compile: false })
    for (const name of names) {
      const { passed, failed } = await runSuite(suiteOf(name), place)
      total.passed += passed
      total.failed += failed
    }
  } catch (error) {
    console.log(sentenceOf(error))
    total.failed += 1
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

/** @param {string} name */
function suiteOf(name) {
  const suite = SUITES[name]
  if (suite === undefined) throw new Error(`There is no suite "${name}". There are: ${Object.keys(SUITES).join(', ')}.`)
  return suite
}

/**
 * @param {Suite} suite
 * @param {import('../bootstrap.js').Place} place
 * @returns {Promise<Count>}
 */
async function runSuite(suite, { root, node }) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-suite-'))
  const report = join(folder, 'report.json')
  const reporters = suite.vitest ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
  const started = performance.now()
  const still = setInterval(() => {
    console.log(`  … ${suite.name} still running (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  }, STILL_RUNNING_MS)
  try {
    const ended = await run(node, [suite.program, ...suite.args, ...reporters], {
      cwd: root,
      env: environment(root),
      limitMs: suite.limitMs,
    })
    const count = suite.vitest ? countOf(report, ended.code) : ofTool(ended.code)
    say(suite, count, ended)
    return count
  } finally {
    clearInterval(still)
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The pinned Node first, for what a tool or a test starts by name.
 * @param {string} root
 */
function environment(root) {
  const bin = join(root, 'node_modules', '.bin')
  return {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  }
}

/**
 * @param {number} code
 * @returns {Count}
 */
function ofTool(code) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }
}

/**
 * Counts tests from vitest's JSON report. A file that could not be loaded, a report that is missing and a bad exit with
 * nothing to show for it count as one failure each, and so does a run without any test.
 * @param {string} report
 * @param {number} code
 * @returns {Count}
 */
function countOf(report, code) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, skipped: [] }
  for (const file of filesOf(report)) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') count.passed += 1
      else if (test.status === 'failed') count.failed += 1
      else count.skipped.push(test.fullName)
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) count.failed += 1
  }
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) count.failed = 1
  return count
}

/**
 * @param {string} report
 * @returns {{ status: string, assertionResults: { status: string, fullName: string }[] }[]}
 */
function filesOf(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch {
    return []
  }
}

/**
 * @param {Suite} suite
 * @param {Count} count
 * @param {import('./run.js').Ended} ended
 */
function say(suite, { passed, failed, skipped }, ended) {
  if (failed > 0) console.log(ended.output.trimEnd())
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`
  console.log(
    `${failed > 0 ? 'FAIL' : 'ok  '} ${suite.name.padEnd(16)} ${counts} ${ended.seconds.toFixed(1).padStart(7)} s`,
  )
  if (skipped.length > 0) console.log(`     not run: ${skipped.join('; ')}`)
}
