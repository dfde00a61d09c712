// Somebody who does not know yet what to write asks, in whatever way they are used to.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProgram } from '../support/process.ts'

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

it('what stands behind -- is a word like any other', async () => {
  const { code, stderr } = await run('search', '--data', '/nowhere', '--', '--help')
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('/nowhere') })
})

it('whoever gets a command wrong is led to what it takes', async () => {
  expect((await run('mask', '--nothing')).stderr).toBe("Unknown option '--nothing'. See: sallyport mask --help\n")
  expect((await run('masq')).stderr).toBe('There is no command "masq". See: sallyport help\n')
  expect((await run('login', '--nothing')).stderr).toMatch(/ See: sallyport login --help\n$/)
})
