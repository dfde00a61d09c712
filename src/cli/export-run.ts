import { setTimeout as sleep } from 'node:timers/promises'
import { clock } from '../base/clock.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { recorded, type RecordedRecord } from '../recording/read.ts'
import { checkOrigin, type Cursor } from './export-cursor.ts'
import type { ExportSink } from './export-sink.ts'

export interface ExportRun {
  readonly wanted: (record: RecordedRecord) => boolean
  /** Named where something is wrong with it. */
  readonly cursorPath: string
  /** Records between two commits at most. */
  readonly batch: number
  /** What came is committed after this long, and also when nothing comes for a moment. */
  readonly everyMs: number
}

/**
 * Brings records from a log to a sink, from the sink's cursor on, as long as `records` go on. Records that the filter leaves out
 * move the cursor as well, so that a restart does not look at them again.
 */
export async function runExport(
  records: AsyncIterable<StoredRecord>,
  sink: ExportSink,
  { batch, cursorPath, everyMs, wanted }: ExportRun,
): Promise<number> {
  const source = records[Symbol.asyncIterator]()
  const batched = new Batch(sink, { batch, everyMs })
  let count = 0
  let next = source.next()
  for (;;) {
    await batched.whileWaiting(next)
    const step = await next
    if (step.done === true) break
    next = source.next()
    const record = recorded(step.value)
    const { origin, seq } = record.stored
    checkOrigin(sink.start, origin, cursorPath)
    // The filter sees what went before as well: an outcome goes with the decision about its intent.
    const take = wanted(record)
    if (seq < sink.start.next) continue
    if (take) await sink.write(record)
    if (take) count += 1
    batched.came({ origin, next: seq + 1 })
  }
  await batched.commit()
  return count
}

/** What was written since the last commit. */
class Batch {
  readonly #sink: ExportSink
  readonly #most: Pick<ExportRun, 'batch' | 'everyMs'>
  #place: Pick<Cursor, 'origin' | 'next'> | undefined
  #pending = 0
  #sinceUs = 0

  constructor(sink: ExportSink, most: Pick<ExportRun, 'batch' | 'everyMs'>) {
    this.#sink = sink
    this.#most = most
  }

  came(place: Pick<Cursor, 'origin' | 'next'>): void {
    if (this.#pending === 0) this.#sinceUs = clock.monoMicros()
    this.#place = place
    this.#pending += 1
  }

  /** Commits when there is enough, or when it has waited long enough, whether more comes or not. */
  async whileWaiting(next: Promise<unknown>): Promise<void> {
    if (this.#pending === 0) return
    const leftMs = this.#most.everyMs - (clock.monoMicros() - this.#sinceUs) / 1000
    if (this.#pending >= this.#most.batch || leftMs <= 0 || (await within(next, leftMs)) === 'late') await this.commit()
  }

  async commit(): Promise<void> {
    if (this.#place !== undefined) await this.#sink.commit(this.#place)
    this.#place = undefined
    this.#pending = 0
  }
}

async function within(promise: Promise<unknown>, ms: number): Promise<'came' | 'late'> {
  const stopped = new AbortController()
  try {
    return await Promise.race([
      promise.then(() => 'came' as const),
      sleep(ms, 'late' as const, { signal: stopped.signal }),
    ])
  } finally {
    stopped.abort()
  }
}
