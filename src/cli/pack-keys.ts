import { existsSync } from 'node:fs'
import type { SecretReference } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { openPackKeys, type PackKeys } from '../store/packs/keys.ts'
import { masterKeyOf } from './master-key.ts'
import { DEMO_FOLDER } from './log-folder.ts'

/**
 * Keys that open the sealed records of a data folder: by the configuration, or those of the demo beside us. Undefined with
 * `--data` alone, and where nothing was sealed yet: content that is encrypted shows as locked then.
 */
export async function packKeysOf(
  values: { readonly data?: string | undefined; readonly config?: string | undefined },
  folder: string,
): Promise<PackKeys | undefined> {
  const reference = await masterKeyReference(values)
  return reference && packKeysFor(reference, folder)
}

/** Undefined where there is no such file: the log may have been brought to another machine, and its key not. */
export function packKeysFor(reference: SecretReference, folder: string): PackKeys | undefined {
  if (reference.kind === 'file' && !existsSync(reference.path)) return undefined
  return openPackKeys(folder, masterKeyOf(reference))
}

async function masterKeyReference({ config, data }: { data?: string | undefined; config?: string | undefined }) {
  if (config === undefined && data !== undefined) return undefined
  if (config === undefined && !existsSync('sallyport.yaml')) {
    return { kind: 'file', path: `${DEMO_FOLDER}/master.key` } as const
  }
  const loaded = await loadConfig(config ?? 'sallyport.yaml', process.env)
  return loaded.kind === 'config' ? loaded.config.masterKey : undefined
}
