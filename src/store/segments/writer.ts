import { randomFillSync } from 'node:crypto'
import { dirname, join } from 'node:path'
import { assert } from '../../base/assert.ts'
import { clock } from '../../base/clock.ts'
import type { JsonValue } from '../../base/json.ts'
import { LogTree } from '../../audit/log-tree.ts'
import { writeVerifierKey } from '../../audit/note-key.ts'
import { isLogOfLogs, type Origin } from '../../audit/origin.ts'
import { type Batch, type BatchRecord, BatchWriter, type NewRecord, readBatch } from './batch.ts'
import { CommitBuilder } from './commit.ts'
import { LogDamage } from './damage.ts'
import { HeadSigning, type NextHead } from './head-signing.ts'
import { behind, CHECKPOINTS, Heads, type Published } from './heads.ts'
import { SEGMENT_SALT_BYTES, type SegmentHeader } from './header.ts'
import { issueReceipts } from './issue-receipts.ts'
import { type Inventory, takeInventory } from './inventory.ts'
import type { Io } from './io.ts'
import { keysToSign, type NoteKeys, writtenKeys } from './note-keys.ts'
import { OwnRecords, type Predecessor } from './own-records.ts'
import { findNewest } from './recover.ts'
import { type Recovered, recoverTree } from './recover-tree.ts'
import { Running } from './running.ts'
import { RunningSegment } from './running-segment.ts'
import { finderOf, type SegmentKeys } from './segment-key.ts'
import { SegmentAge } from './segment-age.ts'
import { Spares } from './spares.ts'
import type { Durable, WriterEvents } from './writer-messages.ts'
import { TileFiles } from './tile-files.ts'

export interface WriterOptions {
  /** Of the segments, within the folder of the stream. */
  readonly folder: string
  readonly origin: Origin
  /** Where its keys are. */
  readonly dataFolder: string
  readonly segmentBytes: number
  readonly policyEpoch: Uint8Array
  /** The log has been opened before, so that an empty folder is a loss and not a beginning. */
  readonly opened: boolean
  readonly spareRetryMs: number
  /** Of a new incarnation: which log it follows, and the newest head known of it. */
  readonly predecessor?: Predecessor | undefined
  /** How often the log says that it is alive. */
  readonly heartbeatMs: number
  readonly sealAfterMs: number
  readonly keys: SegmentKeys
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
  readonly #tree: LogTree
  readonly #tiles: TileFiles
  readonly #signing: HeadSigning
  readonly #running: Running
  readonly #spares: Spares
  readonly #builder: CommitBuilder
  readonly #age: SegmentAge
  #segment: RunningSegment | undefined
  #keys: NoteKeys
  #aliveAt = clock.monoMicros()

  private constructor(io: Io, options: WriterOptions, events: WriterEvents, found: Found) {
    const { segments, spares } = found.inventory
    const last = found.recovered?.number ?? -1
    const next = Math.max(...spares, ...segments.map(({ header }) => header.number), last) + 1
    this.#io = io
    this.#options = options
    this.#events = events
    this.#own = new OwnRecords(options.policyEpoch)
    this.#tree = found.recovered?.tree ?? LogTree.empty()
    this.#tiles = found.tiles
    this.#age = new SegmentAge(options.sealAfterMs)
    this.#signing = new HeadSigning({ ...found, onHeads: events.onHeads })
    this.#keys = keysToSign(options)
    this.#running = found.recovered?.running ?? new Running()
    this.#builder = new CommitBuilder(this.#tree, this.#running)
    this.#spares = new Spares(
      { io, folder: options.folder, bytes: options.segmentBytes, retryMs: options.spareRetryMs, onRoom: events.onRoom },
      spares.filter((number) => number > last),
      next,
    )
  }

  /** Recovers what is there, or begins a new log. When it resolves, everything that was ever acknowledged is durable again. */
  static async open(io: Io, options: WriterOptions, events: WriterEvents): Promise<Writer> {
    const inventory = takeInventory(io, options.folder, { ...options, find: finderOf(options.keys) })
    const folder = dirname(options.folder)
    const newest = findNewest(io, inventory)
    const heads = Heads.load({ io, folder, origin: options.origin })
    if (newest === undefined) refuseLoss(options, heads.last)
    const tiles = new TileFiles(io, folder)
    const recovered = newest && (await recoverTree({ io, folder, newest, signed: heads.last, tiles }))
    const writer = new Writer(io, options, events, { inventory, recovered, heads, tiles })
    for (const path of inventory.unfinished) io.remove(path)
    for (const { path } of newest?.aborted ?? inventory.segments) io.remove(path)
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
    if (this.#age.isOver(this.#tree.size)) await this.roll()
    if (this.#tiles.isBehind) await this.#tiles.written()
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
    if (this.#age.hasMore(this.#tree.size)) await this.#roll()
  }

  /** Adds records of the log itself and waits until they are durable. Not while a commit is being put together. */
  async say(records: readonly NewRecord[]): Promise<void> {
    this.commit()
    await this.#appendOwn(records)
  }

  /** Says that it is alive, and takes over a key that was made since; false where that is not due yet. */
  async beat(): Promise<boolean> {
    const now = clock.monoMicros()
    if (now - this.#aliveAt < this.#options.heartbeatMs * 1000) return false
    this.#aliveAt = now
    await this.takeOverKeys()
    const everyMs = this.#options.heartbeatMs
    await this.say([this.#own.alive({ everyMs, records: this.#tree.size, signed: this.#signing.size })])
    return true
  }

  /** A key that was made since signs once it is announced, under the keys before it (audit.md, 7.4). */
  async takeOverKeys(): Promise<void> {
    this.#keys = keysToSign(this.#options)
    for (const key of this.#keys.unannounced) {
      await this.say([this.#own.key(writeVerifierKey(key.signer.key))])
      this.#keys = this.#keys.announced(key, Math.floor(clock.nowMs() / 1000))
    }
  }

  /** Publishes a head of what is durable, unless the newest is that. Undefined where there is none yet. */
  async publish(): Promise<Published | undefined> {
    const next = this.nextHead()
    return next && this.sign(next, await next.tiles)
  }

  /** What is durable and not below the newest head; nothing is signed yet. */
  nextHead(): NextHead | undefined {
    this.commit()
    return this.#signing.next(this.#tree)
  }

  /** `trouble`: what stood in the way of its tiles. */
  sign(head: NextHead, trouble: unknown): Published | undefined {
    return this.#signing.sign(head, { keys: this.#keys, trouble })
  }

  get own(): OwnRecords {
    return this.#own
  }
  get keys(): readonly string[] {
    return writtenKeys(this.#keys.verifierKeys)
  }

  /** The orderly stop. */
  async close(onHead: (head: Published | undefined) => void = () => undefined): Promise<void> {
    await this.say([this.#own.closed(this.#tree.size)])
    onHead(await this.publish())
    this.#spares.close()
    this.#segment?.close()
  }

  #write(): ({ firstSeq: number; records: number } & Durable) | undefined {
    if (this.#builder.records === 0) return undefined
    const segment = this.#current()
    const commit = this.#builder.finish()
    const { bytes, firstSeq, records } = commit
    const syncMicros = segment.commit(bytes)
    const receipts = issueReceipts(commit, this.#options.origin, this.#keys)
    this.#builder.begin(segment)
    this.#tiles.add(this.#tree.takeFull())
    return { firstSeq, records, bytes: bytes.length, syncMicros, receipts }
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
    this.#age.begun(this.#tree.size)
  }

  async #begin(): Promise<void> {
    const { origin, predecessor } = this.#options
    this.#signing.begin(this.#tree, this.#keys)
    this.#startSegment(await this.#spares.take(), { previous: undefined, voidFrom: undefined })
    const opened = this.#own.opened(origin, this.keys, predecessor)
    await this.#appendOwn(isLogOfLogs(origin) ? [opened] : [opened, this.#own.standardClass()])
    for (const key of this.#keys.unannounced) this.#keys = this.#keys.announced(key, 0)
  }

  /** Steps 7 and 11 of recovery. Steps 8 to 10 compared with signed heads before. */
  async #resume({ before, last, number }: Recovered): Promise<void> {
    const spare = await this.#spares.take()
    this.#startSegment(spare, { previous: number, voidFrom: last.at, firstSeq: last.firstSeq, range: before })
    for (const record of last.records) this.#builder.copy(record)
    this.#write()
    const { open } = this.#running
    const from = { segment: number, offset: last.at, seq: last.firstSeq, records: last.lastSeq + 1 }
    await this.#appendOwn([
      this.#own.resumed(from, this.#openList()),
      ...open.map((intent) => this.#own.unknownOutcome(intent)),
    ])
    await this.takeOverKeys()
  }

  #startSegment(
    spare: { number: number; path: string },
    after: Pick<SegmentHeader, 'previous' | 'voidFrom'> & Partial<Pick<SegmentHeader, 'firstSeq' | 'range'>>,
  ): void {
    const { keys, origin, segmentBytes } = this.#options
    const header = {
      number: spare.number,
      firstSeq: this.#tree.size,
      salt: randomFillSync(new Uint8Array(SEGMENT_SALT_BYTES)),
      created: clock.nowMicros(),
      origin,
      range: this.#tree.hashes,
      ...after,
    }
    this.#segment = RunningSegment.begin(this.#io, spare.path, { header, bytes: segmentBytes, under: keys.write })
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
  readonly heads: Heads
  readonly tiles: TileFiles
}

/** Where there is no record, there must never have been one. */
function refuseLoss({ folder, opened }: WriterOptions, signed: { readonly size: number } | undefined): void {
  if (opened) throw new LogDamage('log_lost', 'the log was opened before, but its records are gone', { file: folder })
  if (signed !== undefined && signed.size > 0) throw behind(0, signed.size, join(dirname(folder), CHECKPOINTS))
}
