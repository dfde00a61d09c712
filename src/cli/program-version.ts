import { readFileSync } from 'node:fs'
import { isObject, parseJson } from '../base/json.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'

/** What `package.json` says: beside `src/`, or beside `dist/`, in which compiled code lies one folder deeper. */
export function programVersion(): string {
  const path = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json'
  const manifest = parseJson(readFileSync(new URL(path, import.meta.url)))
  const version = isObject(manifest) ? manifest['version'] : undefined
  return typeof version === 'string' ? version : 'unknown'
}

export function printVersion(): Promise<ExitCode> {
  printLine(`sallyport ${programVersion()}, node ${process.versions.node}`)
  return Promise.resolve(EXIT.fine)
}
