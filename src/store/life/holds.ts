import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { toBase64 } from '../../base/bytes.ts'
import { isSessionId } from '../../base/ids.ts'
import { isObject, type JsonObject, parseJson, stringifyJson } from '../../base/json.ts'
import { type Hold, type HoldPredicate, holds } from '../../audit/hold.ts'
import { isoMicros } from '../../audit/iso-time.ts'
import { rangesOf, type SeqRange } from '../../audit/tombstone.ts'
import { recorded } from '../../recording/read.ts'
import { SealedReader } from '../packs/sealed-reader.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import { readRecords } from '../segments/read-records.ts'
import { type Row, textAt } from '../sqlite/columns.ts'
import type { Life } from './life.ts'

export interface HoldRow extends Hold {
  /** Seq of its `hold.set`; undefined until it is on record. */
  readonly setSeq: number | undefined
  readonly release: { readonly by: string; readonly reason: string } | undefined
}

/** Asks for a hold. It is in force once whoever writes the log has it on record. */
export function requestHold(database: DatabaseSync, hold: Omit<Hold, 'id'>): string {
  const id = randomUUID()
  database
    .prepare('INSERT INTO audit_hold (id, predicate, reason, by) VALUES (?, ?, ?, ?)')
    .run(id, stringifyJson({ ...hold.predicate }), hold.reason, hold.by)
  return id
}

/** False where there is no such hold. */
export function requestRelease(database: DatabaseSync, id: string, release: { by: string; reason: string }): boolean {
  const done = database
    .prepare('UPDATE audit_hold SET released_by = ?, release_reason = ? WHERE id = ? AND released_by IS NULL')
    .run(release.by, release.reason, id)
  return done.changes !== 0
}

export function listHolds(database: DatabaseSync): HoldRow[] {
  return database.prepare('SELECT * FROM audit_hold ORDER BY set_seq').all().map(toHold)
}

/** Puts on record what was asked for: new holds with the blocks that they match now, then releases. Returns how many. */
export async function recordHolds(life: Life): Promise<number> {
  const rows = listHolds(life.database)
  let count = 0
  for (const hold of rows) {
    if (hold.setSeq === undefined) {
      const blocks = await matchingBlocks(life, hold.predicate)
      const seq = await life.append('hold.set', { hold: { ...holdJson(life, hold), blocks } })
      life.database.prepare('UPDATE audit_hold SET set_seq = ? WHERE id = ?').run(seq, hold.id)
      count++
    }
    if (hold.release === undefined) continue
    await life.append('hold.released', { hold: { id: hold.id, by: hold.release.by, reason: hold.release.reason } })
    // The person that it named is named nowhere any more.
    life.database.prepare('DELETE FROM audit_hold WHERE id = ?').run(hold.id)
    count++
  }
  return count
}

/** Those of these blocks (by first seq) in which some record is under a hold, and the newest hold record considered. */
export function heldBlocks(life: Life, firstSeqs: readonly number[]): { held: Set<number>; checked: number } {
  const active = listHolds(life.database)
  const held = new Set<number>()
  const checked = active.reduce((newest, { setSeq = -1 }) => Math.max(newest, setSeq), -1)
  if (active.length === 0) return { held, checked }
  using reader = new SealedReader({ folder: life.folder, origin: life.origin, keys: life.keys })
  for (const firstSeq of firstSeqs)
    for (const record of reader.oldestFirst(firstSeq, firstSeq + BLOCK_RECORDS, () => true)) {
      if (!active.some(({ predicate }) => covers(predicate, record))) continue
      held.add(firstSeq)
      break
    }
  return { held, checked }
}

async function matchingBlocks(life: Life, predicate: HoldPredicate): Promise<SeqRange[]> {
  const blocks = new Set<number>()
  for await (const record of readRecords({ folder: life.dataFolder, keys: life.keys }))
    if (covers(predicate, record)) blocks.add(Math.floor(record.seq / BLOCK_RECORDS))
  return rangesOf(blocks).map(([first, last]) => [first * BLOCK_RECORDS, (last + 1) * BLOCK_RECORDS - 1])
}

/** Whether a hold covers a record as it is read now. */
export function covers(predicate: HoldPredicate, record: Parameters<typeof recorded>[0]): boolean {
  const { envelope } = recorded(record)
  return holds(predicate, record.entry, record.parts.envelope?.opens === true ? envelope : undefined)
}

/** As the record says it: who is meant stands there as a token that only we can test, for that record stays for long. */
function holdJson(life: Life, { by, id, predicate, reason }: HoldRow): JsonObject {
  const { connection, from, principal, session, to } = predicate
  return {
    by,
    connection,
    from: from === undefined ? undefined : isoMicros(from),
    id,
    principal_token: principal === undefined ? undefined : token(life.database, principal),
    reason,
    session,
    to: to === undefined ? undefined : isoMicros(to),
  }
}

/** HMAC token (audit.md, 12.4) under a key of control.db: equal persons have equal tokens, and nobody else can test a guess. */
function token(database: DatabaseSync, principal: string): string {
  const key = database.prepare("SELECT value FROM setting WHERE name = 'hold token key'").get()?.['value']
  const secret = key instanceof Uint8Array ? key : newTokenKey(database)
  const hmac = createHmac('sha256', secret).update(`sallyport/token/v1\0principal\0${principal.toLowerCase()}`)
  return toBase64(hmac.digest().subarray(0, TOKEN_BYTES))
}

const TOKEN_BYTES = 16
const TOKEN_KEY_BYTES = 32

function newTokenKey(database: DatabaseSync): Uint8Array {
  const key = randomBytes(TOKEN_KEY_BYTES)
  database.prepare("INSERT INTO setting (name, value) VALUES ('hold token key', ?)").run(key)
  return key
}

function toHold(row: Row): HoldRow {
  const seq = row['set_seq']
  const by = row['released_by']
  return {
    id: textAt(row, 'id'),
    predicate: readPredicate(textAt(row, 'predicate')),
    reason: textAt(row, 'reason'),
    by: textAt(row, 'by'),
    setSeq: typeof seq === 'number' ? seq : undefined,
    release: typeof by === 'string' ? { by, reason: textAt(row, 'release_reason') } : undefined,
  }
}

function readPredicate(text: string): HoldPredicate {
  const value = parseJson(text)
  if (!isObject(value)) return {}
  const { connection, from, principal, session, to } = value
  return {
    connection: typeof connection === 'string' ? connection : undefined,
    from: typeof from === 'number' ? from : undefined,
    principal: typeof principal === 'string' ? principal : undefined,
    session: typeof session === 'string' && isSessionId(session) ? session : undefined,
    to: typeof to === 'number' ? to : undefined,
  }
}
