import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decodeUtf8 } from '../base/bytes.ts'
import type { PageParts } from '../recording/replay-page.ts'

/** In the order of their imports: what a file needs stands before it. */
const SCRIPTS = ['safe-text.js', 'replay.js'] as const

/**
 * Script and style of the replay page. They come with the program: `pages/` beside `src/`, or beside `dist/`, in which
 * compiled code lies one folder deeper. A page in one file cannot import, so its modules are joined.
 */
export function pageParts(): PageParts {
  return { script: SCRIPTS.map((name) => joined(textOf(name))).join('\n'), style: textOf('replay.css') }
}

function textOf(name: string): string {
  return decodeUtf8(programFile(name))
}

function joined(module: string): string {
  return module.replaceAll(/^import .*\n/gm, '').replaceAll(/^export /gm, '')
}

/** A file of the folder `pages/`. */
export function programFile(name: string): Uint8Array {
  return readFileSync(programPath(name))
}

export function programPath(name: string): string {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../pages/' : '../../../pages/', import.meta.url)
  return fileURLToPath(new URL(name, folder))
}
