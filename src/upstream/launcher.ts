import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { Unmasked } from '../masking/masked.ts'
import type { BufferBudget } from '../transport/buffer-budget.ts'
import type { Reaper } from '../transport/reaper.ts'
import { Restart } from '../transport/restart.ts'
import { type Command, type ProcessListener, StdioProcess } from '../transport/stdio.ts'
import type { Injection } from './injection.ts'
import type { ProcessSlots } from './process-slots.ts'
import type { CallTimes } from './stdio-call.ts'

export interface StdioLimits extends CallTimes {
  readonly messageBytesMax: number
  readonly processIdleMs: number
  readonly processStopMs: number
  readonly stderrLineBytes: number
  readonly stderrLinesPerSecond: number
}

/** Something an operator wants to see in the log. `pid` is undefined where nothing could be started. */
export interface ProcessNews {
  readonly kind: 'started' | 'ended'
  readonly pid: number | undefined
  /** Why it ended: a sentence of ours. */
  readonly why?: string
}

export interface StdioOptions {
  /** Name of the connection. */
  readonly connection: string
  readonly command: Command
  readonly limits: StdioLimits
  readonly onStderr: (connection: string, line: Unmasked<string>) => void
  readonly onProcess?: (connection: string, news: ProcessNews) => void
}

/** What the connections of one gateway share. */
export interface StdioShared {
  readonly budget: BufferBudget
  readonly reaper: Reaper
  readonly slots: ProcessSlots
}

export type LineListener = Pick<ProcessListener, 'line' | 'ended'>

/** Starts the processes of one connection, and knows those that run. */
export class Launcher {
  readonly options: StdioOptions
  readonly shared: StdioShared
  readonly #injection: Injection
  readonly #restart = new Restart()
  readonly #running = new Set<StdioProcess>()
  #isClosed = false

  constructor(options: StdioOptions, shared: StdioShared, injection: Injection) {
    this.options = options
    this.shared = shared
    this.#injection = injection
  }

  /**
   * Starts a process. Throws `upstream_busy` when too many run, and `upstream_unreachable` while the command is given time
   * to recover from ending too early.
   */
  launch(listener: LineListener): StdioProcess {
    this.#refuseTooEarly()
    const { connection, command, limits, onStderr, onProcess } = this.options
    const free = this.shared.slots.take()
    try {
      const process = new StdioProcess(
        { ...command, env: { ...command.env, ...this.#injection.env() } },
        {
          lineBytesMax: limits.messageBytesMax,
          stopMs: limits.processStopMs,
          stderr: { lineBytesMax: limits.stderrLineBytes, linesPerSecond: limits.stderrLinesPerSecond },
          budget: this.shared.budget,
          reaper: this.shared.reaper,
        },
        {
          line: (line) => listener.line(line),
          stderr: (line) => onStderr(connection, new Unmasked(line)),
          ended: (failure) => {
            free()
            onProcess?.(connection, { kind: 'ended', pid: process.pid, why: failure.message })
            listener.ended(failure)
          },
        },
      )
      this.#keep(process)
      onProcess?.(connection, { kind: 'started', pid: process.pid })
      return process
    } catch (error) {
      free()
      throw error
    }
  }

  /** A process answered as it should. */
  worked(): void {
    this.#restart.worked()
  }

  /** A process ended before it was of any use. */
  endedEarly(process: StdioProcess): void {
    this.#restart.ended(clock.monoMicros(), process.aliveMs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(Array.from(this.#running, (process) => process.stop()))
  }

  #refuseTooEarly(): void {
    if (this.#isClosed) throw new GatewayError('upstream_unreachable', 'The gateway is stopping.')
    const waitMs = this.#restart.waitMs(clock.monoMicros())
    if (waitMs > 0)
      throw new GatewayError(
        'upstream_unreachable',
        `The MCP server ended as soon as it was started. It will be tried again in ${Math.ceil(waitMs / 1000)} s.`,
      )
  }

  #keep(process: StdioProcess): void {
    this.#running.add(process)
    void process.over.then(() => this.#running.delete(process))
  }
}
