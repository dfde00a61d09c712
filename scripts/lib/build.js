// @ts-check
// dist/: what `tsc` makes of src/ and examples/, and their files that are not TypeScript beside it.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './run.js'

const FOLDERS = ['src', 'examples']
const CONFIGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
/** The compiler takes about a second; one that takes this long hangs. */
const BUILD_LIMIT_MS = 5 * 60_000

/**
 * Whether dist/ was made from the sources as they are now.
 * @param {string} root
 */
export function isBuilt(root) {
  try {
    return readFileSync(stampPath(root), 'utf8') === fingerprint(root)
  } catch {
    return false
  }
}

/**
 * Throws an Error whose message is for people.
 * @param {string} root
 * @param {{ node: string, say: (line: string) => void }} options
 */
export async function build(root, { node, say }) {
  say('Compiling …')
  // Taken before the compiler reads, so that a file saved meanwhile is compiled the next time.
  const before = fingerprint(root)
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc')
  const ended = await run(node, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, limitMs: BUILD_LIMIT_MS })
  if (ended.code !== 0) throw new Error(`${ended.output.trim()}\n\nThe sources do not compile (see above).`)
  copyOthers(root)
  writeFileSync(stampPath(root), before)
  say(`Compiled in ${ended.seconds.toFixed(1)} s.`)
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'dist', '.built')
}

/**
 * Names, sizes and times of everything that dist/ depends on; a deleted file and an older one count as a change.
 * @param {string} root
 */
function fingerprint(root) {
  const hash = createHash('sha256')
  for (const file of [...CONFIGS, ...FOLDERS.flatMap((folder) => filesIn(root, folder))]) {
    const facts = statSync(join(root, file), { throwIfNoEntry: false })
    hash.update(`${file}\0${facts?.size ?? -1}\0${facts?.mtimeMs ?? -1}\n`)
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesIn(root, path)
      return path.endsWith('.test.ts') ? [] : [path]
    })
}

/** @param {string} root */
function copyOthers(root) {
  for (const folder of FOLDERS) {
    for (const file of filesIn(root, folder).filter((path) => !path.endsWith('.ts'))) {
      const to = join(root, 'dist', file)
      mkdirSync(dirname(to), { recursive: true })
      copyFileSync(join(root, file), to)
    }
  }
}
