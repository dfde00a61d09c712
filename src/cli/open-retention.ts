import { dirname } from 'node:path'
import { assert } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { printBytesRounded } from './print-room.ts'
import { CLASS } from '../audit/entry.ts'
import { classJson, type RetentionClass, STANDARD_TERMS } from '../audit/retention-class.ts'
import type { Config, ConnectionConfig } from '../config/config.ts'
import { classNameOf } from '../config/read-retention.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import { lifeEntry, type LifeMaker } from '../store/life/life-entry.ts'
import { LifeThread } from '../store/life/life-thread.ts'
import type { SegmentLog } from '../store/segments/segment-log.ts'
import { findStream } from '../store/segments/stream.ts'
import { ClassRows } from '../store/sqlite/class-rows.ts'
import type { ControlDatabase } from '../store/sqlite/control.ts'
import type { OperatorLog } from './operator-log.ts'
import { recordIds } from './record-ids.ts'

/** What makes records of the log about its own life. */
export function lifeMaker(): LifeMaker {
  return { now: { micros: () => clock.nowMicros(), mono: () => clock.monoMicros() }, ids: { record: recordIds() } }
}

/** What the configuration says of classes is on record before anything is recorded under it (audit.md, 4.9). */
export async function openClasses(
  control: ControlDatabase,
  { audit: { classes } }: Pick<Config, 'audit'>,
  log: SegmentLog,
): Promise<readonly RetentionClass[]> {
  const rows = new ClassRows(control.database)
  const maker = lifeMaker()
  for (const changed of rows.changes(classes)) {
    await log.append(lifeEntry('log.class', { class: classJson(changed) }, maker))
    rows.put(changed)
  }
  return rows.all()
}

/** The class of a connection's records. */
export function classOfConnection(
  classes: readonly RetentionClass[],
  config: Pick<Config, 'audit'>,
  connection: Pick<ConnectionConfig, 'name' | 'labels'>,
): Pick<RetentionClass, 'n' | 'terms'> {
  const name = classNameOf(config.audit.classes, connection)
  return classes.find((one) => one.name === name) ?? { n: CLASS.standard, terms: STANDARD_TERMS }
}

/** Starts sealing, retention and what else happens to records once they are written. */
export function openLife(
  config: Config,
  parts: { audit: SegmentLog; master: MasterKey; classes: readonly RetentionClass[]; log: OperatorLog },
): LifeThread {
  const stream = findStream(config.dataFolder)
  assert(stream !== undefined, 'the log was opened before')
  const { audit, classes, log, master } = parts
  const data = {
    dataFolder: config.dataFolder,
    folder: dirname(stream.folder),
    origin: stream.origin,
    master,
    classes,
    capBytes: config.audit.capBytes,
    segmentBytes: config.audit.segmentBytes,
  }
  return new LifeThread(data, audit, lifeMaker(), {
    onRoom: ({ alarm, freeBytes, fullInMs }) => {
      if (alarm === undefined) return
      const left = fullInMs === undefined ? undefined : `${Math.round(fullInMs / 3_600_000)} h`
      log.warn('room for the audit log is running out', { left, free: printBytesRounded(freeBytes) })
    },
    onTrouble: (why) => {
      if (why === undefined) log.info('sealing and retention go on', {})
      else log.error('sealing and retention do not go on', { why })
    },
  })
}
