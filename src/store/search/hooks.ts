import { existsSync } from 'node:fs'
import { indexFolder, type Range } from './catalog.ts'
import { IndexWriter } from './index-writer.ts'

/** What the index has to do when content leaves the log. Idempotent, so that it can be done again after a crash. */
export function indexHooks(dataFolder: string): {
  /** Content of these records is gone. */
  erased(records: { readonly ranges: readonly Range[] }): void
  /** Content of a class is gone in these ranges. */
  expired(gone: { readonly class: number; readonly ranges: readonly Range[] }): void
} {
  const change = (work: (writer: IndexWriter) => void): void => {
    // Without an index there is nothing to forget, and none has to be made for that.
    if (!existsSync(indexFolder(dataFolder))) return
    using writer = new IndexWriter(dataFolder)
    work(writer)
  }
  return {
    erased: ({ ranges }) => change((writer) => writer.erase(ranges)),
    expired: ({ class: retentionClass, ranges }) => change((writer) => writer.expire(retentionClass, ranges)),
  }
}
