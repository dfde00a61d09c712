import { stat } from 'node:fs/promises'

/** What files look like from outside: another text once any of them is written, replaced or gone. */
export async function lookOfFiles(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map(lookOf))).join('\n')
}

async function lookOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    return `${file} ${mtimeMs} ${size} ${ino}`
  } catch {
    return `${file} missing`
  }
}
