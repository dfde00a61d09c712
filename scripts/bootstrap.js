// @ts-check
// Makes a fresh clone ready, and does nothing, quickly, where it is ready. Runs on Node 20: the newer Node that the
// product needs comes with the packages.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, isBuilt } from './lib/build.js'
import { install, installedNode } from './lib/install.js'
import { withLock } from './lib/lock.js'

const ROOT = join(import.meta.dirname, '..')

/** @typedef {{ root: string, node: string }} Place the checkout, and the Node to run the product with */

/**
 * Installs and compiles what is missing or old. On trouble it prints what to do and ends the process with exit code 3.
 * @returns {Promise<Place>}
 */
export async function bootstrap() {
  try {
    return await prepare({ compile: true })
  } catch (error) {
    console.error(sentenceOf(error))
    process.exit(3)
  }
}

/**
 * The same for callers with an answer of their own to trouble: rejects with an Error whose message is for people.
 * @param {{ compile: boolean }} options
 * @returns {Promise<Place>}
 */
export async function prepare({ compile }) {
  const isReady = () => !compile || isBuilt(ROOT)
  const ready = installedNode(ROOT)
  if (ready !== undefined && isReady()) return { root: ROOT, node: ready }
  const work = async () => {
    const node = installedNode(ROOT) ?? (await install(ROOT, say))
    if (!isReady()) await build(ROOT, { node, say })
    return { root: ROOT, node }
  }
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  return withLock(join(ROOT, 'dist', '.lock'), { say, work })
}

/** @param {unknown} error */
export function sentenceOf(error) {
  return error instanceof Error ? error.message : String(error)
}

/**
 * On standard error, so that `npm start -- --json` prints nothing but JSON on standard output.
 * @param {string} line
 */
function say(line) {
  process.stderr.write(`${line}\n`)
}

if (process.argv[1] !== undefined && existsSync(process.argv[1]) && import.meta.filename === process.argv[1]) {
  await bootstrap()
}
