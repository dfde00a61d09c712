import type { RecordedRecord } from '../recording/read.ts'
import type { Cursor } from './export-cursor.ts'

/** Where exported records go. Its owner writes, then commits: what is not committed is exported again after a crash. */
export interface ExportSink {
  /** Where to go on. */
  readonly start: Cursor
  write(record: RecordedRecord): Promise<void>
  /** Everything written so far is there for good, and `next` is where to go on. */
  commit(next: Pick<Cursor, 'origin' | 'next'>): Promise<void>
  close(): Promise<void>
}
