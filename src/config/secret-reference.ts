import { resolve } from 'node:path'
import type { SecretReference } from './config.ts'

/** `${env:NAME}` or `file:PATH`; paths are relative to `folder`. */
export function secretReference(text: string, folder: string): SecretReference {
  const name = /^\$\{env:(.+)\}$/.exec(text)?.[1]
  return name === undefined
    ? { kind: 'file', path: resolve(folder, text.replace(/^file:/, '')) }
    : { kind: 'env', name }
}
