import { mkdirSync } from 'node:fs'
import { clock } from '../../base/clock.ts'
import type { EntryKind } from '../../audit/entry.ts'
import type { AuditLog, Entry, Receipt } from '../../audit/log.ts'
import { Masked } from '../../masking/masked.ts'
import { BatchWriter, type NewRecord } from './batch.ts'
import { NO_BODIES, recordFrameBytesMost, SEALED_MORE_BYTES } from './commit.ts'
import { END_FRAME_BYTES, FOOTER_FRAME_BYTES } from './frame.ts'
import { HEADER_BYTES } from './header.ts'
import { Health, type State } from './health.ts'
import { HeldAppends } from './held.ts'
import { WriterKeeper } from './keeper.ts'
import { lockFolder } from './lock.ts'
import { LIMITS, SEGMENT_BYTES, type SegmentLogLimits, type SegmentLogOptions } from './options.ts'
import { Pending } from './pending.ts'
import { nameStream, openLogOfLogs, openStream, type OwnStream } from './stream.ts'
import { unavailable } from './trouble.ts'
import type { WriterReport } from './writer-messages.ts'

/** Some hundred records of common size. */
const BATCH_BYTES_MAX = 1024 * 1024

const NO_KEYS = { write: undefined, read: [] } as const

export interface LogStats {
  readonly commits: number
  readonly records: number
  readonly bytes: number
  readonly syncMicros: number
  readonly syncMicrosMost: number
  /** Handed over and not durable yet. */
  readonly queueBytes: number
  /** Records that the newest published head covers. */
  readonly signedSize: number
}

/** Opens the log of a data folder, and recovers it if it was not closed. Throws GatewayError `log_unavailable` with a sentence for people. */
export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unavailable(`The data folder ${options.folder} cannot be made. Check that this user may write there.`, cause)
  }
  const lock = lockFolder(options.folder)
  try {
    return await SegmentLog.open(options, lock)
  } catch (failure) {
    lock[Symbol.dispose]()
    throw failure
  }
}

interface Streams {
  readonly own: OwnStream
  readonly all: OwnStream
}

/** The audit log on disk. The main thread encodes and waits; everything else is the writer thread's. */
export class SegmentLog implements AuditLog, AsyncDisposable {
  readonly #limits: SegmentLogLimits
  readonly #lock: Disposable
  readonly #keeper: WriterKeeper
  readonly #health = new Health()
  readonly #pending = new Pending()
  readonly #held = new HeldAppends()
  readonly #watch: NodeJS.Timeout
  readonly #recordBytesMax: number
  readonly #stats = { commits: 0, records: 0, bytes: 0, syncMicros: 0, syncMicrosMost: 0, signedSize: 0 }
  #batch = new BatchWriter()
  #scheduled = false
  /** When the first record of this turn came: all of it wait since then. */
  #turn = 0
  /** Records in the batch, and records that the writer has and that are not durable yet. */
  #gathered = 0
  #handedOver = 0
  #epoch: Uint8Array

  private constructor(options: SegmentLogOptions, lock: Disposable, streams: Streams) {
    const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    this.#limits = { ...LIMITS, ...options.limits }
    this.#lock = lock
    this.#epoch = options.policyEpoch
    this.#recordBytesMax = segmentBytes - HEADER_BYTES - SEALED_MORE_BYTES - FOOTER_FRAME_BYTES - END_FRAME_BYTES
    const { handInMs, headMs, heartbeatMs, retryMs, sealAfterMs } = this.#limits
    const both = { segmentBytes, policyEpoch: this.#epoch, spareRetryMs: retryMs, heartbeatMs, sealAfterMs }
    const data = {
      options: { ...streams.own, ...both, keys: options.keys ?? NO_KEYS },
      // Heads and public keys are for outsiders.
      logOfLogs: { ...streams.all, ...both, keys: NO_KEYS },
      rhythm: { headMs, handInMs },
      faults: options.faults,
    }
    this.#keeper = new WriterKeeper(
      { data, retryMs },
      {
        onDurable: (report) => this.#onDurable(report),
        onRoom: (trouble) =>
          this.#health.set({
            noRoom:
              trouble && `No room for the audit log (${trouble.message}). Make room; calls go on by themselves then.`,
          }),
        onHeads: (report) => this.#onHeads(report, options.onHeads),
        onDown: ({ state, why }) => this.#onDown({ kind: state, why }),
        onUp: () => this.#health.set({ down: undefined, noRoom: undefined }),
        onFatal: options.onFatal,
      },
    )
    const watchMs = Math.max(1, Math.min(this.#limits.pressedWaitMs, this.#limits.syncDeadlineMs) / 4)
    this.#watch = setInterval(() => this.#onWatch(), watchMs).unref()
  }

  /** @internal Called by `openSegmentLog` alone. */
  static async open(options: SegmentLogOptions, lock: Disposable): Promise<SegmentLog> {
    const own = openStream(options.folder)
    const all = openLogOfLogs(options.folder, own.origin)
    const log = new SegmentLog(options, lock, { own, all })
    try {
      await log.#keeper.start()
      nameStream(options.folder, all.origin)
      nameStream(options.folder, own.origin)
      return log
    } catch (failure) {
      clearInterval(log.#watch)
      await log.#keeper.close()
      throw failure
    }
  }

  get state(): State {
    return this.#health.state
  }
  get stats(): LogStats {
    return { ...this.#stats, queueBytes: this.#pending.bytes }
  }

  /** Tells of each change of `state`. Returns how to stop it. */
  onState(listener: (state: State) => void): () => void {
    return this.#health.onState(listener)
  }

  /** What is in force from the next record on; 16 bytes. */
  setEpoch(policyEpoch: Uint8Array): void {
    this.#epoch = policyEpoch
    this.#keeper.setEpoch(policyEpoch)
  }

  append<Kind extends EntryKind>(entry: Entry<Kind>): Promise<Receipt<Kind>> {
    const refusal = this.#health.refusal(entry.kind)
    if (refusal !== undefined) return Promise.reject(unavailable(refusal))
    return this.#health.pressed ? this.#hold(entry) : this.#enqueue(entry)
  }

  /** Refuses new calls while what is kept may not grow; what was begun is finished. */
  setCapped(why: string | undefined): void {
    this.#health.set({ capped: why })
  }

  /** Goes on in a new segment, so that everything before can be sealed. */
  roll(): void {
    this.#handOver()
    this.#keeper.roll()
  }

  /** The orderly stop: what was appended becomes durable, `log.close` is written, and the folder is free for another process. */
  async close(): Promise<void> {
    if (this.#health.state.kind === 'closed') return
    const why = 'The audit log is closed: the gateway is shutting down.'
    this.#handOver()
    this.#health.set({ closed: why })
    this.#held.rejectOlder(Infinity, () => unavailable(why))
    // A sync that never returns must not keep the process from ending.
    const timeout = setTimeout(() => void this.#keeper.terminate(), this.#limits.syncDeadlineMs)
    await this.#keeper.close()
    clearTimeout(timeout)
    clearInterval(this.#watch)
    this.#pending.rejectAll(unavailable(why))
    this.#lock[Symbol.dispose]()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #enqueue<Kind extends EntryKind>(entry: Entry<Kind>): Promise<Receipt<Kind>> {
    const record = this.#recordOf(entry)
    const { envelope, hashOnly, request, response } = record
    const bodies = hashOnly === true ? NO_BODIES : { request, response }
    if (recordFrameBytesMost(3 * envelope.length, bodies) > this.#recordBytesMax)
      return Promise.reject(unavailable('The record is larger than a segment of the audit log.'))
    const bytes = this.#batch.add(record)
    this.#gathered += 1
    if (this.#batch.used >= BATCH_BYTES_MAX) this.#handOver()
    if (!this.#scheduled) {
      this.#scheduled = true
      this.#turn = clock.monoMicros()
      setImmediate(() => this.#flush())
    }
    const receipt = this.#pending.add(entry.kind, bytes, this.#turn)
    if (this.#pending.bytes > this.#limits.queueBytesMax) this.#health.set({ pressed: true })
    return receipt
  }

  #recordOf(entry: Entry): NewRecord {
    return {
      kind: entry.kind,
      time: entry.time,
      session: entry.session,
      policyEpoch: this.#epoch,
      envelope: Masked.read(entry.envelope),
      request: entry.request && Masked.read(entry.request),
      response: entry.response && Masked.read(entry.response),
      partial: entry.partial,
      hashOnly: entry.hashOnly,
      retentionClass: entry.retentionClass,
      clientReceipt: entry.clientReceipt,
    }
  }

  /** Waits for room in the queue, for a while. */
  #hold<Kind extends EntryKind>(entry: Entry<Kind>): Promise<Receipt<Kind>> {
    return new Promise((resolve, reject) => {
      const go = (): void => resolve(this.append(entry))
      this.#held.add({ since: clock.monoMicros(), go, reject }, () => this.#tooSlow())
    })
  }

  #flush(): void {
    this.#scheduled = false
    this.#handOverIfWorthIt()
  }

  /**
   * One turn's records change threads in one piece. While the disk is busy with others they are gathered, until they are as
   * many as those: then the next commit lies ready when the disk is, and no commit gets smaller by it. Changing threads costs
   * as much as making some records. Long ones go at once: growing for the next would copy them.
   */
  #handOverIfWorthIt(): void {
    if (this.#gathered >= this.#handedOver || this.#batch.used >= BATCH_BYTES_MAX) this.#handOver()
  }

  #handOver(): void {
    if (this.#batch.used === 0) return
    const { used } = this.#batch
    this.#handedOver += this.#gathered
    this.#gathered = 0
    this.#keeper.append(this.#batch.take())
    // Load changes slowly: half as much again saves most of the copying that growing costs.
    this.#batch = new BatchWriter(Math.min(Math.ceil(used * 1.5), BATCH_BYTES_MAX))
  }

  #onDurable({ bytes, firstSeq, receipts, records, syncMicros }: Extract<WriterReport, { kind: 'durable' }>): void {
    const stats = this.#stats
    stats.commits++
    stats.records += records
    stats.bytes += bytes
    stats.syncMicros += syncMicros
    stats.syncMicrosMost = Math.max(stats.syncMicrosMost, syncMicros)
    this.#pending.settle(firstSeq, records, receipts && new Map(receipts))
    this.#handedOver = Math.max(0, this.#handedOver - records)
    this.#handOverIfWorthIt()
    if (this.#health.state.kind === 'ready') return
    const half = this.#limits.queueBytesMax / 2
    this.#health.set({ stalled: undefined, pressed: this.#health.pressed && this.#pending.bytes > half })
    this.#held.release(() => !this.#health.pressed)
  }

  /** Calls go on without a head: what is missing then is that outsiders can check the newest records. */
  #onHeads(
    report: Extract<WriterReport, { kind: 'head' | 'heads' }>,
    tell: ((trouble: string | undefined) => void) | undefined,
  ): void {
    if (report.kind === 'head') this.#stats.signedSize = report.size
    else tell?.(report.trouble && `No signed head of the audit log can be published (${report.trouble.message}).`)
  }

  /** The writer is gone. Whoever waits gets no receipt; what they sent may be found after recovery, closed as unknown. */
  #onDown(down: State): void {
    const why = down.why ?? 'The audit log cannot be written.'
    this.#batch = new BatchWriter()
    this.#handedOver = 0
    this.#gathered = 0
    this.#health.set({ down, stalled: undefined, pressed: false })
    this.#pending.rejectAll(unavailable(why))
    this.#held.rejectOlder(Infinity, () => unavailable(why))
  }

  #onWatch(): void {
    const now = clock.monoMicros()
    const { pressedWaitMs, syncDeadlineMs } = this.#limits
    this.#held.rejectOlder(now - pressedWaitMs * 1000, () => this.#tooSlow())
    const why = 'The disk of the audit log does not answer. Calls go on by themselves when it does.'
    if (this.#pending.rejectOlder(now - syncDeadlineMs * 1000, unavailable(why))) this.#health.set({ stalled: why })
  }

  #tooSlow(): Error {
    return unavailable('The disk of the audit log is slower than the calls that come in. Try again in a moment.')
  }
}
