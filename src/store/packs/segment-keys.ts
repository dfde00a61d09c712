import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ID_BYTES } from '../../audit/entry.ts'
import type { Micros } from '../../base/clock.ts'
import type { MasterKey } from '../../credentials/master-key.ts'
import type { SegmentKeys } from '../segments/segment-key.ts'
import { ControlDatabase } from '../sqlite/control.ts'
import { KeyRing } from './keys.ts'
import { dayName, dayOf } from './payload.ts'

/** Keys of running segments lie beside those of packs, as of a class that no record has: so they are re-wrapped with them. */
const CLASS = 0xffff
const NO_SESSION = new Uint8Array(ID_BYTES)

/**
 * The keys that wrap those of running segments: one for each month, taken over at a start. Those of before are needed as long as a
 * segment under them is not sealed, also once no new ones are to be encrypted.
 */
export function segmentKeys(
  dataFolder: string,
  of: { readonly master: MasterKey; readonly encrypt: boolean; readonly now: Micros },
): SegmentKeys {
  if (!of.encrypt && !existsSync(join(dataFolder, 'control.db'))) return { write: undefined, read: [] }
  using control = ControlDatabase.open(dataFolder)
  const ring = new KeyRing(control.database, of.master)
  const month = dayName(dayOf(of.now)).slice(0, 'YYYY-MM'.length)
  const [write] = of.encrypt ? ring.keysFor([{ retentionClass: CLASS, month, session: NO_SESSION }]) : []
  return { write, read: ring.ofClass(CLASS) }
}
