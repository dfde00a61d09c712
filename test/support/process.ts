// Helpers of the tests that need a whole world: real processes, real sockets, real keys. Whatever is started here ends here.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Top of the checkout: where programs are started. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Hundreds of programs are started from the same files: compiled once, they start in half the time. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/node-compiled', import.meta.url))
export const PROGRAM_ENVIRONMENT = { ...process.env, NODE_COMPILE_CACHE: COMPILED, NO_COLOR: '1' }
/** A loaded two-core machine needs this long to start a program that loads a large SDK. */
const READY_MS = 60_000
/** A program that was asked to end and did not is ended by force after this time. */
const STOP_MS = 10_000
/** The last bytes of stderr kept for the message of a failed start. */
const STDERR_CHARS_MAX = 8_000

export interface Program {
  readonly pid: number
  readonly process: ChildProcess
  /** The JSON object of its ready line. */
  readonly ready: Readonly<Record<string, unknown>>
  /** What it wrote to stderr so far, the newest 8,000 characters. */
  stderr(): string
  /** Every line of stdout so far. */
  stdout(): readonly string[]
  /** SIGTERM, then SIGKILL if that does not help. Gives the exit code; null after a signal. */
  stop(): Promise<number | null>
  /** SIGKILL: what a power cut looks like to everybody else. */
  kill(): Promise<void>
}

export interface ProgramOptions {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Text for its stdin, which is then closed. */
  readonly input?: string
  /** Says which line of stdout, read as JSON, means ready. Default: the first that is an object. */
  readonly isReady?: (line: Readonly<Record<string, unknown>>) => boolean
}

/** Starts `node ...args` and waits for its ready line. Throws with its stderr if it ends before. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { child, pid } = await spawnNode(options)
  const lines: string[] = []
  const stderr = tail(child)
  const isReady = options.isReady ?? (() => true)
  const found = Promise.withResolvers<Readonly<Record<string, unknown>>>()
  createInterface({ input: streamOf(child.stdout) }).on('line', (line) => {
    lines.push(line)
    const value = jsonObject(line)
    if (value !== undefined && isReady(value)) found.resolve(value)
  })
  child.once('exit', (code) => {
    found.reject(new Error(`${options.args.join(' ')} ended with ${code} before it was ready\n${stderr()}`))
  })
  const gaveUp = new AbortController()
  const late = sleep(READY_MS, undefined, { signal: gaveUp.signal }).then(
    () => Promise.reject(new Error(`${options.args.join(' ')} was not ready within ${READY_MS} ms\n${stderr()}`)),
    () => new Promise<never>(() => {}),
  )
  try {
    const ready = await Promise.race([found.promise, late])
    return {
      pid,
      process: child,
      ready,
      stderr,
      stdout: () => lines,
      stop: () => stop(child),
      kill: () => kill(child),
    }
  } catch (error) {
    await kill(child)
    throw error
  } finally {
    gaveUp.abort()
  }
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `node ...args` to its end. `timeoutMs` ends it by force. */
export async function runProgram(options: ProgramOptions & { readonly timeoutMs?: number }): Promise<Finished> {
  const { child } = await spawnNode(options)
  const out: string[] = []
  const err: string[] = []
  streamOf(child.stdout)
    .setEncoding('utf8')
    .on('data', (text: string) => out.push(text))
  streamOf(child.stderr)
    .setEncoding('utf8')
    .on('data', (text: string) => err.push(text))
  const timer = setTimeout(() => void child.kill('SIGKILL'), options.timeoutMs ?? READY_MS)
  await once(child, 'close')
  clearTimeout(timer)
  return { code: child.exitCode, stdout: out.join(''), stderr: err.join('') }
}

async function spawnNode(options: ProgramOptions): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, [...options.args], {
    cwd: options.cwd ?? root,
    env: { ...PROGRAM_ENVIRONMENT, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A test process that ends must not leave its programs behind.
  const onExit = () => void child.kill('SIGKILL')
  process.once('exit', onExit)
  child.once('exit', () => process.removeListener('exit', onExit))
  await once(child, 'spawn')
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  if (child.pid === undefined) throw new Error('a spawned process has no id')
  return { child, pid: child.pid }
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => void child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(timer)
  return child.exitCode
}

async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function tail(child: ChildProcess): () => string {
  let text = ''
  streamOf(child.stderr)
    .setEncoding('utf8')
    .on('data', (more: string) => {
      text = (text + more).slice(-STDERR_CHARS_MAX)
    })
  return () => text
}

function streamOf<T>(stream: T | null): T {
  if (stream === null) throw new Error('the process has no such stream')
  return stream
}

function jsonObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
