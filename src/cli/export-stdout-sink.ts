import type { LineFormat, LineOptions } from '../recording/export/formats.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { BEGINNING, type Cursor, readCursor, writeCursor } from './export-cursor.ts'
import type { ExportSink } from './export-sink.ts'

/** Standard output: at least once, since nobody says what the reader at the other end has kept. */
export class StdoutSink implements ExportSink {
  readonly start: Cursor
  readonly #cursorPath: string
  readonly #format: LineFormat
  readonly #options: LineOptions

  constructor(cursorPath: string, format: LineFormat, options: LineOptions) {
    this.#cursorPath = cursorPath
    this.#format = format
    this.#options = options
    const cursor = readCursor(cursorPath)
    this.start = cursor ?? BEGINNING
    if (cursor === undefined && format.head !== undefined) process.stdout.write(`${format.head}\n`)
  }

  write(record: RecordedRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const line = `${this.#format.line(record, this.#options)}\n`
      process.stdout.write(line, (error) => (error == null ? resolve() : reject(error)))
    })
  }

  commit(next: Pick<Cursor, 'origin' | 'next'>): Promise<void> {
    writeCursor(this.#cursorPath, next)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
