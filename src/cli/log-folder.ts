import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { IndexMode, WitnessesConfig } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { UsageError } from './usage.ts'

/** Of `sallyport demo` in this folder. */
export const DEMO_FOLDER = '.sallyport/demo'

/** `--data DIR`, else the folder that the configuration names, else that of the demo beside us. */
export async function logFolder(values: {
  readonly data?: string | undefined
  readonly config?: string | undefined
}): Promise<string> {
  const folder = values.data === undefined ? await configured(values.config) : resolve(values.data)
  if (existsSync(join(folder, 'audit'))) return folder
  throw new UsageError(`There is no log in ${folder}. Name the data folder: --data DIR.`)
}

async function configured(file: string | undefined): Promise<string> {
  if (file === undefined && !existsSync('sallyport.yaml')) return resolve(DEMO_FOLDER, 'data')
  const loaded = await loadConfig(file ?? 'sallyport.yaml', process.env)
  if (loaded.kind === 'config') return loaded.config.dataFolder
  throw new UsageError(
    'The configuration has mistakes; "sallyport check" prints them. Or name the data folder: --data DIR.',
  )
}

/** What the configuration says of the search index; with `--data` alone, everything. */
export async function indexModeOf(values: {
  readonly data?: string | undefined
  readonly config?: string | undefined
}): Promise<IndexMode> {
  const { config, data } = values
  if (config === undefined && (data !== undefined || !existsSync('sallyport.yaml'))) return 'full'
  const loaded = await loadConfig(config ?? 'sallyport.yaml', process.env)
  return loaded.kind === 'config' ? loaded.config.audit.index : 'full'
}

/** The witnesses that the configuration names; undefined where none is given, or it names none. */
export async function witnessesOf({
  config,
}: {
  readonly config?: string | undefined
}): Promise<WitnessesConfig | undefined> {
  if (config === undefined && !existsSync('sallyport.yaml')) return undefined
  const loaded = await loadConfig(config ?? 'sallyport.yaml', process.env)
  return loaded.kind === 'config' ? loaded.config.audit.witnesses : undefined
}
