import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assert, GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { SECOND_MS } from '../base/units.ts'
import type { RetentionClass } from '../audit/retention-class.ts'
import type { Config } from '../config/config.ts'
import { lifeHooks } from '../store/life/hooks.ts'
import { LifeJob } from '../store/life/job.ts'
import type { Life } from '../store/life/life.ts'
import { lifeEntry } from '../store/life/life-entry.ts'
import { KeyRing } from '../store/packs/keys.ts'
import { lockFolder } from '../store/segments/lock.ts'
import type { SegmentLog } from '../store/segments/segment-log.ts'
import { findStream } from '../store/segments/stream.ts'
import type { ControlDatabase } from '../store/sqlite/control.ts'
import { masterKeyOf } from './master-key.ts'
import { openLog } from './open-log.ts'
import { lifeMaker, openClasses } from './open-retention.ts'
import { operatorLog } from './operator-log.ts'
import { printError } from './out.ts'

/** How long a command waits for the gateway to take over what it asked for. */
const PATIENCE_MS = 120 * SECOND_MS
const LOOK_MS = 200

/**
 * Lets what was asked for happen: the gateway does it if one runs on the folder, else this process opens the log, does it and
 * closes the log again. True once `done` says so.
 */
export async function letHappen(config: Config, control: ControlDatabase, done: () => boolean): Promise<boolean> {
  if (isFree(config.dataFolder)) {
    if (!isOurs(config.dataFolder)) {
      printError('No gateway runs, and the log belongs to another user: it happens when that user starts the gateway.')
      return false
    }
    await workAlone(config, control)
  }
  const until = clock.nowMs() + PATIENCE_MS
  while (!done() && clock.nowMs() < until) await sleep(LOOK_MS)
  return done()
}

/** What root would write into the log of another user, the gateway could not write to any more, and would not start. */
function isOurs(dataFolder: string): boolean {
  const uid = process.getuid?.()
  return uid === undefined || statSync(join(dataFolder, 'audit')).uid === uid
}

function isFree(dataFolder: string): boolean {
  try {
    lockFolder(dataFolder)[Symbol.dispose]()
    return true
  } catch (failure) {
    if (failure instanceof GatewayError) return false
    throw failure
  }
}

async function workAlone(config: Config, control: ControlDatabase): Promise<void> {
  const log = operatorLog({ quiet: true })
  await using audit = await openLog(config, { log, master: masterKeyOf(config.masterKey) }, () => undefined)
  const classes = await openClasses(control, config, audit)
  const job = new LifeJob({
    life: { ...readingLife(config, control, classes), ...writingTo(audit) },
    capBytes: config.audit.capBytes,
    roomBytes: 0,
    onRoom: () => undefined,
  })
  await job.turn()
}

function writingTo(audit: SegmentLog): Pick<Life, 'append' | 'roll'> {
  const maker = lifeMaker()
  return {
    append: async (kind, members) => (await audit.append(lifeEntry(kind, members, maker))).index,
    roll: () => audit.roll(),
  }
}

/** For looking: it cannot write. */
export function readingLife(config: Config, control: ControlDatabase, classes: readonly RetentionClass[]): Life {
  const stream = findStream(config.dataFolder)
  assert(stream !== undefined, 'whoever asks has looked for a log')
  return {
    dataFolder: config.dataFolder,
    folder: dirname(stream.folder),
    origin: stream.origin,
    database: control.database,
    keys: new KeyRing(control.database, masterKeyOf(config.masterKey)),
    classes,
    append: () => Promise.reject(new TypeError('this only looks')),
    roll: () => undefined,
    now: () => clock.nowMicros(),
    hooks: lifeHooks(config.dataFolder),
  }
}
