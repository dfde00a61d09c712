// Somebody who does not know yet what to write asks, in whatever way they are used to.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runCommand } from '../support/commands.ts'
import { root, runProgram } from '../support/process.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const run = (...args: string[]) => runProgram({ args: [MAIN, ...args] })

it.each([
  [['audit', 'hold', '-h'], 'audit hold set --principal'],
  [['policy', 'help'], 'policy backtest NEW.yaml'],
  [['search', 'tool:query', '--help'], '--facets who,tool'],
  [['export', 'help'], '--cursor FILE'],
  [['mask', '--json', '--help'], '--direction arguments'],
  [['witness', '--help'], 'witness --folder DIR'],
])('%j is answered with what the command takes', async (args, wanted) => {
  expect(await run(...args)).toMatchObject({ code: 0, stdout: expect.stringContaining(wanted), stderr: '' })
})

it('--version says which Sallyport it is, and on which Node', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  expect(await runCommand(['--version'])).toEqual({
    code: 0,
    stdout: `sallyport ${version}, node ${process.versions.node}\n`,
    stderr: '',
  })
})

it('what stands behind -- is a word like any other', async () => {
  const { code, stderr } = await run('search', '--data', '/nowhere', '--', '--help')
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('/nowhere') })
})

it('whoever gets a command wrong is led to what it takes', async () => {
  expect((await run('mask', '--nothing')).stderr).toBe("Unknown option '--nothing'. See: sallyport mask --help\n")
  expect((await run('masq')).stderr).toBe('There is no command "masq". See: sallyport help\n')
  expect((await run('login', '--nothing')).stderr).toMatch(/ See: sallyport login --help\n$/)
})

it.each([
  [['mask', '-'], 'write to ann.lee@corp.example'],
  [['mask', '--json', '-'], '"ann.lee@corp.example"'],
  [['mask', '/nowhere'], ''],
  [['facts', 'sql', 'DROP TABLE t'], ''],
  [['policy', 'check', '/nowhere'], ''],
])('%j says in a process that others have used what it says in one of its own', async (args, input) => {
  const alone = await runProgram({ args: [MAIN, ...args], input })
  for (const wanted of [alone, alone])
    expect(withoutStandIn(await runCommand(args, { input }))).toEqual(withoutStandIn(wanted))
})

/** Stand-ins of a try are new each time. */
function withoutStandIn<T extends { readonly stdout: string }>(finished: T): T {
  return { ...finished, stdout: finished.stdout.replaceAll(/sur_email_\w+/g, 'sur_email') }
}
