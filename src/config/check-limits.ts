import type { Mistake } from '../policy/mistake.ts'
import type { Path, YamlDocument } from '../policy/yaml-source.ts'
import { LIMIT_NAMES, LIMIT_TABLE, readLimit, type LimitRow } from './limits.ts'
import { printDuration, printSize } from '../base/units.ts'

/** Limits that are out of the range in which they work and still protect. */
export function checkLimits(document: YamlDocument, given: Readonly<Record<string, unknown>>, path: Path): Mistake[] {
  return LIMIT_NAMES.flatMap((name) => {
    const row: LimitRow = LIMIT_TABLE[name]
    const value = readLimit(row, given[row.key])
    if (value === undefined || (value >= row.least && value <= row.most)) return []
    const range = `${printLimit(row, row.least)} to ${printLimit(row, row.most)}`
    return [document.at([...path, row.key], `this must be from ${range}`, row.why)]
  })
}

/** A value of a limit, as one would write it in the file. */
export function printLimit(row: LimitRow, value: number): string {
  switch (row.kind) {
    case 'count':
      return String(value)
    case 'size':
      return printSize(value)
    case 'duration':
      return printDuration(value)
  }
}
