import { clock } from '../../base/clock.ts'
import type { Published } from './heads.ts'
import type { LogOfLogs } from './log-of-logs.ts'
import type { NextHead } from './head-signing.ts'
import type { Writer } from './writer.ts'
import type { Rhythm } from './writer-messages.ts'

export interface HeadRhythmOptions {
  readonly writer: Writer
  readonly all: LogOfLogs
  readonly rhythm: Rhythm
  readonly onHead: (size: number) => void
}

/** When heads are signed and handed in (audit.md, 7.3 and 7.5): at most once a second, with each heartbeat, and at the end. */
export class HeadRhythm {
  readonly #options: HeadRhythmOptions
  #newest: Published | undefined
  #handedInAt = 0
  #isOpen = false

  constructor(options: HeadRhythmOptions) {
    this.#options = options
  }

  get everyMs(): number {
    return this.#options.rhythm.headMs
  }

  /** At a start: what was recovered is signed, and the log of logs learns of the stream. */
  async begin(): Promise<void> {
    const { all, writer } = this.#options
    await all.join(writer.keys)
    this.#note(await writer.publish())
    await this.#handIn()
  }

  /** Returns the head that is due, unless the one before it is not signed yet. Its tiles are written while records go on. */
  async tick(): Promise<NextHead | undefined> {
    const { all, writer } = this.#options
    if (await writer.beat()) await all.beat(writer.keys)
    if (this.#isOpen) return undefined
    const next = writer.nextHead()
    this.#isOpen = next !== undefined
    if (next === undefined) await this.#handInIfDue()
    return next
  }

  /** The head that `tick` returned; `trouble` is what its tiles resolved with. */
  async sign(next: NextHead, trouble: unknown): Promise<void> {
    this.#isOpen = false
    this.#note(this.#options.writer.sign(next, trouble))
    await this.#handInIfDue()
  }

  /** The orderly stop, last of all: the head over `log.close` is handed in too. */
  async end(): Promise<void> {
    await this.#options.writer.close((head) => this.#note(head))
    await this.#handIn()
    await this.#options.all.close()
  }

  #note(head: Published | undefined): void {
    if (head === undefined) return
    this.#newest = head
    this.#options.onHead(head.size)
  }

  async #handInIfDue(): Promise<void> {
    if (clock.monoMicros() - this.#handedInAt >= this.#options.rhythm.handInMs * 1000) await this.#handIn()
  }

  async #handIn(): Promise<void> {
    this.#handedInAt = clock.monoMicros()
    await this.#options.all.handIn(this.#newest)
  }
}
