// What `npm start` and `npm test` do in a fresh clone, with an npm and a compiler that only write down that they ran.
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { root } from './files.ts'

it('a fresh clone is installed, compiled and started by one command, and the next time only started', async () => {
  await using clone = await setUp()
  expect(await clone.run('start.js', '--json')).toMatchObject({ code: 7, stdout: 'demo --json\n' })
  expect(await clone.run('start.js')).toEqual({ code: 7, stdout: 'demo\n', stderr: '' })
  expect(await clone.ran()).toEqual(['npm ci', 'tsc'])
})

it('two commands at the same moment install once, and both start', async () => {
  await using clone = await setUp({ npmTakesMs: 500 })
  const both = await Promise.all([clone.run('start.js'), clone.run('start.js')])
  expect(both.map(({ stdout }) => stdout)).toEqual(['demo\n', 'demo\n'])
  expect(await clone.ran()).toEqual(['npm ci', 'tsc'])
})

it('a lock that a killed run left behind is taken over', async () => {
  await using clone = await setUp()
  await mkdir(join(clone.folder, 'dist'))
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => gone.once('exit', resolve))
  await writeFile(join(clone.folder, 'dist/.lock'), String(gone.pid))
  expect(await clone.run('start.js')).toMatchObject({ stdout: 'demo\n' })
})

it('a changed source is compiled again, a changed lock file is installed again', async () => {
  await using clone = await setUp()
  await clone.run('start.js')
  await writeFile(join(clone.folder, 'src/new.ts'), 'export const a = 1')
  await clone.run('start.js')
  expect(await clone.ran()).toEqual(['npm ci', 'tsc', 'tsc'])
  await writeFile(join(clone.folder, 'package-lock.json'), '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}')
  await clone.run('start.js')
  expect(await clone.ran()).toEqual(['npm ci', 'tsc', 'tsc', 'npm ci', 'tsc'])
})

it('packages that somebody installed by hand are taken as they are', async () => {
  await using clone = await setUp()
  await clone.run('start.js')
  await rm(join(clone.folder, 'node_modules/.sallyport-ready.json'))
  await clone.run('start.js')
  expect(await clone.ran()).toEqual(['npm ci', 'tsc'])
})

it('when npm fails, its words are shown and what to do, and the tests count one failure', async () => {
  await using clone = await setUp({ npm: "console.error('npm error code ENOTFOUND'); process.exit(1)" })
  const started = await clone.run('start.js')
  expect(started).toMatchObject({ code: 3, stdout: '' })
  expect(started.stderr).toMatch(/npm error code ENOTFOUND\n\nnpm ci failed\. The registry was not reached/)
  const tested = await clone.run('test.js')
  expect(tested.code).toBe(1)
  expect(tested.stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed')
})

it('a compiler that finds a mistake stops the start, with its words', async () => {
  await using clone = await setUp({ tsc: "console.log('src/a.ts(1,1): error'); process.exit(2)" })
  const started = await clone.run('start.js')
  expect(started).toMatchObject({ code: 3, stdout: '' })
  expect(started.stderr).toContain('src/a.ts(1,1): error')
})

it('a suite that does not exist is a failure, not a success with nothing in it', async () => {
  await using clone = await setUp()
  const tested = await clone.run('test.js', 'unti')
  expect(tested.code).toBe(1)
  expect(tested.stdout).toContain('There is no suite "unti"')
})

it('a test run that finds no tests, and a tool that fails, count as failures', async () => {
  await using clone = await setUp()
  const tested = await clone.run('test.js', 'types', 'stories')
  expect(tested.code).toBe(1)
  expect(tested.stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 1 failed')
})

it('tests, failed files and tests that did not run are counted from the report', async () => {
  const report = {
    testResults: [file('passed', { a: 'passed', b: 'skipped' }), file('failed', { c: 'failed' }), file('failed', {})],
  }
  await using clone = await setUp({ report })
  const tested = await clone.run('test.js', 'stories')
  expect(tested.stdout).toContain('not run: b')
  expect(tested.stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 2 failed')
})

function file(status: string, tests: Readonly<Record<string, string>>): unknown {
  return { status, assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })) }
}

interface Tools {
  readonly npm?: string
  readonly npmTakesMs?: number
  readonly tsc?: string
  /** What vitest writes as its JSON report. */
  readonly report?: unknown
}

async function setUp(tools: Tools = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-clone-'))
  const log = join(folder, 'ran.log')
  await cp(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  await Promise.all(['src', 'examples'].map((name) => mkdir(join(folder, name))))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{"":{}}}')
  await writeFile(join(folder, 'npm-cli.js'), tools.npm ?? npmProgram(folder, log, tools))
  return {
    folder,
    run: (script: string, ...args: string[]) => runScript(folder, script, args),
    ran: async () => (await readFile(log, 'utf8')).trimEnd().split('\n'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Writes what `npm ci` would: a Node, a compiler and a test runner. */
function npmProgram(folder: string, log: string, tools: Tools): string {
  const modules = join(folder, 'node_modules')
  const main = "process.stdout.write(process.argv.slice(2).join(' ') + '\\n'); process.exitCode = 7"
  const files = {
    '.package-lock.json': '{"packages":{}}',
    'typescript/bin/tsc':
      tools.tsc ?? `${programThat(log, 'tsc')}; ${programWriting(join(folder, 'dist/src/cli'), 'main.js', main)}`,
    'vitest/vitest.mjs': tools.report === undefined ? 'process.exit(1)' : reporterProgram(tools.report),
  }
  return [
    programThat(log, 'npm ci'),
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${tools.npmTakesMs ?? 0})`,
    ...Object.entries(files).map(([name, content]) =>
      programWriting(join(modules, name, '..'), name.split('/').at(-1) ?? '', content),
    ),
    `fs.mkdirSync(${JSON.stringify(join(modules, '.bin'))}, { recursive: true })`,
    `fs.rmSync(${JSON.stringify(join(modules, '.bin/node'))}, { force: true })`,
    `fs.symlinkSync(process.execPath, ${JSON.stringify(join(modules, '.bin/node'))})`,
  ].join(';\n')
}

function programThat(log: string, line: string): string {
  return `const fs = process.getBuiltinModule('fs'); fs.appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(`${line}\n`)})`
}

function programWriting(folder: string, name: string, content: string): string {
  const [inFolder, inFile] = [JSON.stringify(folder), JSON.stringify(join(folder, name))]
  return `fs.mkdirSync(${inFolder}, { recursive: true }); fs.writeFileSync(${inFile}, ${JSON.stringify(content)})`
}

function reporterProgram(report: unknown): string {
  return [
    "const [out] = process.argv.filter((arg) => arg.startsWith('--outputFile.json='))",
    `process.getBuiltinModule('fs').writeFileSync(out.slice(18), ${JSON.stringify(JSON.stringify(report))})`,
  ].join(';')
}

async function runScript(folder: string, script: string, args: readonly string[]) {
  const child = spawn(process.execPath, [join(folder, 'scripts', script), ...args], {
    cwd: folder,
    env: { ...process.env, npm_execpath: join(folder, 'npm-cli.js'), npm_node_execpath: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, stdout, stderr }
}
