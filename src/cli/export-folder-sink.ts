import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { encodeUtf8 } from '../base/bytes.ts'
import type { LineFormat, LineOptions } from '../recording/export/formats.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { BEGINNING, type Cursor, readCursor, writeCursor } from './export-cursor.ts'
import type { ExportSink } from './export-sink.ts'
import { cannotWrite, syncFolder, writeAll } from './write-result.ts'

/** Where the cursor lies. A name that begins with a dot is not taken for an export. */
const CURSOR = '.cursor.json'
const PART = '.part'

/**
 * A folder with a file for each batch, for whoever collects and removes them. A file is there whole or not at all, and each
 * record is in exactly one: the cursor, durable before the rename, names the file that is about to appear. After a crash
 * either its unfinished name is there, and is renamed now, or it is not, and the rename was done.
 */
export class FolderSink implements ExportSink {
  readonly start: Cursor
  readonly #folder: string
  readonly #format: LineFormat
  readonly #options: LineOptions
  #open: { readonly fd: number; readonly path: string; readonly first: number } | undefined

  constructor(folder: string, format: LineFormat, options: LineOptions) {
    this.#folder = folder
    this.#format = format
    this.#options = options
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw cannotWrite(folder, cause)
    }
    this.start = readCursor(join(folder, CURSOR)) ?? BEGINNING
    this.#finishWhatWasBegun()
  }

  write(record: RecordedRecord): Promise<void> {
    this.#open ??= this.#begin(record.stored.seq)
    writeAll(this.#open.fd, encodeUtf8(`${this.#format.line(record, this.#options)}\n`))
    return Promise.resolve()
  }

  commit(next: Pick<Cursor, 'origin' | 'next'>): Promise<void> {
    const open = this.#open
    if (open === undefined) {
      writeCursor(join(this.#folder, CURSOR), next)
      return Promise.resolve()
    }
    fsyncSync(open.fd)
    closeSync(open.fd)
    this.#open = undefined
    const file = `sallyport-${numbered(open.first)}-${numbered(next.next - 1)}.${this.#format.extension}`
    renameSync(open.path, join(this.#folder, `${file}${PART}`))
    syncFolder(this.#folder)
    writeCursor(join(this.#folder, CURSOR), { ...next, file })
    renameSync(join(this.#folder, `${file}${PART}`), join(this.#folder, file))
    syncFolder(this.#folder)
    return Promise.resolve()
  }

  close(): Promise<void> {
    if (this.#open !== undefined) {
      closeSync(this.#open.fd)
      rmSync(this.#open.path, { force: true })
    }
    return Promise.resolve()
  }

  #begin(first: number) {
    const path = join(this.#folder, `.unfinished${PART}`)
    const fd = openSync(path, 'w', 0o600)
    if (this.#format.head !== undefined) writeAll(fd, encodeUtf8(`${this.#format.head}\n`))
    return { fd, path, first }
  }

  #finishWhatWasBegun(): void {
    const { file } = this.start
    if (file !== undefined && existsSync(join(this.#folder, `${file}${PART}`)))
      renameSync(join(this.#folder, `${file}${PART}`), join(this.#folder, file))
    // What the cursor does not name was never exported; its records come again.
    for (const name of readdirSync(this.#folder)) if (name.endsWith(PART)) rmSync(join(this.#folder, name))
    syncFolder(this.#folder)
  }
}

/** So that names sort as records do. */
function numbered(seq: number): string {
  return String(seq).padStart(12, '0')
}
