import { dirname } from 'node:path'
import { DAY_MS, HOUR_MS } from '../../base/units.ts'
import { CHECKPOINTS } from '../segments/heads.ts'
import { findLogOfLogs } from '../segments/stream.ts'
import { WITNESSED } from '../segments/verify-stream.ts'
import { resumeDeletions } from './deletion.ts'
import { runErasures } from './erasure.ts'
import { recordHolds } from './holds.ts'
import type { Life } from './life.ts'
import { type RetentionRun, runRetention } from './retention.ts'
import { alarmOf, dropOldest, type Room, roomOf } from './room.ts'
import { type Sealable, sealOldest } from './sealing.ts'
import { type HeadFile, thinHeads } from './thin-heads.ts'

export interface JobOptions {
  readonly life: Life
  /** Most that sealed records may take. */
  readonly capBytes: number | undefined
  /** Below it there is no room for two spares. */
  readonly roomBytes: number
  readonly onRoom: (room: Room, alarm: ReturnType<typeof alarmOf>) => void
}

/** How often is counted, at most, what sealed records take: each pack is looked at. */
const ROOM_EVERY_MS = 60_000

/** What looks after sealed records, turn by turn and always in this order: nothing is deleted that a hold, asked for before, covers. */
export class LifeJob {
  readonly #options: JobOptions
  #retentionAt = -Infinity
  #roomAt = -Infinity
  #thinnedAt = -Infinity
  #resumed = false

  constructor(options: JobOptions) {
    this.#options = options
  }

  /** `full`: the log has no room for another segment. */
  async turn(full = false): Promise<RetentionRun | undefined> {
    const { life } = this.#options
    if (!this.#resumed) await resumeDeletions(life)
    this.#resumed = true
    const { sealed, trouble } = await sealAll(life)
    await recordHolds(life)
    await runErasures(life)
    const due = life.now() - this.#retentionAt >= HOUR_MS * 1000
    const run = due ? await runRetention(life) : undefined
    if (due) this.#retentionAt = life.now()
    if (due || full || (sealed > 0 && life.now() - this.#roomAt >= ROOM_EVERY_MS * 1000)) await this.#makeRoom()
    if (due) await this.#thinHeads()
    if (trouble !== undefined) throw trouble
    return run
  }

  /** After a failure, deletions that were begun are looked for again. */
  failed(): void {
    this.#resumed = false
  }

  /** A day of heads may be 22 MB. */
  async #thinHeads(): Promise<void> {
    const { life } = this.#options
    if (life.now() - this.#thinnedAt < DAY_MS * 1000) return
    this.#thinnedAt = life.now()
    for (const file of headFiles(life)) await thinHeads(file, life.now() / 1000)
  }

  async #makeRoom(): Promise<void> {
    const { capBytes, life, onRoom, roomBytes } = this.#options
    this.#roomAt = life.now()
    let room = roomOf(life, capBytes)
    while ((room.capped || room.freeBytes < roomBytes) && (await dropOldest(life, room.freeBytes)) > 0)
      room = roomOf(life, capBytes)
    onRoom(room, alarmOf(room))
  }
}

/** The log, and the log of logs, which holds its heads: witnesses sign those of that one. */
function logsOf(life: Life): readonly Sealable[] {
  const all = findLogOfLogs(life.dataFolder)
  return all === undefined ? [life] : [life, { ...life, folder: dirname(all.folder), origin: all.origin }]
}

function headFiles(life: Life): readonly HeadFile[] {
  return logsOf(life).flatMap(({ folder }) => [CHECKPOINTS, WITNESSED].map((name) => ({ folder, name })))
}

/** What cannot be sealed, on a full disk perhaps, does not stop what makes room; it is told afterwards. */
async function sealAll(life: Life): Promise<{ readonly sealed: number; readonly trouble?: Error }> {
  let sealed = 0
  try {
    for (const log of logsOf(life)) for (; sealOldest(log); sealed++) await nextTurn()
    return { sealed }
  } catch (failure) {
    return { sealed, trouble: failure instanceof Error ? failure : new Error('sealing failed', { cause: failure }) }
  }
}

/** Sealing one segment takes a second of this thread; whoever waits for an answer gets it in between. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
