import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSession, scripted } from '../support/scripted-stdio.ts'
import { isAlive, stdioUpstream, until } from '../support/stdio-upstream.ts'

// Deaf to everything that can be ignored, and with a child that is as deaf.
const DEAF = `
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE']) process.on(signal, () => undefined)
setInterval(() => undefined, 1000)
if (process.argv[2] !== 'child') {
  const child = spawn(process.execPath, [import.meta.filename, 'child'], { stdio: 'ignore' })
  writeFileSync('pids', process.pid + ' ' + child.pid)
}
`

describe('processes of MCP servers', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('do not outlive a gateway that ends by %s', async (signal) => {
    await using folder = tempFolder({ 'server.mjs': DEAF + READER, 'gateway.mjs': gateway() })
    const gatewayProcess = spawn(process.execPath, ['gateway.mjs'], { cwd: folder.path, stdio: 'ignore' })
    const pids = await folder.pids()
    expect(pids.every(isAlive)).toBe(true)
    gatewayProcess.kill(signal)
    await expect(until(() => !pids.some(isAlive), 15_000)).resolves.toBeUndefined()
  })

  it('do not outlive a gateway that simply exits', async () => {
    await using folder = tempFolder({
      'server.mjs': DEAF + READER,
      'gateway.mjs': `${gateway()}\nsetTimeout(() => process.exit(1), 700)`,
    })
    spawn(process.execPath, ['gateway.mjs'], { cwd: folder.path, stdio: 'ignore' })
    const pids = await folder.pids()
    await expect(until(() => !pids.some(isAlive), 15_000)).resolves.toBeUndefined()
  })

  it('do not outlive it when their watchdog was killed before', async () => {
    await using folder = tempFolder({ 'server.mjs': DEAF + READER, 'gateway.mjs': gateway() })
    const gatewayProcess = spawn(process.execPath, ['gateway.mjs'], { cwd: folder.path, stdio: 'ignore' })
    const pids = await folder.pids()
    const watchdog = Number(readFileSync(join(folder.path, 'watchdog'), 'utf8'))
    process.kill(watchdog, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    gatewayProcess.kill('SIGKILL')
    await expect(until(() => !pids.some(isAlive), 15_000)).resolves.toBeUndefined()
  })

  it('that ignore end of input and TERM are gone when the upstream is closed, their children too', async () => {
    await using world = stdioUpstream({ script: DEAF + scripted('{}') })
    await openSession(world.upstream)
    const pids = readFileSync(join(world.folder, 'pids'), 'utf8').split(' ').map(Number)
    await world.upstream.close()
    expect(pids.some(isAlive)).toBe(false)
  })

  it('leave no child behind when they end by themselves', async () => {
    await using world = stdioUpstream({ script: DEAF + scripted('{ die: () => process.exit(0) }') })
    const session = await openSession(world.upstream)
    const pids = readFileSync(join(world.folder, 'pids'), 'utf8').split(' ').map(Number)
    await expect(session.call(1, 'die')).rejects.toMatchObject({ code: 'upstream_unreachable' })
    await until(() => !pids.some(isAlive))
  })

  it('get the end of their input first, and may leave in peace', async () => {
    await using world = stdioUpstream({
      script: `import { writeFileSync } from 'node:fs'\nprocess.stdin.on('end', () => writeFileSync('left', 'in peace'))\n${scripted('{}')}`,
    })
    await openSession(world.upstream)
    await world.upstream.close()
    expect(readFileSync(join(world.folder, 'left'), 'utf8')).toBe('in peace')
    expect(world.news.at(-1)?.why).toContain('code 0')
  })
})

const READER = `process.stdin.resume()`

function source(path: string): string {
  return JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href)
}

/** A process that starts a server as the gateway does, and says who watches over it. */
function gateway(): string {
  return `
import { writeFileSync } from 'node:fs'
import { BufferBudget } from ${source('transport/buffer-budget.ts')}
import { Reaper } from ${source('transport/reaper.ts')}
import { StdioProcess } from ${source('transport/stdio.ts')}
import { readdirSync, readFileSync } from 'node:fs'
const reaper = new Reaper()
const listener = { line: () => undefined, stderr: () => undefined, ended: () => undefined }
const options = { lineBytesMax: 1000, stopMs: 1000, stderr: { lineBytesMax: 100, linesPerSecond: 10 }, budget: new BufferBudget(1000), reaper }
new StdioProcess({ command: process.execPath, args: ['server.mjs'], env: {} }, options, listener)
for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
  try {
    const [, state, parent] = /\\) (\\S) (\\d+)/.exec(readFileSync('/proc/' + pid + '/stat', 'utf8')) ?? []
    if (Number(parent) === process.pid && readFileSync('/proc/' + pid + '/cmdline', 'utf8').startsWith('/bin/sh')) writeFileSync('watchdog', pid)
  } catch {}
}
setInterval(() => undefined, 1000)
`
}

function tempFolder(files: Record<string, string>) {
  const path = mkdtempSync(join(tmpdir(), 'orphans-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  let started: number[] = []
  return {
    path,
    async pids(): Promise<number[]> {
      let pids: number[] = []
      await until(() => {
        try {
          pids = readFileSync(join(path, 'pids'), 'utf8').split(' ').map(Number)
        } catch {}
        return pids.length === 2
      })
      started = pids
      return pids
    },
    async [Symbol.asyncDispose]() {
      // Only where a test has failed is there one left.
      for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
      await rm(path, { recursive: true })
    },
  }
}
