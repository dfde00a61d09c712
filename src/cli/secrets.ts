import { readFileSync } from 'node:fs'
import { GatewayError } from '../base/assert.ts'
import type { SecretReference } from '../config/config.ts'

/** The secret that a configuration refers to. Throws `config_invalid` that says where it should stand, and `what` it is. */
export function secretOf(reference: SecretReference, what: string): string {
  const value = reference.kind === 'env' ? process.env[reference.name] : readSecret(reference.path)
  if (value !== undefined && value !== '') return value
  const where =
    reference.kind === 'env' ? `The environment has no ${reference.name}` : `${reference.path} cannot be read`
  throw new GatewayError('config_invalid', `${where}, where ${what} should stand.`)
}

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
