// What the words of well-known programs would do, from tables of sub-commands and options. A folder of allow lists:
// a sub-command, an option or a configuration key that no table names is `unknown`, and never a read (guardrails.md, 4.2).

import { readAws } from './aws.ts'
import { readAz } from './az.ts'
import { readDocker, readDockerCompose } from './docker.ts'
import { readBq, readGcloud, readGsutil } from './gcloud.ts'
import { readGh } from './gh.ts'
import { readGit } from './git.ts'
import { readHelm } from './helm.ts'
import { readKubectl } from './kubectl.ts'
import type { CommandReading } from './reading.ts'
import { readTerraform } from './terraform.ts'
import type { Word } from '../reader.ts'

export type { CommandReading } from './reading.ts'

const READERS: ReadonlyMap<string, (words: readonly Word[]) => CommandReading> = new Map([
  ['git', readGit],
  ['kubectl', readKubectl],
  ['oc', readKubectl],
  ['helm', readHelm],
  ['docker', readDocker],
  ['podman', readDocker],
  ['nerdctl', readDocker],
  ['docker-compose', readDockerCompose],
  ['podman-compose', readDockerCompose],
  ['terraform', readTerraform],
  ['tofu', readTerraform],
  ['aws', readAws],
  ['gcloud', readGcloud],
  ['gsutil', readGsutil],
  ['bq', readBq],
  ['az', readAz],
  ['gh', readGh],
])

/** Reads the words after the name of one of the known programs; undefined where it is not one of these. */
export function readCommand(program: string, words: readonly Word[]): CommandReading | undefined {
  return READERS.get(program)?.(words)
}
