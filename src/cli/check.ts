import { loadConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import type { Config } from '../config/config.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

/** `sallyport check -c FILE`: reads everything that `serve` would, and says every mistake with its line. */
export async function check(args: readonly string[]): Promise<ExitCode> {
  const config = await configFrom(args)
  if (config === undefined) return EXIT.refused
  printLine(`${config.file}: fine. Connections: ${config.connections.length}. Policy: ${config.policy.shortVersion}.`)
  return EXIT.fine
}

/** The configuration that `-c` names; undefined after its mistakes were printed. */
export async function configFrom(args: readonly string[]): Promise<Config | undefined> {
  const { values } = readArgs({
    args: [...args],
    options: { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } },
  })
  if (values.config === undefined) throw new UsageError('Name the configuration: -c sallyport.yaml.')
  const loaded = await loadConfig(values.config, process.env)
  if (loaded.kind === 'config') return loaded.config
  printError(printMistakes(loaded.mistakes))
  return undefined
}
