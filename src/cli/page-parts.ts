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

/** The program that checks a bundle, in one file: whoever gets it needs nothing beside it. */
export function bundleProgram(): string {
  const modules = ['verify-zip.mjs', 'verify-trust.mjs', 'verify.mjs'].map(textOf)
  const ofNode = modules.flatMap((module) => module.match(/^import .* from 'node:.*\n/gm) ?? [])
  const rest = modules.map((module) => module.replaceAll(/^import [^']*from '.*\n/gm, '').replaceAll(/^export /gm, ''))
  return `${[...new Set(ofNode)].toSorted().join('')}${rest.join('\n')}`
}

function programFile(name: string): Uint8Array {
  return readFileSync(programPath(name))
}

/** A file of the folder `pages/`. */
export function programPath(name: string): string {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../pages/' : '../../../pages/', import.meta.url)
  return fileURLToPath(new URL(name, folder))
}
