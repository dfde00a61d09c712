import { HOUR_MS } from '../../base/units.ts'
import { resumeDeletions } from './deletion.ts'
import { runErasures } from './erasure.ts'
import { recordHolds } from './holds.ts'
import type { Life } from './life.ts'
import { type RetentionRun, runRetention } from './retention.ts'
import { alarmOf, dropOldest, type Room, roomOf } from './room.ts'
import { sealOldest } from './sealing.ts'

export interface JobOptions {
  readonly life: Life
  /** Most that sealed records may take. */
  readonly capBytes: number | undefined
  /** Below it there is no room for two spares. */
  readonly roomBytes: number
  readonly onRoom: (room: Room, alarm: ReturnType<typeof alarmOf>) => void
}

/** What looks after sealed records, turn by turn and always in this order: nothing is deleted that a hold, asked for before, covers. */
export class LifeJob {
  readonly #options: JobOptions
  #retentionAt = -Infinity
  #resumed = false

  constructor(options: JobOptions) {
    this.#options = options
  }

  /** `full`: the log has no room for another segment. */
  async turn(full = false): Promise<RetentionRun | undefined> {
    const { life } = this.#options
    if (!this.#resumed) await resumeDeletions(life)
    this.#resumed = true
    const trouble = await sealAll(life)
    await recordHolds(life)
    await runErasures(life)
    const due = life.now() - this.#retentionAt >= HOUR_MS * 1000
    const run = due ? await runRetention(life) : undefined
    if (due) this.#retentionAt = life.now()
    if (due || full) await this.#makeRoom()
    if (trouble !== undefined) throw trouble
    return run
  }

  /** After a failure, deletions that were begun are looked for again. */
  failed(): void {
    this.#resumed = false
  }

  async #makeRoom(): Promise<void> {
    const { capBytes, life, onRoom, roomBytes } = this.#options
    let room = roomOf(life, capBytes)
    while ((room.capped || room.freeBytes < roomBytes) && (await dropOldest(life, room.freeBytes)) > 0)
      room = roomOf(life, capBytes)
    onRoom(room, alarmOf(room))
  }
}

/** What cannot be sealed, on a full disk perhaps, does not stop what makes room; it is told afterwards. */
async function sealAll(life: Life): Promise<Error | undefined> {
  try {
    while (sealOldest(life)) await nextTurn()
    return undefined
  } catch (failure) {
    return failure instanceof Error ? failure : new Error('sealing failed', { cause: failure })
  }
}

/** Sealing one segment takes a second of this thread; whoever waits for an answer gets it in between. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
