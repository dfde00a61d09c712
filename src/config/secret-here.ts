import type { Mistake } from '../policy/mistake.ts'
import type { Path } from '../policy/yaml-source.ts'
import type { SecretReference } from './config.ts'
import type { Environment, MainFile } from './main-file.ts'
import { secretReference } from './secret-reference.ts'

export interface Reading {
  readonly main: MainFile
  readonly environment: Environment
  readonly mistakes: Mistake[]
}

/** A variable that is not there is a mistake; whether a file is, shows when it is read. */
export function secretHere(text: string, at: Path, { main, environment, mistakes }: Reading): SecretReference {
  const reference = secretReference(text, main.folder)
  if (reference.kind === 'env' && (environment[reference.name] ?? '') === '')
    mistakes.push(
      main.document.at(at, `the environment has no ${reference.name}`, 'set it where the gateway is started'),
    )
  return reference
}
