import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readCursor } from '../../src/cli/export-cursor.ts'
import { FileSink } from '../../src/cli/export-file-sink.ts'
import { LINE_FORMATS } from '../../src/recording/export/formats.ts'
import { DataFolder, entry, openLog } from './audit-support.ts'

const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 5)
const CHILD = fileURLToPath(new URL('export-kill-child.ts', import.meta.url))
const OPTIONS = { version: '1', bodies: false }
const RECORDS = 1500

describe('an export that is killed again and again', () => {
  it.each(['file', 'folder'] as const)(
    `to a %s has every record once, in order, ${KILLS} times`,
    async (kind) => {
      using folder = new DataFolder()
      const last = await record(folder, RECORDS)
      const to = join(folder.path, 'exported')
      const cursor = kind === 'file' ? join(folder.path, 'cursor.json') : join(to, '.cursor.json')
      let moved = 0
      for (let kill = 0; kill < KILLS; kill++) {
        const before = nextOf(cursor)
        await exportUntilKilled([folder.path, kind, to, cursor], 50 + Math.random() * 500)
        if (nextOf(cursor) > before) moved += 1
      }
      await exportUntil([folder.path, kind, to, cursor], () => nextOf(cursor) > last)
      expect(seqsIn(to, kind)).toEqual(Array.from({ length: last + 1 }, (_, seq) => seq))
      expect(moved).toBeGreaterThan(0)
    },
    60_000 + KILLS * 5000,
  )

  it('cuts off what was written after the last commit, and refuses a file that it does not know or that lost its end', () => {
    using folder = new DataFolder()
    const [file, cursor] = [join(folder.path, 'out.jsonl'), join(folder.path, 'cursor.json')]
    const open = () => new FileSink(file, cursor, LINE_FORMATS.jsonl, OPTIONS)
    appendFileSync(file, 'somebody else wrote this\n')
    expect(open).toThrow(/there already/)
    appendFileSync(cursor, '{"v":1,"next":7,"bytes":9,"origin":"o"}')
    expect(open().start).toMatchObject({ next: 7 })
    expect(readFileSync(file, 'utf8')).toBe('somebody ')
    appendFileSync(cursor, '}')
    expect(open).toThrow(/is no cursor/)
  })
})

async function record(folder: DataFolder, count: number): Promise<number> {
  const { log } = await openLog(folder, { segmentBytes: 1024 * 1024 })
  const receipts = await Promise.all(Array.from({ length: count }, () => log.append(entry('refused'))))
  await log.close()
  // The log closes itself with a record of its own.
  return (receipts.at(-1)?.index ?? 0) + 1
}

function start(args: readonly string[]) {
  return spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function exportUntilKilled(args: readonly string[], afterMs: number): Promise<void> {
  const child = start(args)
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  await sleep(afterMs)
  child.kill('SIGKILL')
  await ended
}

async function exportUntil(args: readonly string[], done: () => boolean): Promise<void> {
  const child = start(args)
  const ended = once(child, 'exit')
  while (!done() && child.exitCode === null) await sleep(20)
  await sleep(50)
  child.kill('SIGKILL')
  await ended
  expect(done()).toBe(true)
}

function nextOf(cursor: string): number {
  return existsSync(cursor) ? (readCursor(cursor)?.next ?? 0) : 0
}

function seqsIn(to: string, kind: 'file' | 'folder'): number[] {
  const files =
    kind === 'file' ? [to] : readdirSync(to).filter((name) => !name.startsWith('.') && !name.endsWith('.part'))
  const paths = kind === 'file' ? files : files.toSorted().map((name) => join(to, name))
  return paths
    .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1))
    .map((line) => Number(/"seq":(\d+)/.exec(line)?.[1]))
}
