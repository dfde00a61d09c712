import { join } from 'node:path'
import { segmentName } from './header.ts'
import type { Io } from './io.ts'

/** Two spares and one emergency segment, made ahead (audit.md, 5.4). */
const SPARES = 3
/** With only this many left, and no way to make another, new calls are refused: it is for the outcomes of those in flight. */
const EMERGENCY = 1

export interface SparesOptions {
  readonly io: Io
  readonly folder: string
  readonly bytes: number
  /** How long to wait before trying again to make one. */
  readonly retryMs: number
  /** Called when room runs out, with the reason, and when it is back, with nothing. */
  readonly onRoom: (trouble: unknown) => void
}

/** Zeroed segments that wait to be used. Makes them between the commits, and keeps trying while it cannot. */
export class Spares {
  readonly #options: SparesOptions
  /** Numbers of whole spares, lowest first. */
  readonly #ready: number[]
  #next: number
  #trouble: unknown = undefined
  #making: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #refused = false
  #closed = false

  /** `ready`: what lies there already. `next`: number of the first that is not there. */
  constructor(options: SparesOptions, ready: readonly number[], next: number) {
    this.#options = options
    this.#ready = [...ready]
    this.#next = next
  }

  get count(): number {
    return this.#ready.length
  }

  /** Takes the lowest. Waits where there is none, and throws what stands in the way of making one. */
  async take(): Promise<{ number: number; path: string }> {
    if (this.#ready.length === 0) {
      this.#trouble = undefined
      this.refill()
      await this.#making
    }
    const number = this.#ready.shift()
    if (number === undefined) throw this.#trouble ?? new Error('no segment could be made')
    this.refill()
    this.#tell()
    return { number, path: join(this.#options.folder, segmentName(number)) }
  }

  /** Begins to make what is missing, unless that is going on. */
  refill(): void {
    if (this.#closed || this.#making !== undefined || this.#trouble !== undefined) return
    if (this.#ready.length < SPARES) this.#making = this.#make()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
  }

  async #make(): Promise<void> {
    const { io, folder, bytes, retryMs } = this.#options
    const number = this.#next
    try {
      await io.makeZeros(join(folder, segmentName(number)), bytes)
      this.#next++
      this.#ready.push(number)
    } catch (failure) {
      this.#trouble = failure
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => {
        this.#trouble = undefined
        this.refill()
      }, retryMs)
    }
    this.#making = undefined
    this.#tell()
    this.refill()
  }

  #tell(): void {
    if (this.#trouble !== undefined && this.#ready.length <= EMERGENCY && !this.#refused) {
      this.#refused = true
      this.#options.onRoom(this.#trouble)
    } else if (this.#ready.length > EMERGENCY && this.#refused) {
      this.#refused = false
      this.#options.onRoom(undefined)
    }
  }
}
