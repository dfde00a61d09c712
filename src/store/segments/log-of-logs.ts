import type { Origin } from '../../audit/origin.ts'
import type { Published } from './heads.ts'
import type { Io } from './io.ts'
import { Writer, type WriterOptions } from './writer.ts'
import type { WriterEvents } from './writer-messages.ts'

/** Some hundred heads. */
const SEGMENT_BYTES_MAX = 1024 * 1024

/**
 * The log that commits the heads of streams, by the same writer as any other (audit.md, 7.5). Only this one leaves the node:
 * its heads are signed for witnesses, and it announces the keys of all streams.
 */
export class LogOfLogs {
  readonly #writer: Writer
  readonly #origin: Origin
  #handedIn = 0
  #joined = ''

  private constructor(writer: Writer, origin: Origin) {
    this.#writer = writer
    this.#origin = origin
  }

  /** `of`: the stream whose heads are handed in. */
  static async open(io: Io, options: WriterOptions, of: { origin: Origin; events: WriterEvents }): Promise<LogOfLogs> {
    const segmentBytes = Math.min(options.segmentBytes, SEGMENT_BYTES_MAX)
    // Nobody waits for its records, and its files are on the disk that the stream tells of.
    const events = { ...of.events, onDurable: () => undefined, onRoom: () => undefined }
    const writer = await Writer.open(io, { ...options, segmentBytes }, events)
    return new LogOfLogs(writer, of.origin)
  }

  /** Says that the stream begins, and with which keys. */
  async join(keys: readonly string[]): Promise<void> {
    this.#joined = keys.join()
    await this.#writer.say([this.#writer.own.joined(this.#origin, keys)])
    await this.#writer.publish()
  }

  /**
   * With each heartbeat of the stream: keys that were made since, its own and the stream's, are announced before anything is
   * signed with them alone. Whoever trusts this log only would take the stream's next heads for forged.
   */
  async beat(keys: readonly string[]): Promise<void> {
    await this.#writer.takeOverKeys()
    if (keys.join() !== this.#joined) await this.join(keys)
  }

  /** Takes in the newest head of the stream, if it grew since the last one. */
  async handIn(head: Published | undefined): Promise<void> {
    if (head === undefined || head.size <= this.#handedIn) return
    await this.#writer.say([this.#writer.own.checkpoint(this.#origin, head)])
    this.#handedIn = head.size
    await this.#writer.publish()
  }

  async close(): Promise<void> {
    await this.#writer.close()
  }
}
