// @ts-check
// Packages: installed when they are missing or the lock file changed, and a Node that can run the product.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { run } from './run.js'

/** The oldest Node that runs the product (`engines` in package.json). */
export const NODE_MAJOR_MIN = 24
/** An install that takes longer hangs on the network. */
const INSTALL_LIMIT_MS = 15 * 60_000

/** @typedef {{ lock: string, node: { path: string, size: number } | undefined }} Stamp */

/**
 * The Node to run everything with, if nothing has to be done; undefined if something has.
 * @param {string} root
 * @returns {string | undefined}
 */
export function installedNode(root) {
  const stamp = readJson(stampPath(root))
  if (stamp?.lock !== lockHash(root)) return undefined
  if (stamp.node === undefined) return runningMajor() >= NODE_MAJOR_MIN ? process.execPath : undefined
  return sizeOf(stamp.node.path) === stamp.node.size ? stamp.node.path : undefined
}

/**
 * Installs the packages of the lock file and makes sure of a Node; returns its path. Throws an Error whose message is
 * for people.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 */
export async function install(root, say) {
  const lock = lockHash(root)
  if (readJson(stampPath(root))?.lock !== lock && !installedByHand(root)) await installPackages(root, say)
  const node = await ensureNode(root, say)
  /** @type {Stamp} */
  const stamp = { lock, node: node === process.execPath && !isInside(root, node) ? undefined : fileFacts(node) }
  writeFileSync(stampPath(root), JSON.stringify(stamp))
  return node
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function installPackages(root, say) {
  const first = !existsSync(join(root, 'node_modules'))
  say(
    first
      ? 'Installing packages (first run only, about a minute) …'
      : 'Installing packages (the lock file changed, about a minute) …',
  )
  const { command, args, env } = npmOutside(root)
  const quiet = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const ended = await run(command, [...args, ...quiet], { cwd: root, env, limitMs: INSTALL_LIMIT_MS })
  if (ended.code !== 0) throw new Error(`${ended.output.trim()}\n\nnpm ci failed. ${whatToDo(ended.output)}`)
  say(`Packages installed in ${ended.seconds.toFixed(0)} s.`)
}

/**
 * npm runs install scripts unless somebody told it not to; the package `node` brings its program by such a script.
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function ensureNode(root, say) {
  const own = ownNode(root)
  if ((await majorOf(own, root)) >= NODE_MAJOR_MIN) return own
  say('The install script of the package `node` did not run; running it now …')
  const { command, args, env } = npmOutside(root)
  const ended = await run(command, [...args, 'rebuild', 'node'], { cwd: root, env, limitMs: INSTALL_LIMIT_MS })
  if ((await majorOf(own, root)) >= NODE_MAJOR_MIN) return own
  if (runningMajor() >= NODE_MAJOR_MIN) {
    say(`That did not work; using the Node that runs this (${process.version}).`)
    return process.execPath
  }
  throw new Error(
    `${ended.output.trim()}\n\nSallyport needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}. ` +
      'Its own copy (the package `node`) could not be put in place, for the reason above or because npm is set not to ' +
      `run install scripts.\nEither install Node ${NODE_MAJOR_MIN} (https://nodejs.org) and start again, or run: ` +
      'npm rebuild node --ignore-scripts=false',
  )
}

/** @param {string} root */
function ownNode(root) {
  const program = process.platform === 'win32' ? ['node', 'bin', 'node.exe'] : ['.bin', 'node']
  return join(root, 'node_modules', ...program)
}

/**
 * The major version that the program reports, 0 if it does not run (missing, of another platform, of another libc).
 * @param {string} node
 * @param {string} root
 */
async function majorOf(node, root) {
  if (!existsSync(node)) return 0
  const ended = await run(node, ['--version'], { cwd: root, limitMs: 10_000 })
  return Number(/^v(\d+)\./.exec(ended.output)?.[1] ?? 0)
}

function runningMajor() {
  return Number(process.versions.node.split('.')[0])
}

/**
 * npm as installed on the machine. `npm ci` removes node_modules, so nothing that runs it may live in there.
 * @param {string} root
 */
function npmOutside(root) {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !isInside(root, folder))
    .join(delimiter)
  const env = { ...process.env, PATH: path }
  const script = process.env['npm_execpath']
  const node = [process.env['npm_node_execpath'], process.execPath].find(
    (candidate) => candidate !== undefined && existsSync(candidate) && !isInside(root, candidate),
  )
  return script !== undefined && node !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)
    ? { command: node, args: [script], env }
    : { command: 'npm', args: [], env }
}

/**
 * @param {string} root
 * @param {string} path
 */
function isInside(root, path) {
  return path.startsWith(join(root, 'node_modules') + sep)
}

/** @param {string} output */
function whatToDo(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output))
    return 'The registry was not reached: check the network, the proxy, and `npm config get registry`; then start again.'
  if (/EACCES|EPERM/.test(output)) return 'A file belongs to somebody else: check who owns this folder and ~/.npm.'
  if (/ENOSPC/.test(output)) return 'The disk is full: about 1 GB is needed.'
  if (/EINTEGRITY/.test(output))
    return 'A package differs from the lock file: run `npm cache verify`, then start again.'
  if (/ENOENT.*npm|spawn npm/.test(output))
    return 'npm was not found: install Node (https://nodejs.org), which brings it.'
  return 'Run `npm ci` by hand to see more.'
}

/**
 * Whether what is in node_modules is what the lock file says, installed by somebody's own `npm install` or `npm ci`.
 * npm writes the hidden lock file last, so an installation that was cut short has none.
 * @param {string} root
 */
function installedByHand(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (wanted === undefined || present === undefined) return false
  const top = wanted['']
  const named = { ...top.dependencies, ...top.optionalDependencies, ...top.devDependencies }
  return Object.keys(wanted).every((path) => {
    if (path === '') return true
    // What only another platform needs is marked optional and is not here.
    if (present[path] === undefined)
      return wanted[path].optional === true && !(path.slice('node_modules/'.length) in named)
    return present[path].version === wanted[path].version && present[path].integrity === wanted[path].integrity
  })
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.sallyport-ready.json')
}

/** @param {string} root */
export function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** @param {string} path */
function fileFacts(path) {
  return { path, size: sizeOf(path) }
}

/** @param {string} path */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * @param {string} path
 * @returns {any}
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
