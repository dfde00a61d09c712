import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { encodeUtf8 } from '../base/bytes.ts'
import type { LineFormat, LineOptions } from '../recording/export/formats.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { BEGINNING, type Cursor, readCursor, writeCursor } from './export-cursor.ts'
import type { ExportSink } from './export-sink.ts'
import { UsageError } from './usage.ts'
import { cannotWrite } from './write-result.ts'

/**
 * One growing file. The cursor says how long the file was when it was written: after a crash the file is cut to that length,
 * and goes on with the record that the cursor names, so nothing is missing and nothing stands there twice.
 */
export class FileSink implements ExportSink {
  readonly start: Cursor
  readonly #fd: number
  readonly #cursorPath: string
  readonly #format: LineFormat
  readonly #options: LineOptions
  #at: number

  constructor(path: string, cursorPath: string, format: LineFormat, options: LineOptions) {
    const cursor = readCursor(cursorPath)
    const existed = existsSync(path)
    this.#fd = openFile(path)
    const { size } = fstatSync(this.#fd)
    this.start = cursor ?? BEGINNING
    this.#at = this.start.bytes ?? 0
    this.#cursorPath = cursorPath
    this.#format = format
    this.#options = options
    if (cursor === undefined && existed && size > 0)
      throw new UsageError(`${path} is there already, and ${cursorPath} is not: nobody can say what it holds.`)
    if (size < this.#at) throw new UsageError(`${path} is shorter than ${cursorPath} says: something removed its end.`)
    ftruncateSync(this.#fd, this.#at)
    if (this.#at === 0 && format.head !== undefined) this.#append(`${format.head}\n`)
  }

  write(record: RecordedRecord): Promise<void> {
    this.#append(`${this.#format.line(record, this.#options)}\n`)
    return Promise.resolve()
  }

  commit(next: Pick<Cursor, 'origin' | 'next'>): Promise<void> {
    fsyncSync(this.#fd)
    writeCursor(this.#cursorPath, { ...next, bytes: this.#at })
    return Promise.resolve()
  }

  close(): Promise<void> {
    closeSync(this.#fd)
    return Promise.resolve()
  }

  #append(text: string): void {
    const bytes = encodeUtf8(text)
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#at + done)
    this.#at += bytes.length
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, existsSync(path) ? 'r+' : 'wx+', 0o600)
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}
