import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fromHex, toHex } from '../../base/bytes.ts'
import { rangesOf, type SeqRange } from '../../audit/tombstone.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import { SURROGATE_FILE, SurrogateDatabase } from '../sqlite/surrogate-database.ts'
import { SqliteSurrogateRows } from '../sqlite/surrogate-rows.ts'
import { carryOut, deletionId } from './deletion.ts'
import { type Erasure, erasureDone, listErasures } from './erasure-rows.ts'
import type { ClassMonth } from './class-month.ts'
import type { Found } from './find-records.ts'
import { heldBlocks } from './holds.ts'
import type { Life } from './life.ts'
import { sealUpTo } from './sealing.ts'
import { ALL_PARTS } from './retention.ts'

/** Carries out what is approved (audit.md, 11.3). Returns how many. */
export async function runErasures(life: Life): Promise<number> {
  const approved = listErasures(life.database).filter(({ state }) => state === 'approved')
  for (const erasure of approved) await erase(life, erasure)
  return approved.length
}

async function erase(life: Life, erasure: Erasure): Promise<void> {
  const { approver, basis, found, request, requester } = erasure
  await sealUpTo(life, lastOf(found))
  const { checked, held } = heldBlocks(life, blocksIn([found.whole, ...found.parts.map(({ ranges }) => ranges)]))
  const free = (ranges: readonly SeqRange[]): SeqRange[] => withoutBlocks(ranges, held)
  const grounds = { basis, request, requester, approver, holds_checked: checked }
  const whole = free(found.whole)
  // A session with a held record keeps its key; its other records go one by one.
  const shredded = held.size === 0 ? shreddable(life, found.sessions) : []
  // Before its keys: not every class is encrypted, nor does each have a key for every session, and a tombstone that is done
  // is believed.
  if (whole.length > 0)
    await carryOut(life, {
      tombstone: { kind: 'erased', id: deletionId(), ranges: whole, parts: ALL_PARTS, ...grounds },
    })
  for (const { part, ranges } of found.parts)
    if (free(ranges).length > 0)
      await carryOut(life, {
        tombstone: { kind: 'erased', id: deletionId(), ranges: free(ranges), parts: [part], ...grounds },
      })
  if (shredded.length > 0) {
    const keys = keyIdsOf(life.database, shredded)
    const tombstone = { kind: 'shredded', id: deletionId(), ranges: whole, parts: ALL_PARTS, keys, ...grounds } as const
    await carryOut(life, { tombstone, sessions: shredded })
  }
  const month = held.size === 0 ? found.month : undefined
  const monthKey = month && monthKeyOf(life.database, month)
  if (month !== undefined && monthKey !== undefined) {
    const keys = [monthKey]
    const of = { ranges: whole, parts: ALL_PARTS, class: month.retentionClass, keys, ...grounds }
    await carryOut(life, { tombstone: { kind: 'shredded', id: deletionId(), ...of }, month })
  }
  forgetSurrogates(life.dataFolder, found.principals ?? [])
  erasureDone(life.database, erasure, { records: found.records, sessions: shredded.length, held_blocks: held.size })
}

/** Stand-ins of that person, with the salts that their keys hang on. */
function forgetSurrogates(dataFolder: string, principals: readonly string[]): void {
  if (principals.length === 0 || !existsSync(join(dataFolder, SURROGATE_FILE))) return
  using database = SurrogateDatabase.open(dataFolder)
  const rows = new SqliteSurrogateRows(database)
  for (const principal of principals) rows.forget({ kind: 'principal', principal })
}

function shreddable(life: Life, sessions: readonly string[]): string[] {
  const one = life.database.prepare('SELECT 1 FROM audit_key WHERE session = ? LIMIT 1')
  return sessions.filter((hex) => one.get(fromHex(hex) ?? new Uint8Array(0)) !== undefined)
}

/** Id of the key above all keys of a class and month. */
function monthKeyOf(database: DatabaseSync, { month, retentionClass }: ClassMonth): string | undefined {
  const row = database
    .prepare('SELECT id FROM audit_month_key WHERE class = ? AND month = ?')
    .get(retentionClass, month)
  return row?.['id'] instanceof Uint8Array ? toHex(row['id']) : undefined
}

function keyIdsOf(database: DatabaseSync, sessions: readonly string[]): string[] {
  const ids = database.prepare('SELECT id FROM audit_key WHERE session = ?')
  return sessions.flatMap((hex) =>
    ids.all(fromHex(hex) ?? new Uint8Array(0)).flatMap(({ id }) => (id instanceof Uint8Array ? [toHex(id)] : [])),
  )
}

function lastOf({ parts, whole }: Found): number {
  return Math.max(-1, ...[whole, ...parts.map(({ ranges }) => ranges)].map((ranges) => ranges.at(-1)?.[1] ?? -1))
}

/** First seqs of the blocks that these ranges touch. */
function blocksIn(all: readonly (readonly SeqRange[])[]): number[] {
  const blocks = new Set<number>()
  for (const [first, last] of all.flat())
    for (let block = Math.floor(first / BLOCK_RECORDS); block * BLOCK_RECORDS <= last; block++)
      blocks.add(block * BLOCK_RECORDS)
  return [...blocks]
}

function withoutBlocks(ranges: readonly SeqRange[], held: ReadonlySet<number>): SeqRange[] {
  if (held.size === 0) return [...ranges]
  return rangesOf(
    ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
        (seq) => !held.has(seq - (seq % BLOCK_RECORDS)),
      ),
    ),
  )
}
