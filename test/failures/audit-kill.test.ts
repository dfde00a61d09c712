import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openPackKeys, type PackKeys } from '../../src/store/packs/keys.ts'
import { readRecords } from '../../src/store/segments/read-records.ts'
import { verifyFolder } from '../../src/store/segments/verify.ts'
import { encryptingKeys, masterKey } from '../support/segment-keys.ts'
import { DataFolder, openLog } from './audit-support.ts'

const KILLS = Number(process.env['SALLYPORT_KILLS'] ?? 10)
const CHILD = fileURLToPath(new URL('audit-kill-child.ts', import.meta.url))
const SEGMENT_BYTES = 1024 * 1024
/** After this many kills a new folder is begun, so that a long run does not fill the disk. */
const KILLS_PER_FOLDER = 25
/** Folders at the same time: most of a kill is waiting for a process to begin and to have recorded for a while. */
const SIDE_BY_SIDE = 4

describe('a process that is killed while 64 writers record', () => {
  it.each([
    { how: 'plain', kills: KILLS },
    { how: 'encrypted', kills: Math.ceil(KILLS / 5) },
  ] as const)(
    'loses nothing that was acknowledged, $kills times, segments $how',
    async ({ how, kills }) => {
      let acknowledged = 0
      const folders = Array.from({ length: Math.ceil(kills / KILLS_PER_FOLDER) }, (_, i) =>
        Math.min(KILLS_PER_FOLDER, kills - i * KILLS_PER_FOLDER),
      )
      const killThem = async (): Promise<void> => {
        for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
          const more = await killAgainAndAgain(next, how)
          acknowledged += more
        }
      }
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, killThem))
      expect(acknowledged).toBeGreaterThan(kills * 10)
    },
    30_000 + KILLS * 6_000,
  )
})

type How = 'plain' | 'encrypted'

async function killAgainAndAgain(kills: number, how: How): Promise<number> {
  using folder = new DataFolder()
  const writing = how === 'plain' ? undefined : encryptingKeys(folder.path)
  using keys = how === 'plain' ? undefined : openPackKeys(folder.path, masterKey())
  const acknowledged: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    const seqs = await recordUntilKilled(folder.path, how, 30 + Math.random() * 370)
    acknowledged.push(...seqs)
    const report = verifyFolder(folder.path, keys)
    expect(report.findings, `after kill ${kill}`).toEqual([])
    expect(report.size).toBeGreaterThan(Math.max(-1, ...seqs))
  }
  const { log } = await openLog(folder, { segmentBytes: SEGMENT_BYTES, keys: writing })
  await log.close()
  const { kinds, outcomes } = await readKinds(folder.path, keys)
  for (const seq of acknowledged) expect(['intent', 'outcome']).toContain(kinds.get(seq))
  // Every intent has exactly one outcome now: its own, or `unknown`.
  const intents = [...kinds].filter(([, kind]) => kind === 'intent').map(([seq]) => seq)
  expect(outcomes.toSorted((a, b) => a - b)).toEqual(intents)
  expect(verifyFolder(folder.path, keys)).toMatchObject({ ok: true, tornTail: undefined })
  return acknowledged.length
}

/** Starts the child, lets it record for so long after it is ready, kills it, and returns what it had been told is durable. */
async function recordUntilKilled(folder: string, how: How, afterMs: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, folder, '64', how], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)))
  const seqs: number[] = []
  for await (const line of createInterface({ input: child.stdout }))
    if (line === 'ready') setTimeout(() => child.kill('SIGKILL'), afterMs)
    else seqs.push(Number(line))
  expect(await ended).toBe('SIGKILL')
  return seqs
}

async function readKinds(folder: string, keys: PackKeys | undefined) {
  const kinds = new Map<number, string>()
  const outcomes: number[] = []
  for await (const { entry, parts, seq } of readRecords({ folder, keys })) {
    kinds.set(seq, entry.kind)
    if (entry.kind === 'outcome') outcomes.push(Number(JSON.parse(new TextDecoder().decode(parts.envelope?.bytes)).of))
  }
  return { kinds, outcomes }
}
