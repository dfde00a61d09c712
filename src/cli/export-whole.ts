import { closeSync, createWriteStream, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import type { LineFormat, LineOptions } from '../recording/export/formats.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { cannotWrite, syncFolder } from './write-result.ts'

export interface WholeExport {
  readonly format: LineFormat
  readonly options: LineOptions
  /** Undefined: standard output. */
  readonly output: string | undefined
}

/** All selected records at once. A file is there whole or not at all; its name says whether it is compressed. */
export async function writeLines(
  records: AsyncIterable<RecordedRecord>,
  { format, options, output }: WholeExport,
): Promise<number> {
  const counter = { count: 0 }
  const lines = linesOf(records, { format, options, counter })
  if (output === undefined) {
    for await (const line of lines) await written(line)
    return counter.count
  }
  const beside = `${output}.part`
  try {
    const file = createWriteStream(beside, { mode: 0o600, flush: true })
    await (output.endsWith('.zst')
      ? pipeline(Readable.from(lines), createZstdCompress(), file)
      : pipeline(Readable.from(lines), file))
    finish(beside, output)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cannotWrite(output, cause)
  }
  return counter.count
}

async function* linesOf(
  records: AsyncIterable<RecordedRecord>,
  { counter, format, options }: Omit<WholeExport, 'output'> & { readonly counter: { count: number } },
): AsyncGenerator<string, void, undefined> {
  if (format.head !== undefined) yield `${format.head}\n`
  for await (const record of records) {
    counter.count += 1
    yield `${format.line(record, options)}\n`
  }
}

/** Waits where the reader is slower than the log. */
function written(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(line, (error) => (error == null ? resolve() : reject(error)))
  })
}

function finish(beside: string, output: string): void {
  const fd = openSync(beside, 'r+')
  fsyncSync(fd)
  closeSync(fd)
  renameSync(beside, output)
  syncFolder(dirname(output))
}
