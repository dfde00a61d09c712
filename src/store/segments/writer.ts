import { randomFillSync } from 'node:crypto'
import { assert } from '../../base/assert.ts'
import { clock } from '../../base/clock.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Origin } from '../../audit/origin.ts'
import { CompactRange } from '../../audit/tree.ts'
import { type Batch, type BatchRecord, BatchWriter, type NewRecord, readBatch } from './batch.ts'
import { CommitBuilder } from './commit.ts'
import { LogDamage } from './damage.ts'
import { SEGMENT_SALT_BYTES } from './header.ts'
import { type Inventory, takeInventory } from './inventory.ts'
import type { Io } from './io.ts'
import { OwnRecords } from './own-records.ts'
import { type Recovered, recover } from './recover.ts'
import { Running } from './running.ts'
import { RunningSegment } from './running-segment.ts'
import { Spares } from './spares.ts'

export interface WriterOptions {
  readonly folder: string
  readonly origin: Origin
  readonly verifierKey: string
  readonly segmentBytes: number
  readonly policyEpoch: Uint8Array
  /** The log has been opened before, so that an empty folder is a loss and not a beginning. */
  readonly opened: boolean
  readonly spareRetryMs: number
}

export interface WriterEvents {
  /** Records of the main thread, from this seq on, are durable. */
  readonly onDurable: (firstSeq: number, records: number, cost: { bytes: number; syncMicros: number }) => void
  readonly onRoom: (trouble: unknown) => void
}

/** A commit under load is cut here, so that no one waits for a very long write. */
const COMMIT_BYTES_MAX = 4 * 1024 * 1024

/** What one open intent takes in such a list, at most: seq, session and leaf. */
const OPEN_INTENT_BYTES = 128

/** The one writer of a stream. Any error it throws ends it: what the file holds then is for recovery to find out (audit.md, 6.4). */
export class Writer {
  readonly #io: Io
  readonly #options: WriterOptions
  readonly #events: WriterEvents
  readonly #own: OwnRecords
  readonly #tree: CompactRange
  readonly #running: Running
  readonly #spares: Spares
  readonly #builder: CommitBuilder
  #segment: RunningSegment | undefined
  /** Records there were when this segment had its first one. */
  #rolledAt = 0

  private constructor(io: Io, options: WriterOptions, events: WriterEvents, found: Found) {
    const last = found.recovered?.segment.header.number ?? -1
    const numbers = [...found.inventory.spares, ...found.inventory.segments.map(({ header }) => header.number), last]
    this.#io = io
    this.#options = options
    this.#events = events
    this.#own = new OwnRecords(options.policyEpoch)
    this.#tree = found.recovered?.tree ?? new CompactRange()
    this.#running = found.recovered?.running ?? new Running()
    this.#builder = new CommitBuilder(this.#tree, this.#running)
    this.#spares = new Spares(
      { io, folder: options.folder, bytes: options.segmentBytes, retryMs: options.spareRetryMs, onRoom: events.onRoom },
      found.inventory.spares.filter((number) => number > last),
      Math.max(...numbers) + 1,
    )
  }

  /** Recovers what is there, or begins a new log. When it resolves, everything that was ever acknowledged is durable again. */
  static async open(io: Io, options: WriterOptions, events: WriterEvents): Promise<Writer> {
    const inventory = takeInventory(io, options.folder, options)
    const recovered = recover(io, inventory)
    if (recovered === undefined && options.opened)
      throw new LogDamage('log_lost', 'the log was opened before, but its records are gone', { file: options.folder })
    const writer = new Writer(io, options, events, { inventory, recovered })
    for (const path of inventory.unfinished) io.remove(path)
    for (const { path } of recovered?.aborted ?? inventory.segments) io.remove(path)
    await (recovered === undefined ? writer.#begin() : writer.#resume(recovered))
    writer.#spares.refill()
    return writer
  }

  /** Seq of the next record. */
  get nextSeq(): number {
    return this.#tree.size
  }

  /** Puts the records into commits. Those in full commits are durable when it resolves, the others after `commit`. */
  async append(batch: Batch): Promise<void> {
    for (const record of readBatch(batch)) {
      if (!this.#builder.add(record)) {
        this.commit()
        if (!this.#builder.add(record)) await this.#addToNext(record)
      }
      if (this.#builder.used > COMMIT_BYTES_MAX) this.commit()
    }
  }

  /** Writes and syncs what was put together, then says so. */
  commit(): void {
    const written = this.#write()
    if (written !== undefined) this.#events.onDurable(written.firstSeq, written.records, written)
  }

  /** Goes on in the next segment, if this one holds anything but its beginning. */
  async roll(): Promise<void> {
    this.commit()
    if (this.#tree.size > this.#rolledAt) await this.#roll()
  }

  /** The orderly stop. */
  async close(): Promise<void> {
    this.commit()
    await this.#appendOwn([this.#own.closed(this.#tree.size)])
    this.#spares.close()
    this.#segment?.close()
  }

  #write(): { firstSeq: number; records: number; bytes: number; syncMicros: number } | undefined {
    if (this.#builder.records === 0) return undefined
    const segment = this.#current()
    const { bytes, firstSeq, records } = this.#builder.finish()
    const syncMicros = segment.commit(bytes)
    this.#builder.begin(segment)
    return { firstSeq, records, bytes: bytes.length, syncMicros }
  }

  async #addToNext(record: BatchRecord): Promise<void> {
    await this.#roll()
    assert(this.#builder.add(record), 'a record that was accepted fits into an empty segment')
  }

  /** Ends the segment and goes on in the next, which begins by saying what is open. */
  async #roll(): Promise<void> {
    const ended = this.#current()
    const spare = await this.#spares.take()
    ended.end(this.#tree.size)
    this.#startSegment(spare, { previous: ended.number, voidFrom: ended.position })
    await this.#appendOwn([this.#own.heartbeat(spare.number, this.#openList())])
    this.#rolledAt = this.#tree.size
  }

  async #begin(): Promise<void> {
    const { origin, verifierKey } = this.#options
    this.#startSegment(await this.#spares.take(), { previous: undefined, voidFrom: undefined })
    await this.#appendOwn([this.#own.opened(origin, verifierKey), this.#own.standardClass()])
  }

  /** Steps 7 and 11 of recovery. Steps 8 to 10 compare with signed heads and come between the two. */
  async #resume({ segment, last, leaves }: Recovered): Promise<void> {
    const { number } = segment.header
    this.#startSegment(await this.#spares.take(), { previous: number, voidFrom: last.at })
    for (const [i, { body, seq }] of last.records.entries()) {
      const leaf = leaves[i]
      assert(leaf !== undefined, 'each record has a leaf')
      this.#builder.copy(seq, body, leaf)
    }
    this.#write()
    const { open } = this.#running
    const from = { segment: number, offset: last.at, seq: last.firstSeq, records: last.lastSeq + 1 }
    await this.#appendOwn([
      this.#own.resumed(from, this.#openList()),
      ...open.map((intent) => this.#own.unknownOutcome(intent)),
    ])
  }

  #startSegment(
    spare: { number: number; path: string },
    after: { previous: number | undefined; voidFrom: number | undefined },
  ): void {
    const { origin, segmentBytes } = this.#options
    const header = {
      number: spare.number,
      firstSeq: this.#tree.size,
      salt: randomFillSync(new Uint8Array(SEGMENT_SALT_BYTES)),
      created: clock.nowMicros(),
      ...after,
      origin,
      range: this.#tree.hashes,
    }
    this.#segment = RunningSegment.begin(this.#io, spare.path, { header, bytes: segmentBytes })
    this.#builder.begin(this.#segment)
  }

  /** Records of the log itself; nobody waits for their receipts. */
  async #appendOwn(records: readonly NewRecord[]): Promise<void> {
    const batch = new BatchWriter()
    for (const record of records) batch.add(record)
    for (const record of readBatch(batch.take())) {
      if (this.#builder.add(record)) continue
      this.#write()
      if (!this.#builder.add(record)) await this.#addToNext(record)
    }
    this.#write()
  }

  /** Left out where it would not leave room for anything else; a restart then reads further back. */
  #openList(): JsonValue | undefined {
    const { open } = this.#running
    return open.length * OPEN_INTENT_BYTES > this.#options.segmentBytes / 4 ? undefined : this.#running.toJson()
  }

  #current(): RunningSegment {
    assert(this.#segment !== undefined, 'a writer has a segment')
    return this.#segment
  }
}

interface Found {
  readonly inventory: Inventory
  readonly recovered: Recovered | undefined
}
