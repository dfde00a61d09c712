import { existsSync, readFileSync } from 'node:fs'
import { GatewayError } from '../base/assert.ts'
import type { SecretReference } from '../config/config.ts'

/** The value that a reference names; `what` it should be. Throws `config_invalid` with where to put it. */
export function secretOf(reference: SecretReference, what: string): string {
  const value = reference.kind === 'env' ? process.env[reference.name] : readSecret(reference.path)
  if (value !== undefined && value !== '') return value
  const where =
    reference.kind === 'env' ? `The environment has no ${reference.name}` : `${reference.path} cannot be read`
  throw new GatewayError('config_invalid', `${where}, where ${what} should stand.`)
}

function readSecret(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}
