import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** The configuration of the gateway whose log is meant; undefined after its mistakes were printed. */
export async function lifeConfig(file: string): Promise<Config | undefined> {
  const loaded = await loadConfig(file, process.env)
  if (loaded.kind !== 'config') {
    printError(printMistakes(loaded.mistakes))
    return undefined
  }
  if (!existsSync(join(loaded.config.dataFolder, 'audit')))
    throw new UsageError(`There is no log in ${loaded.config.dataFolder} yet: start the gateway once.`)
  return loaded.config
}

/** As whom a command is run: the user of the operating system, whom nobody can be by saying so. */
export function callerName(): string {
  try {
    return `os:${userInfo().username}`
  } catch {
    return `os:${process.getuid?.() ?? 'unknown'}`
  }
}
