import type { StoredRecord } from '../audit/stored.ts'
import { printJson, printLine } from './print.ts'
import { readRecorded } from './read.ts'

export interface TailOptions {
  readonly json?: boolean | undefined
  /** Only the newest so many of what is there when it begins; all without. */
  readonly last?: number | undefined
  readonly sink: (line: string) => void
}

/** Prints record after record, as long as `records` goes on. `past` is what is there now, and is read to its end first. */
export async function printTail(
  source: { readonly past: AsyncIterable<StoredRecord>; readonly records: AsyncIterable<StoredRecord> },
  options: TailOptions,
): Promise<void> {
  const from = options.last === undefined ? 0 : Math.max(0, (await count(source.past)) - options.last)
  for await (const record of readRecorded(source.records)) {
    if (record.stored.seq < from) continue
    options.sink(options.json === true ? printJson(record) : printLine(record))
  }
}

async function count(records: AsyncIterable<StoredRecord>): Promise<number> {
  let size = 0
  for await (const { seq } of records) size = seq + 1
  return size
}
