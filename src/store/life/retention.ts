import { join } from 'node:path'
import { DAY_MS } from '../../base/units.ts'
import type { PartName } from '../../audit/commitment.ts'
import { parseSignedCheckpoint } from '../../audit/checkpoint.ts'
import { CLASS } from '../../audit/entry.ts'
import type { RetentionClass } from '../../audit/retention-class.ts'
import { rangesOf, type SeqRange } from '../../audit/tombstone.ts'
import { writeVerifierKey } from '../../audit/note-key.ts'
import { keysOf } from '../segments/note-keys.ts'
import { minimumIndex, newestTimeOf } from '../packs/sealed.ts'
import { dayName } from '../packs/payload.ts'
import { BLOCK_RECORDS, readIfThere } from '../packs/block-files.ts'
import { LOGS_GONE } from '../segments/gone-logs.ts'
import { CHECKPOINT } from '../segments/heads.ts'
import { carryOut, deletionId } from './deletion.ts'
import { heldBlocks } from './holds.ts'
import type { Life } from './life.ts'
import { logsToGo, removeLogs } from './old-logs.ts'
import { blocksAt, type PackPlace, packPlaces, sealedEnd } from './places.ts'

export const ALL_PARTS: readonly PartName[] = ['envelope', 'request', 'response']

/** What of a class and day is due, and what of it is held. */
export interface Due extends PackPlace {
  /** First seqs of blocks. */
  readonly free: readonly number[]
  readonly held: readonly number[]
  readonly holdsChecked: number
}

export interface RetentionRun {
  readonly expired: number
  readonly heldBlocks: number
  readonly pruned: number
}

/** Everything whose time is over now, oldest first (audit.md, 11.1). Changes nothing. */
export function dueNow(life: Life): Due[] {
  const end = sealedEnd(life)
  return packPlaces(life.folder)
    .filter((place) => isDue(life, place))
    .map((place) => dueAt(life, place, end))
    .filter(({ free, held }) => free.length + held.length > 0)
}

/** One run of the job: on record also when nothing was due. Done twice, the second does nothing. */
export async function runRetention(life: Life): Promise<RetentionRun> {
  const due = dueNow(life)
  let expired = 0
  for (const one of due) {
    if (one.free.length === 0) continue
    await carryOut(life, { tombstone: expiryOf(life, one, 'expired') })
    expired += one.free.length
  }
  const pruned = await prune(life)
  const held = due.reduce((sum, one) => sum + one.held.length, 0)
  const run = { expired, heldBlocks: held, pruned }
  const gone = logsToGo(life)
  const said = { expired_blocks: expired, held_blocks: held, minimum_index: pruned }
  await life.append('retention.run', { log: gone.length === 0 ? said : { ...said, [LOGS_GONE]: gone } })
  removeLogs(life, gone)
  return run
}

export function dueAt(life: Life, place: PackPlace, end: number): Due {
  const blocks = blocksAt(life.folder, place).filter((firstSeq) => firstSeq + BLOCK_RECORDS <= end)
  const { checked, held } = heldBlocks(life, blocks)
  return {
    ...place,
    free: blocks.filter((firstSeq) => !held.has(firstSeq)),
    held: blocks.filter((firstSeq) => held.has(firstSeq)),
    holdsChecked: checked,
  }
}

export function expiryOf(life: Life, due: Due, kind: 'expired' | 'dropped') {
  return {
    kind,
    id: deletionId(),
    ranges: blockRanges(due.free),
    parts: ALL_PARTS,
    class: due.retentionClass,
    class_version: classOf(life, due.retentionClass)?.version,
    day: dayName(due.day),
    holds_checked: due.holdsChecked,
  } as const
}

function blockRanges(firstSeqs: readonly number[]): SeqRange[] {
  const blocks = firstSeqs.map((firstSeq) => firstSeq / BLOCK_RECORDS)
  return rangesOf(blocks).map(([first, last]) => [first * BLOCK_RECORDS, (last + 1) * BLOCK_RECORDS - 1])
}

/** The day is over, and so many more have passed. The log's own records stay as long as the entries that they explain. */
function isDue(life: Life, { day, retentionClass }: PackPlace): boolean {
  const terms = classOf(life, retentionClass)?.terms
  return retentionClass !== CLASS.log && terms !== undefined && daysPast(life, day) >= 1 + terms.payloadDays
}

/** Whole days since that day began. */
function daysPast(life: Life, day: number): number {
  return life.now() / 1000 / DAY_MS - day
}

function classOf(life: Life, n: number): RetentionClass | undefined {
  return life.classes.find((one) => one.n === n)
}

/**
 * Entries and level-0 tiles go once the longest promise of any class has passed and their content is gone. Returns the minimum
 * index. The last sealed block always stays, so that the segments are seen to follow it.
 */
async function prune(life: Life): Promise<number> {
  const before = minimumIndex(life.folder)
  const entryDays = Math.max(...life.classes.map(({ terms }) => terms.entryDays))
  const limit = pruneLimit(life)
  let index = before
  while (index + BLOCK_RECORDS <= limit) {
    const newest = newestTimeOf(life.folder, index / BLOCK_RECORDS)
    if (newest === undefined || daysPast(life, Math.floor(newest / 1000 / DAY_MS)) < 1 + entryDays) break
    index += BLOCK_RECORDS
  }
  if (index === before) return before
  const { checked } = heldBlocks(life, [])
  const ranges: SeqRange[] = [[before, index - 1]]
  // The record that named them may go; without a trust policy a verifier takes them from here.
  for (const key of keysOf(life.dataFolder, life.origin))
    await life.append('log.key', { log: { key: writeVerifierKey(key), restated: true } })
  await carryOut(life, {
    tombstone: { kind: 'pruned', id: deletionId(), ranges, parts: [], minimum_index: index, holds_checked: checked },
  })
  return index
}

/**
 * Nothing at or after it may be pruned: blocks that still have content of a class, the last sealed block, and what no signed head
 * covers yet: a start compares the newest head with the records.
 */
function pruneLimit(life: Life): number {
  const lastBlock = Math.floor((sealedEnd(life) - 1) / BLOCK_RECORDS) * BLOCK_RECORDS
  const withContent = packPlaces(life.folder)
    .filter(({ retentionClass }) => retentionClass !== CLASS.log)
    .flatMap((place) => blocksAt(life.folder, place))
  return Math.min(Math.max(0, lastBlock), signedSize(life.folder), ...withContent)
}

/** Records that the newest published head covers. */
export function signedSize(streamFolder: string): number {
  const note = readIfThere(join(streamFolder, CHECKPOINT))
  return (note && parseSignedCheckpoint(note)?.size) ?? 0
}
