import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isOrigin, type Origin } from '../../audit/origin.ts'
import { isObject, parseJson, stringifyJson } from '../../base/json.ts'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { DAY_MS } from '../../base/units.ts'
import { syncFolder } from '../segments/io.ts'
import { listIfThere } from '../packs/payload.ts'
import { listHolds } from './holds.ts'
import type { Life } from './life.ts'

/**
 * Logs that the one in use follows are not written to any more, so nothing in them can be accounted for there: they go as a
 * whole, once the longest time that any class promises has passed since anything was written. None goes while there is a hold.
 * Gives all that are gone, these included; to be put on record before `removeLogs`.
 */
export function logsToGo(life: Life): readonly Origin[] {
  const known = goneBefore(life)
  const days = Math.max(...life.classes.map(({ terms }) => terms.payloadDays))
  const isHeld = listHolds(life.database).length > 0
  const due = isHeld ? [] : logsBefore(life).filter((origin) => daysSince(life, newestWrite(life, origin)) >= 1 + days)
  return [...known, ...due.filter((origin) => !known.includes(origin))]
}

/** Once that is on record. Done twice it does nothing; what a crash left is removed by the next run. */
export function removeLogs(life: Life, origins: readonly Origin[]): void {
  if (origins.length === 0) return
  life.database
    .prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)')
    .run(SETTING, encodeUtf8(stringifyJson({ origins })))
  for (const origin of origins) rmSync(folderOf(life, origin), { recursive: true, force: true })
  syncFolder(dirname(life.folder))
}

const SETTING = 'logs that are gone'

function goneBefore({ database }: Life): readonly Origin[] {
  const value = database.prepare('SELECT value FROM setting WHERE name = ?').get(SETTING)?.['value']
  const read = value instanceof Uint8Array ? parseJson(decodeUtf8(value)) : undefined
  const origins = isObject(read) && Array.isArray(read['origins']) ? read['origins'] : []
  return origins.filter((one) => typeof one === 'string').filter(isOrigin)
}

/** Other incarnations of this node (audit.md, 4.3). */
function logsBefore({ folder, origin }: Life): readonly Origin[] {
  const [deployment, node] = origin.split('/')
  return readdirSync(dirname(folder))
    .filter((name) => name !== basename(folder))
    .map((name) => `${deployment}/${node}/${name}`)
    .filter(isOrigin)
}

function folderOf({ folder }: Life, origin: Origin): string {
  return join(dirname(folder), basename(origin))
}

/** Of its heads and its segments. What was restored from a backup is younger than it was, and stays longer. */
function newestWrite(life: Life, origin: Origin): number {
  const folder = folderOf(life, origin)
  const files = [
    join(folder, 'checkpoints'),
    ...listIfThere(join(folder, 'wal')).map((name) => join(folder, 'wal', name)),
  ]
  return Math.max(...files.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))
}

function daysSince(life: Life, ms: number): number {
  return (life.now() / 1000 - ms) / DAY_MS
}
