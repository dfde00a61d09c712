import { existsSync } from 'node:fs'
import { GatewayError } from '../base/assert.ts'
import type { SecretReference } from '../config/config.ts'
import { createMasterKeyFile, type MasterKey, parseMasterKey, readMasterKeyFile } from '../credentials/master-key.ts'

/** The key that a configuration names. Throws `config_invalid` with what to do. */
export function masterKeyOf(reference: SecretReference): MasterKey {
  if (reference.kind === 'file') return readMasterKeyFile(reference.path)
  const value = process.env[reference.name]
  if (value === undefined || value === '')
    throw new GatewayError(
      'config_invalid',
      `The environment has no ${reference.name}, which master_key names. Make a key with: openssl rand -base64 32`,
    )
  return parseMasterKey(value, reference.name)
}

/** For the demo alone: a key file that is made at the first start. */
export function ensureMasterKeyFile(path: string): MasterKey {
  return existsSync(path) ? readMasterKeyFile(path) : createMasterKeyFile(path)
}
