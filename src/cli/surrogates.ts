import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../base/assert.ts'
import type { Config } from '../config/config.ts'
import { readMaskingConfig } from '../config/load.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { principalId } from '../identity/principal.ts'
import type { Erased, Forgotten } from '../masking/surrogates/rows.ts'
import { SURROGATE_FILE, SurrogateDatabase } from '../store/sqlite/surrogate-database.ts'
import { SqliteSurrogateRows } from '../store/sqlite/surrogate-rows.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const HOW = 'Say whose: surrogates forget --principal SUBJECT, --connection NAME, or --all.'

/**
 * `sallyport surrogates forget`: erases stand-ins with the salts that their keys hang on, for good. A gateway that runs
 * refuses them from the next call on. It needs neither keys nor policy, so it works where those are lost or broken.
 */
export async function surrogates(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c', default: 'sallyport.yaml' },
      principal: { type: 'string' },
      connection: { type: 'string' },
      all: { type: 'boolean' },
      json: { type: 'boolean', default: false },
    },
  })
  if (positionals.length !== 1 || positionals[0] !== 'forget') throw new UsageError(HOW)
  const { principal, connection, all } = values
  if ([principal, connection, all].filter((one) => one !== undefined).length !== 1) throw new UsageError(HOW)
  const config = await readMaskingConfig(values.config, process.env)
  if (config.kind === 'config')
    return report(erase(config, whoseOf(config, { principal, connection })), config, values.json)
  printError(printMistakes(config.mistakes))
  return EXIT.refused
}

/** A person of each issuer is somebody else; a connection may have had another group before. */
function whoseOf(
  { issuers, connections }: Pick<Config, 'issuers' | 'connections'>,
  { principal, connection }: { principal: string | undefined; connection: string | undefined },
): readonly Forgotten[] {
  if (principal !== undefined) {
    const ids = principal.startsWith('pri_') ? [principal] : issuers.map(({ issuer }) => principalId(issuer, principal))
    return ids.map((id) => ({ kind: 'principal', principal: id }))
  }
  if (connection === undefined) return [{ kind: 'all' }]
  const group = connections.find(({ name }) => name === connection)?.masking.group
  return [...new Set([connection, group ?? connection])].map((one) => ({ kind: 'group', group: one }))
}

function erase({ dataFolder }: Pick<Config, 'dataFolder'>, whose: readonly Forgotten[]): Erased {
  // Nothing is made where there is nothing: it may be the wrong folder.
  if (!existsSync(join(dataFolder, SURROGATE_FILE))) return { scopes: 0, surrogates: 0 }
  using database = SurrogateDatabase.open(dataFolder)
  const rows = new SqliteSurrogateRows(database)
  try {
    const erased = whose.map((one) => rows.forget(one))
    return {
      scopes: erased.reduce((sum, { scopes }) => sum + scopes, 0),
      surrogates: erased.reduce((sum, one) => sum + one.surrogates, 0),
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError('config_invalid', `The stand-ins in ${dataFolder} could not be erased: ${why}.`, { cause })
  }
}

function report(
  { scopes, surrogates: count }: Erased,
  { dataFolder }: Pick<Config, 'dataFolder'>,
  json: boolean,
): ExitCode {
  if (json) printLine(JSON.stringify({ scopes, surrogates: count }))
  else if (scopes > 0)
    printLine(`Erased ${plural(count, 'stand-in')} in ${plural(scopes, 'scope')}. A running gateway refuses them now.`)
  else printError(`No such stand-ins are kept in ${dataFolder}.`)
  return scopes > 0 ? EXIT.fine : EXIT.refused
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
