import { existsSync, readFileSync } from 'node:fs'
import { isObject, parseJson, stringifyJson } from '../base/json.ts'
import { numberAt, textAt } from '../recording/read.ts'
import { UsageError } from './usage.ts'
import { writeWhole } from './write-result.ts'

/** How far an export has come. It is replaced whole, so that it is there as it was before or as it is after. */
export interface Cursor {
  /** Name of the log; undefined before its first record. */
  readonly origin: string | undefined
  /** Seq of the first record that is not exported. */
  readonly next: number
  /** Length of the file that holds what is exported, where it is one file. */
  readonly bytes?: number | undefined
  /** The file that was being finished, where each batch is a file. */
  readonly file?: string | undefined
}

export const BEGINNING: Cursor = { origin: undefined, next: 0 }

export function readCursor(path: string): Cursor | undefined {
  if (!existsSync(path)) return undefined
  const value = parsed(path)
  const next = value && numberAt(value, 'next')
  if (value === undefined || next === undefined || value['v'] !== 1)
    throw new UsageError(`${path} is no cursor of an export. Name another file, or remove it to begin anew.`)
  return { origin: textAt(value, 'origin'), next, bytes: numberAt(value, 'bytes'), file: textAt(value, 'file') }
}

export function writeCursor(path: string, { bytes, file, next, origin }: Cursor): void {
  writeWhole(path, [`${stringifyJson({ v: 1, origin, next, bytes, file })}\n`])
}

/** A cursor of another log would leave out records without a word. */
export function checkOrigin(cursor: Cursor, origin: string, path: string): void {
  if (cursor.origin === undefined || cursor.origin === origin) return
  throw new UsageError(
    `${path} belongs to another log, ${cursor.origin}; this one is ${origin}. Name another cursor file.`,
  )
}

function parsed(path: string) {
  try {
    const value = parseJson(readFileSync(path))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
