import { NO_CLOUD, type CloudFacts } from '../facts.ts'
import { AWS_SERVICES } from './aws-services.ts'
import { readAws } from './aws.ts'
import { readAz } from './az.ts'
import { readBq, readGcloud, readGsutil } from './gcloud.ts'
import { readGh } from './gh.ts'
import type { CommandReading } from './reading.ts'
import { readTerraform } from './terraform.ts'
import { splitWords } from './words.ts'

const READERS: ReadonlyMap<string, (words: readonly string[]) => CommandReading> = new Map([
  ['aws', readAws],
  ['gcloud', readGcloud],
  ['gsutil', readGsutil],
  ['bq', readBq],
  ['az', readAz],
  ['gh', readGh],
  ['terraform', readTerraform],
  ['tofu', readTerraform],
])

/**
 * Reads a whole command line (`aws ec2 describe-instances`, `gcloud projects list`), or the words after a program that
 * the caller names. Without a program, a service of AWS in the first place stands for `aws`; all else is not parsed.
 */
export function readCloudText(text: string, program = ''): CloudFacts {
  const split = splitWords(text)
  return split.kind === 'words' ? readCloudWords(split.words, program) : unread(split.error)
}

/** The same for words that nobody has to split, such as a list in the arguments of a tool. */
export function readCloudWords(words: readonly string[], program = ''): CloudFacts {
  const [first = '', ...rest] = words
  const named = READERS.get(first)
  if (named !== undefined) return named(rest).cloud ?? unread('the command has no facts')
  const implied = READERS.get(program) ?? (AWS_SERVICES.has(first) || first === 's3' ? readAws : undefined)
  return implied?.(words).cloud ?? unread('not a command of a cloud that is known here')
}

function unread(error: string): CloudFacts {
  return { ...NO_CLOUD, present: true, error }
}
