// A StdioUpstream over a real program, with everything it needs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sealed } from '../../src/base/sealed.ts'
import { BufferBudget } from '../../src/transport/buffer-budget.ts'
import { Reaper } from '../../src/transport/reaper.ts'
import type { ProcessNews, StdioLimits } from '../../src/upstream/launcher.ts'
import { ProcessSlots } from '../../src/upstream/process-slots.ts'
import { StdioUpstream } from '../../src/upstream/stdio.ts'

export const EVERYTHING = packageFile('@modelcontextprotocol/server-everything/dist/index.js')
export const FILESYSTEM = packageFile('@modelcontextprotocol/server-filesystem/dist/index.js')

const LIMITS: StdioLimits = {
  messageBytesMax: 1_048_576,
  firstByteMs: 20_000,
  streamIdleMs: 20_000,
  callTotalMs: 60_000,
  processIdleMs: 60_000,
  processStopMs: 300,
  stderrLineBytes: 4096,
  stderrLinesPerSecond: 50,
}

/** `script` is the text of a server; else `args` are those of node. */
export function stdioUpstream(what: {
  script?: string
  command?: string
  args?: readonly string[]
  limits?: Partial<StdioLimits>
  processesMax?: number
  env?: Record<string, string>
}) {
  const folder = mkdtempSync(join(tmpdir(), 'stdio-upstream-'))
  if (what.script !== undefined) writeFileSync(join(folder, 'server.mjs'), what.script)
  const reaper = new Reaper()
  const budget = new BufferBudget(64 * 1_048_576)
  const stderr: string[] = []
  const news: ProcessNews[] = []
  const upstream = new StdioUpstream(
    {
      connection: 'under-test',
      command: {
        command: what.command ?? process.execPath,
        args: what.args ?? [join(folder, 'server.mjs')],
        cwd: folder,
        env: {},
      },
      limits: { ...LIMITS, ...what.limits },
      onStderr: (_, line) => stderr.push(Sealed.open(line)),
      onProcess: (_, one) => news.push(one),
    },
    { budget, reaper, slots: new ProcessSlots(what.processesMax ?? 10) },
    { headers: () => ({}), env: () => what.env ?? {} },
  )
  return {
    upstream,
    folder,
    stderr,
    news,
    budget,
    pids: () => news.flatMap((one) => (one.kind === 'started' && one.pid !== undefined ? [one.pid] : [])),
    async [Symbol.asyncDispose]() {
      await upstream.close()
      await reaper.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Whether a process exists that is not only waiting for its parent to notice its end. */
export function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z')
  } catch {
    return false
  }
}

export async function until(what: () => boolean, ms = 10_000): Promise<void> {
  const end = performance.now() + ms
  while (!what()) {
    if (performance.now() > end) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function packageFile(path: string): string {
  return createRequire(import.meta.url)
    .resolve(path.split('/').slice(0, 2).join('/') + '/package.json')
    .replace('package.json', path.split('/').slice(2).join('/'))
}
