import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { DataFolder, openLog } from './audit-support.ts'

const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 10)
const CHILD = fileURLToPath(new URL('audit-kill-child.ts', import.meta.url))
const SEGMENT_BYTES = 1024 * 1024
/** After this many kills a new folder is begun, so that a long run does not fill the disk. */
const KILLS_PER_FOLDER = 25

describe('a process that is killed while 64 writers record', () => {
  it(
    `loses nothing that was acknowledged, ${KILLS} times`,
    async () => {
      let acknowledged = 0
      for (let done = 0; done < KILLS; done += KILLS_PER_FOLDER)
        acknowledged += await killAgainAndAgain(Math.min(KILLS_PER_FOLDER, KILLS - done))
      expect(acknowledged).toBeGreaterThan(KILLS * 10)
    },
    30_000 + KILLS * 6_000,
  )
})

async function killAgainAndAgain(kills: number): Promise<number> {
  using folder = new DataFolder()
  const acknowledged: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    const seqs = await recordUntilKilled(folder.path, 30 + Math.random() * 370)
    acknowledged.push(...seqs)
    const report = verifyFolder(folder.path)
    expect(report.findings, `after kill ${kill}`).toEqual([])
    expect(report.size).toBeGreaterThan(Math.max(-1, ...seqs))
  }
  const { log } = await openLog(folder, { segmentBytes: SEGMENT_BYTES })
  await log.close()
  const { kinds, outcomes } = await readKinds(folder.path)
  for (const seq of acknowledged) expect(['intent', 'outcome']).toContain(kinds.get(seq))
  // Every intent has exactly one outcome now: its own, or `unknown`.
  const intents = [...kinds].filter(([, kind]) => kind === 'intent').map(([seq]) => seq)
  expect(outcomes.toSorted((a, b) => a - b)).toEqual(intents)
  expect(verifyFolder(folder.path)).toMatchObject({ ok: true, tornTail: undefined })
  return acknowledged.length
}

/** Starts the child, lets it record for so long after it is ready, kills it, and returns what it had been told is durable. */
async function recordUntilKilled(folder: string, afterMs: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, folder, '64'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)))
  const seqs: number[] = []
  for await (const line of createInterface({ input: child.stdout }))
    if (line === 'ready') setTimeout(() => child.kill('SIGKILL'), afterMs)
    else seqs.push(Number(line))
  expect(await ended).toBe('SIGKILL')
  return seqs
}

async function readKinds(folder: string) {
  const kinds = new Map<number, string>()
  const outcomes: number[] = []
  for await (const { entry, parts, seq } of readRecords({ folder })) {
    kinds.set(seq, entry.kind)
    if (entry.kind === 'outcome') outcomes.push(Number(JSON.parse(new TextDecoder().decode(parts.envelope?.bytes)).of))
  }
  return { kinds, outcomes }
}
