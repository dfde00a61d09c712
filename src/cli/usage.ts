import { parseArgs, type ParseArgsConfig } from 'node:util'

/** The command was called wrongly: exit code 2, with a sentence. */
export class UsageError extends Error {}

/** Reads options; an unknown one is a UsageError that names it. */
export function readArgs<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.split('. ')[0]}.` : 'The options cannot be read.')
  }
}
