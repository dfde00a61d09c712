import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS, HOUR_MS } from '../../base/units.ts'
import { CLASS } from '../../audit/entry.ts'
import { packFolder, packName, packsOf } from '../packs/payload.ts'
import { carryOut } from './deletion.ts'
import type { Life } from './life.ts'
import { packPlaces, sealedEnd } from './places.ts'
import { dueAt, expiryOf } from './retention.ts'

/** Days of which the growth is taken. */
const GROWTH_DAYS = 7

export interface ClassRoom {
  readonly retentionClass: number
  readonly bytes: number
  /** Mean of the last days that are whole. */
  readonly bytesPerDay: number
}

export interface Room {
  /** Free on the disk, or below the cap, whichever is less. */
  readonly freeBytes: number
  readonly usedBytes: number
  /** The cap is reached. */
  readonly capped: boolean
  readonly classes: readonly ClassRoom[]
  /** Until it is full at the present growth; undefined where nothing grows. */
  readonly fullInMs: number | undefined
}

/** What the log takes, how fast it grows, and how long that goes on (audit.md, 6.5). */
export function roomOf(life: Pick<Life, 'folder' | 'now'>, capBytes: number | undefined): Room {
  const today = Math.floor(life.now() / 1000 / DAY_MS)
  const classes = new Map<number, { bytes: number; lately: number; firstDay: number }>()
  for (const { day, retentionClass } of packPlaces(life.folder)) {
    const bytes = bytesAt(life.folder, retentionClass, day)
    const sum = classes.get(retentionClass) ?? { bytes: 0, lately: 0, firstDay: day }
    sum.bytes += bytes
    sum.firstDay = Math.min(sum.firstDay, day)
    if (day < today && day >= today - GROWTH_DAYS) sum.lately += bytes
    classes.set(retentionClass, sum)
  }
  const rooms = Array.from(classes, ([retentionClass, { bytes, firstDay, lately }]) => {
    const days = Math.min(GROWTH_DAYS, Math.max(1, today - firstDay))
    return { retentionClass, bytes, bytesPerDay: Math.round(lately / days) }
  })
  const usedBytes = rooms.reduce((sum, { bytes }) => sum + bytes, 0)
  const perDay = rooms.reduce((sum, { bytesPerDay }) => sum + bytesPerDay, 0)
  const freeBytes = Math.max(0, Math.min(freeOn(life.folder), (capBytes ?? Infinity) - usedBytes))
  const capped = capBytes !== undefined && usedBytes >= capBytes
  return {
    freeBytes,
    usedBytes,
    capped,
    classes: rooms,
    fullInMs: perDay === 0 ? undefined : (freeBytes / perDay) * DAY_MS,
  }
}

/** Which alarm a forecast sets off: seven days, one day, one hour to full. */
export function alarmOf({ fullInMs }: Room): 'week' | 'day' | 'hour' | undefined {
  if (fullInMs === undefined || fullInMs > 7 * DAY_MS) return undefined
  if (fullInMs > DAY_MS) return 'week'
  return fullInMs > HOUR_MS ? 'day' : 'hour'
}

/**
 * Room ran out: the oldest day of a class that says so goes, by tombstone; what is held stays. Returns how many blocks; 0 where
 * no class says so or nothing is left that could go.
 */
export async function dropOldest(life: Life, freeBytes: number): Promise<number> {
  const end = sealedEnd(life)
  for (const place of packPlaces(life.folder)) {
    const terms = life.classes.find(({ n }) => n === place.retentionClass)?.terms
    if (place.retentionClass === CLASS.log || terms?.onFull !== 'drop-oldest-payload') continue
    const due = dueAt(life, place, end)
    if (due.free.length === 0) continue
    await carryOut(life, { tombstone: { ...expiryOf(life, due, 'dropped'), free_bytes: freeBytes } })
    return due.free.length
  }
  return 0
}

function bytesAt(streamFolder: string, retentionClass: number, day: number): number {
  const folder = packFolder(streamFolder, retentionClass, day)
  return packsOf(streamFolder, retentionClass, day).reduce(
    (sum, first) => sum + (statSync(join(folder, packName(first)), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
