import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

it('a command whose output nobody reads ends quietly, with code 0', async () => {
  // `true` has ended, and closed the pipe, before the command writes to it.
  const script = '{ sleep 0.1; "$0" "$1" help; echo "code $?" >&2; } | true'
  const shell = spawn('sh', ['-c', script, process.execPath, MAIN], { stdio: ['ignore', 'ignore', 'pipe'] })
  expect(await text(shell.stderr)).toBe('code 0\n')
})
