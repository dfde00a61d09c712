import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import type { BudgetShare, BufferBudget } from './buffer-budget.ts'
import { asLine, LineSplitter } from './lines.ts'
import { endGroup, signalGroup } from './process-group.ts'
import type { Reaper } from './reaper.ts'
import { Stderr, type StderrOptions } from './stderr.ts'

/** What to run. No shell is involved: an argument is an argument, whatever is in it. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** Added to what every process needs (`PATH`, `HOME` and the like); nothing else of the gateway's is inherited. */
  readonly env: Readonly<Record<string, string>>
}

export interface ProcessOptions {
  readonly lineBytesMax: number
  /** After each of: closed input, TERM; then KILL. */
  readonly stopMs: number
  readonly stderr: StderrOptions
  readonly budget: BufferBudget
  readonly reaper: Reaper
}

/** Who hears of a process. None of these may throw. */
export interface ProcessListener {
  line(line: Uint8Array): void
  stderr(line: string): void
  /** Called once, after the last line. `failure`: why it ended, unless somebody asked for it. */
  ended(failure: GatewayError): void
}

const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TMPDIR']
// A grandchild may hold the output open; what the process itself wrote is in the pipe when it ends.
const LAST_LINES_MS = 300

/** A process that speaks one JSON message per line (protocol.md, 10). It leads a process group, which ends with it. */
export class StdioProcess implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #options: ProcessOptions
  readonly #listener: ProcessListener
  readonly #splitter: LineSplitter
  readonly #share: BudgetShare
  readonly #startedAt = clock.monoMicros()
  readonly #over = Promise.withResolvers<void>()
  #drained: Promise<void> | undefined
  #isPaused = false
  #noRoom = false
  #stopping: Promise<void> | undefined
  #failure: GatewayError | undefined
  #isOver = false

  /** Starts it. A command that cannot run ends at once, as `ended` tells. Throws `upstream_unreachable`. */
  constructor(command: Command, options: ProcessOptions, listener: ProcessListener) {
    this.#options = options
    this.#listener = listener
    this.#splitter = new LineSplitter(options)
    this.#share = options.budget.open(() => this.#roomAgain())
    options.reaper.ready()
    this.#child = spawn(command.command, command.args, {
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      env: { ...inherited(), ...command.env },
      detached: true,
      stdio: 'pipe',
    })
    if (this.#child.pid !== undefined) options.reaper.add(this.#child.pid)
    this.#listen(new Stderr(options.stderr, (line) => listener.stderr(line)))
  }

  get aliveMs(): number {
    return (clock.monoMicros() - this.#startedAt) / 1000
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Resolves when the process is gone, and its children. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  /** Resolves when the process has room for more. Throws `upstream_unreachable`. */
  async write(message: Uint8Array): Promise<void> {
    while (this.#drained !== undefined) await this.#drained
    const { stdin } = this.#child
    if (this.#isOver || !stdin.writable) throw this.#failure ?? gone('has ended')
    if (stdin.write(asLine(message))) return
    this.#drained = drainOrClose(stdin)
    await this.#drained
    this.#drained = undefined
  }

  /** Whoever gets the lines is behind: the process has to wait. */
  pause(): void {
    this.#isPaused = true
    this.#child.stdout.pause()
  }

  resume(): void {
    this.#isPaused = false
    if (!this.#noRoom) this.#child.stdout.resume()
  }

  /** Ends it politely, then less so. Resolves when it is gone, its children too. Safe to repeat. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #listen(stderr: Stderr): void {
    const child = this.#child
    child.stdin.on('error', () => undefined)
    child.stdout.on('error', () => undefined)
    child.stderr.on('error', () => undefined)
    child.stdout.on('data', (chunk: Uint8Array) => this.#read(chunk))
    child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk))
    child.on('error', (error) => this.#end(gone(`could not be started (${codeOf(error)})`), stderr))
    child.on('exit', (code, signal) => {
      const how = signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`
      const finish = () => this.#end(gone(how), stderr)
      // Its last words are in the pipe and small; nobody is asked to wait for them.
      child.stdout.resume()
      child.once('close', finish)
      setTimeout(finish, LAST_LINES_MS).unref()
    })
  }

  #read(chunk: Uint8Array): void {
    if (this.#isOver) return
    const hasRoom = this.#share.take(chunk.length)
    try {
      for (const line of this.#splitter.push(chunk)) this.#listener.line(line)
      this.#share.give(this.#splitter.isWithinLine ? 0 : Number.MAX_SAFE_INTEGER)
    } catch (error) {
      // Where the next message begins cannot be known any more, nor whose this one was.
      this.#failure ??= error instanceof GatewayError ? error : gone('could not be understood')
      if (this.#child.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL')
      this.#child.stdout.destroy()
      return
    }
    this.#noRoom = !hasRoom && this.#splitter.isWithinLine
    if (this.#noRoom) this.#child.stdout.pause()
  }

  #roomAgain(): void {
    this.#noRoom = false
    if (!this.#isPaused) this.#child.stdout.resume()
  }

  async #stop(): Promise<void> {
    const { stopMs } = this.#options
    const { pid } = this.#child
    this.#child.stdin.end()
    this.#child.stdout.resume()
    if (pid !== undefined && !(await this.#isOverWithin(stopMs))) {
      signalGroup(pid, 'SIGTERM')
      if (!(await this.#isOverWithin(stopMs))) signalGroup(pid, 'SIGKILL')
    }
    await this.#over.promise
  }

  async #isOverWithin(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), ms)
    const isOver = await Promise.race([this.#over.promise.then(() => true), promise])
    clearTimeout(timer)
    return isOver
  }

  #end(failure: GatewayError, stderr: Stderr): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#share.close()
    stderr.end()
    this.#child.stdin.destroy()
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
    this.#failure ??= failure
    this.#listener.ended(this.#failure)
    void this.#endGroup().then(this.#over.resolve)
  }

  /** Children of a process outlive it unless somebody ends them: npx starts node, a shell starts a server. */
  async #endGroup(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) return
    await endGroup(pid, this.#options.stopMs)
    this.#options.reaper.remove(pid)
  }
}

function inherited(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of INHERITED) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

function drainOrClose(stream: NodeJS.WritableStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => {
    stream.off('drain', done)
    stream.off('close', done)
    resolve()
  }
  stream.on('drain', done)
  stream.on('close', done)
  return promise
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code) ? error.code : 'UNKNOWN'
}

function gone(how: string): GatewayError {
  return new GatewayError('upstream_unreachable', `The process of the MCP server ${how}.`)
}
