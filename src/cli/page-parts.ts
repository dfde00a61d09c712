import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PageParts } from '../recording/replay-page.ts'

/** In the order of their imports: what a file needs stands before it. */
const SCRIPTS = ['safe-text.js', 'replay.js'] as const

/**
 * Script and style of the replay page. They come with the program: `pages/` beside `src/`, or beside `dist/`, in which
 * compiled code lies one folder deeper. A page in one file cannot import, so its modules are joined.
 */
export function pageParts(): PageParts {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../pages/' : '../../../pages/', import.meta.url)
  const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, folder)), 'utf8')
  return { script: SCRIPTS.map((name) => joined(read(name))).join('\n'), style: read('replay.css') }
}

function joined(module: string): string {
  return module.replaceAll(/^import .*\n/gm, '').replaceAll(/^export /gm, '')
}
