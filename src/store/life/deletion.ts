import { randomUUID } from 'node:crypto'
import { fromHex } from '../../base/bytes.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../../base/json.ts'
import { CLASS, isEntryKind } from '../../audit/entry.ts'
import { isTombstoneKind, readTombstone, type Tombstone, tombstoneJson } from '../../audit/tombstone.ts'
import { shredKeys } from '../packs/keys.ts'
import { dayName, dayOfName } from '../packs/payload.ts'
import { dropBlocks, dropParts } from '../packs/rewrite-pack.ts'
import { listTombstone } from '../packs/tombstones.ts'
import { textAt } from '../sqlite/columns.ts'
import { type ClassMonth, classMonthJson, readClassMonth } from './class-month.ts'
import type { Life } from './life.ts'
import { pruneTiles } from './prune.ts'
import { packPlaces, placesOf } from './places.ts'

/** What is to be deleted, as its tombstone will say it, and what a tombstone does not say. */
export interface Deletion {
  readonly tombstone: Tombstone
  /** `shredded`: sessions whose keys go, hexadecimal. Deleted with the plan. */
  readonly sessions?: readonly string[] | undefined
  /** `shredded`: the class and month whose key goes. */
  readonly month?: ClassMonth | undefined
}

export function deletionId(): string {
  return randomUUID()
}

/**
 * Deletes, in the one order that never leaves a gap unexplained (audit.md, 4.8): the plan is kept, the tombstone is durable,
 * then the content goes, then the index, then `tombstone.done`. A crash anywhere is picked up by `resumeDeletions`.
 */
export async function carryOut(life: Life, deletion: Deletion): Promise<void> {
  const { before = () => undefined, database } = life
  before('plan')
  database
    .prepare('INSERT OR REPLACE INTO audit_deletion (id, plan) VALUES (?, ?)')
    .run(deletion.tombstone.id, planText(deletion))
  await bury(life, deletion)
}

/** Goes on with what was begun before a crash. A tombstone that was just being written may be there twice; both say the same. */
export async function resumeDeletions(life: Life): Promise<number> {
  const rows = life.database.prepare('SELECT plan, tombstone_seq FROM audit_deletion').all()
  for (const row of rows) {
    const deletion = readPlan(textAt(row, 'plan'))
    if (deletion === undefined) continue
    const seq = row['tombstone_seq']
    await (typeof seq === 'number' ? finish(life, deletion, seq) : bury(life, deletion))
  }
  return rows.length
}

export function openDeletions(life: Pick<Life, 'database'>): number {
  return Number(life.database.prepare('SELECT count(*) AS n FROM audit_deletion').get()?.['n'] ?? 0)
}

async function bury(life: Life, deletion: Deletion): Promise<void> {
  const { before = () => undefined, database } = life
  const { tombstone } = deletion
  before('tombstone')
  const seq = await life.append(tombstone.kind, { tombstone: tombstoneJson(tombstone) })
  database.prepare('UPDATE audit_deletion SET tombstone_seq = ? WHERE id = ?').run(seq, tombstone.id)
  await finish(life, deletion, seq)
}

async function finish(life: Life, deletion: Deletion, seq: number): Promise<void> {
  const { before = () => undefined, database } = life
  const { tombstone } = deletion
  before('list')
  listTombstone(life.folder, tombstone)
  before('delete')
  deleteContent(life, deletion)
  before('hooks')
  await tellHooks(life, tombstone)
  before('done')
  await life.append('tombstone.done', { tombstone: { id: tombstone.id, of: seq } })
  before('forget')
  database.prepare('DELETE FROM audit_deletion WHERE id = ?').run(tombstone.id)
}

function deleteContent(life: Life, deletion: Deletion): void {
  const { tombstone } = deletion
  const { folder: streamFolder, keys } = life
  const { day, kind, minimum_index, parts, ranges } = tombstone
  switch (kind) {
    case 'expired':
    case 'dropped': {
      const number = dayOfName(day ?? '')
      if (tombstone.class === undefined || number === undefined) return
      return dropBlocks({ streamFolder, retentionClass: tombstone.class, day: number }, ranges)
    }
    case 'erased':
      for (const place of placesOf(streamFolder, ranges)) dropParts({ streamFolder, ...place }, { ranges, parts }, keys)
      return
    case 'shredded':
      return shred(life, deletion)
    case 'pruned':
      return prune(streamFolder, minimum_index ?? 0)
  }
}

function shred({ database, keys }: Life, { month, sessions = [] }: Deletion): void {
  shredKeys(database, month ?? { sessions: sessions.flatMap((hex) => fromHex(hex) ?? []) })
  keys.forget()
}

/** The log's own records go with the entries that they explain. */
function prune(streamFolder: string, index: number): void {
  pruneTiles(streamFolder, index)
  for (const place of packPlaces(streamFolder))
    if (place.retentionClass === CLASS.log) dropBlocks({ streamFolder, ...place }, [[0, index - 1]])
}

async function tellHooks({ hooks }: Life, { class: retentionClass, day, kind, ranges }: Tombstone): Promise<void> {
  if (kind === 'erased' || kind === 'shredded') await hooks.erased({ ranges })
  else if (retentionClass !== undefined && day !== undefined)
    await hooks.expired({ class: retentionClass, day: dayName(dayOfName(day) ?? 0), ranges })
}

function planText({ month, sessions, tombstone }: Deletion): string {
  const plan: JsonObject = {
    kind: tombstone.kind,
    month: month && classMonthJson(month),
    sessions,
    tombstone: tombstoneJson(tombstone),
  }
  return stringifyJson(plan)
}

function readPlan(text: string): Deletion | undefined {
  const plan = parseJson(text)
  if (!isObject(plan)) return undefined
  const { kind, sessions } = plan
  if (typeof kind !== 'string' || !isEntryKind(kind) || !isTombstoneKind(kind)) return undefined
  const tombstone = readTombstone(kind, plan['tombstone'])
  const hexes = Array.isArray(sessions) ? sessions.filter((one) => typeof one === 'string') : undefined
  return tombstone && { tombstone, sessions: hexes, month: readClassMonth(plan['month']) }
}
