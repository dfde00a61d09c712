// @ts-check
// Runs programs of the toolchain. Everything here works on Node 20, because it runs before Node 24 is installed.
import { spawn } from 'node:child_process'

/** @typedef {{ code: number, output: string, seconds: number, timedOut: boolean }} Ended */
/** @typedef {{ cwd: string, env?: NodeJS.ProcessEnv, limitMs?: number }} RunOptions */

/** A program that ignores SIGTERM gets this long before SIGKILL. */
const GRACE_MS = 3000
/** Output kept for the report of a failure; a program that prints more loses its beginning. */
const OUTPUT_MAX_CHARS = 1_000_000

/**
 * Runs a program to its end and keeps what it printed. It gets a process group of its own, so that a time limit or an
 * interrupt ends its children too. Never rejects: a program that cannot be started ends with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Ended>}
 */
export function run(command, args, options) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let timedOut = false
    /** @param {string} text */
    const keep = (text) => {
      output = (output + text).slice(-OUTPUT_MAX_CHARS)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)

    const limit = setTimeout(
      () => {
        timedOut = true
        keep(`\nStopped after ${Math.round((options.limitMs ?? 0) / 1000)} s.\n`)
        endGroup(child.pid)
      },
      options.limitMs ?? 2 ** 31 - 1,
    )
    const release = onInterrupt(() => endGroup(child.pid))

    /** @param {number} code */
    const end = (code) => {
      clearTimeout(limit)
      release()
      resolve({ code, output, timedOut, seconds: (performance.now() - started) / 1000 })
    }
    child.on('error', (error) => {
      keep(`${error.message}\n`)
      end(127)
    })
    child.on('close', (code) => end(timedOut ? 124 : (code ?? 1)))
  })
}

/**
 * Turns into the program where the platform can (one process less, signals go straight to it); else runs it as a child
 * with our terminal, passes signals on and ends as it ends.
 * @param {string} node absolute path
 * @param {readonly string[]} args
 */
export function become(node, args) {
  if (typeof process.execve === 'function') process.execve(node, [node, ...args], definedEnv())
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A Ctrl-C at a terminal reaches the child by itself; a second SIGINT would read as "now, at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  child.on('error', (error) => {
    console.error(`Cannot start ${node}: ${error.message}`)
    process.exitCode = 3
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** @returns {Record<string, string>} */
function definedEnv() {
  /** @type {Record<string, string>} */
  const env = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value
  return env
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return
  killGroup(pid, 'SIGTERM')
  setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS).unref()
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended already, which is what was wanted.
  }
}

/**
 * Calls `clean` and ends this process when a person or a supervisor stops it. Returns what takes the listeners away.
 * @param {() => void} clean
 * @returns {() => void}
 */
function onInterrupt(clean) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  const stop = () => {
    clean()
    setTimeout(() => process.exit(130), 200)
  }
  for (const signal of signals) process.once(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}
