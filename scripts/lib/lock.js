// @ts-check
// Two people, or a person and an editor, may run `npm start` and `npm test` in one checkout at the same moment.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often a waiting run looks whether the other one is done. */
const LOOK_MS = 200
/** An installation over a slow line takes minutes; one that takes this long is stuck. */
const WAIT_MAX_MS = 20 * 60_000

/**
 * Runs `work` while no other process holds the lock. A lock whose holder is gone is taken over.
 * @template T
 * @param {string} path
 * @param {{ say: (line: string) => void, work: () => Promise<T> }} options
 * @returns {Promise<T>}
 */
export async function withLock(path, { say, work }) {
  await take(path, say)
  const drop = () => rmSync(path, { force: true })
  process.once('exit', drop)
  try {
    return await work()
  } finally {
    process.off('exit', drop)
    drop()
  }
}

/**
 * @param {string} path
 * @param {(line: string) => void} say
 */
async function take(path, say) {
  const own = `${path}.${process.pid}`
  const waitUntil = performance.now() + WAIT_MAX_MS
  let told = false
  writeFileSync(own, String(process.pid))
  try {
    while (!tryLink(own, path)) {
      const holder = holderOf(path)
      if (holder !== undefined && !isAlive(holder)) takeAway(path, holder)
      else if (!told) {
        say(`Another run (process ${holder ?? '?'}) is preparing this checkout; waiting for it …`)
        told = true
      } else if (performance.now() > waitUntil) {
        throw new Error(`Process ${holder ?? '?'} has held ${path} for too long. End it, or delete the file.`)
      }
      await sleep(LOOK_MS)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/**
 * A link appears with its content or not at all, so nobody reads a lock without a process id in it.
 * @param {string} own
 * @param {string} path
 */
function tryLink(own, path) {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @param {string} path */
function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * Two waiting runs may both find the lock abandoned: the slower one would move away the faster one's new lock, so it
 * looks at what it moved and puts a living one back.
 * @param {string} path
 * @param {number} gone
 */
function takeAway(path, gone) {
  const aside = `${path}.gone.${process.pid}`
  try {
    renameSync(path, aside)
    if (holderOf(aside) !== gone) linkSync(aside, path)
  } catch {
    // Somebody else was faster; the next look will tell.
  }
  rmSync(aside, { force: true })
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
