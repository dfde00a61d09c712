import { DAY_MS } from '../base/units.ts'
import { openDeletions } from '../store/life/deletion.ts'
import { listHolds } from '../store/life/holds.ts'
import { dueNow } from '../store/life/retention.ts'
import { type Room, roomOf } from '../store/life/room.ts'
import { dayName } from '../store/packs/payload.ts'
import { ClassRows } from '../store/sqlite/class-rows.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { lifeConfig } from './life-config.ts'
import { readingLife } from './life-work.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { printBytesRounded } from './print-room.ts'
import { readArgs } from './usage.ts'

/** `sallyport audit retention`: what the classes promise, what is due, what is held, and for how long there is room. Changes nothing. */
export async function retention(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({
    args: [...args],
    options: {
      config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
      json: { type: 'boolean', default: false },
    },
  })
  const config = await lifeConfig(values.config)
  if (config === undefined) return EXIT.refused
  using control = ControlDatabase.open(config.dataFolder)
  const classes = new ClassRows(control.database).all()
  const life = readingLife(config, control, classes)
  const due = dueNow(life).map(({ day, free, held, retentionClass }) => ({
    class: retentionClass,
    day: dayName(day),
    blocks: free.length,
    held: held.length,
  }))
  const room = roomOf(life, config.audit.capBytes)
  const open = openDeletions(life)
  const holds = listHolds(control.database).length
  if (values.json) printLine(JSON.stringify({ classes, due, room, holds, open_deletions: open }))
  else {
    for (const { n, name, terms, version } of classes) {
      const { bytes = 0, bytesPerDay = 0 } = room.classes.find(({ retentionClass }) => retentionClass === n) ?? {}
      const kept = `content ${terms.payloadDays} d, entries ${terms.entryDays} d`
      const size = `${printBytesRounded(bytes)}, ${printBytesRounded(bytesPerDay)} a day`
      printLine(`class ${n} ${name} (version ${version}): ${kept}; ${size}; when full: ${terms.onFull}`)
    }
    for (const one of due)
      printLine(`due: class ${one.class}, ${one.day}: ${one.blocks} blocks of 256 records${heldWords(one.held)}`)
    if (due.length === 0) printLine('Nothing is due.')
    printLine(`Holds: ${holds}. Deletions that are not finished: ${open}.`)
    printLine(forecast(room))
  }
  return EXIT.fine
}

function heldWords(held: number): string {
  return held === 0 ? '' : `, and ${held} that are under a hold and stay`
}

function forecast({ freeBytes, fullInMs }: Room): string {
  const free = `Room left: ${printBytesRounded(freeBytes)}`
  return fullInMs === undefined
    ? `${free}; nothing has grown in the last days.`
    : `${free}, at the present growth for ${(fullInMs / DAY_MS).toFixed(1)} days.`
}
