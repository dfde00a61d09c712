import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { IncludedFile, Places } from '../policy/collect.ts'

/** Packs come with the program: `packs/` beside `src/`, or beside `dist/`, in which compiled code lies one folder deeper. */
const PACKS = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../packs' : '../../../packs', import.meta.url),
)

/** Where a policy file finds what it includes: packs of the program, and files beside it. */
export function policyPlaces(file: string): Places {
  return {
    file,
    packNames: packNames(),
    pack: (name) => (packNames().includes(name) ? read(packFile(name)) : undefined),
    beside: (name) => (/\.ya?ml$/.test(name) ? read(resolve(dirname(file), name)) : undefined),
  }
}

export function packNames(): string[] {
  return readdirSync(PACKS)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .toSorted()
}

export function packFile(name: string): string {
  return join(PACKS, `${name}.yaml`)
}

function read(file: string): IncludedFile | undefined {
  try {
    return { file, text: readFileSync(file, 'utf8') }
  } catch {
    return undefined
  }
}
