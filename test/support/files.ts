// What is in a folder that a running program writes to: files appear, get another name and go while one looks.
import { Buffer } from 'node:buffer'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of all files in a folder and in those below it, as they were at one moment. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/**
 * Each file with its bytes. One that went or got another name meanwhile is looked for again, so that what it held is
 * among the rest.
 */
export function contentsOf(folder: string): ReadonlyMap<string, Buffer> {
  return again(() => new Map(filesIn(folder).map((path) => [path, readFileSync(path)])))
}

/** Of the files in a folder those that hold a text or these bytes. */
export function filesWith(folder: string, text: string | Uint8Array): string[] {
  const wanted = Buffer.from(text)
  return [...contentsOf(folder)].filter(([, bytes]) => bytes.includes(wanted)).map(([path]) => path)
}

/** As a backup of a running program would be. */
export function copyRunning(from: string, to: string): void {
  again(() => cpSync(from, to, { recursive: true, force: true }))
}

function again<Result>(look: () => Result): Result {
  for (let tries = 1; ; tries += 1)
    try {
      return look()
    } catch (failure) {
      if (tries === TRIES_MAX) throw failure
    }
}

const TRIES_MAX = 50
