import { randomBytes } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clock } from '../base/clock.ts'
import { toHex } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import { osUser } from './os-user.ts'
import { printError } from './out.ts'
import { type Owner, writeWhole } from './write-result.ts'

/** Looks that wait to be recorded lie there, in the data folder. The gateway makes it: a copy of a log alone has none. */
export const LOOKS = 'looks'
/** A gateway takes looks: it is there. */
export const TAKEN = '.taken'

export interface Look {
  readonly kind: 'replay.viewed' | 'export' | 'view'
  readonly view: Readonly<Record<string, string | number | undefined>>
}

/** Longer than a gateway needs, which looks once a second. */
const WAIT_MS = 4000
const POLL_MS = 50

/**
 * Each look at a log is a record of it (audit.md, 3.3). The log has one writer, so a command hands the look to the gateway, and
 * shows nothing before it is taken. Where none runs, the look stays on file for the next one; where that is not possible either,
 * it is said.
 */
export async function recordLook(folder: string, { kind, view }: Look): Promise<void> {
  const looks = join(folder, LOOKS)
  if (!existsSync(looks)) {
    printError(`This look is not recorded: ${folder} is not the data folder of a gateway.`)
    return
  }
  const { name, uid } = osUser()
  const look: JsonObject = { v: 1, kind, at: clock.nowMicros(), view: { ...view, os_user: name, os_uid: uid } }
  const path = join(looks, `look-${toHex(randomBytes(16))}.json`)
  try {
    writeWhole(path, [stringifyJson(look)], 0o600, ownerFor(looks))
  } catch {
    printError(`This look is not recorded: ${looks} cannot be written.`)
    return
  }
  if (existsSync(join(looks, TAKEN)) && (await isTaken(path))) return
  printError(`This look is on file, and is recorded when a gateway next starts on ${folder}.`)
}

/** Root may look at everybody's logs; a gateway of another user could not read what root wrote, and the look would be lost. */
function ownerFor(looks: string): Owner | undefined {
  return process.getuid?.() === 0 ? statSync(looks) : undefined
}

async function isTaken(path: string): Promise<boolean> {
  for (let leftMs = WAIT_MS; leftMs > 0; leftMs -= POLL_MS) {
    if (!existsSync(path)) return true
    await sleep(POLL_MS)
  }
  return false
}
