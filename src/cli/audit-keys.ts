import { rewrapMonthKeys } from '../store/packs/keys.ts'
import { readMasterKeyFile } from '../credentials/master-key.ts'
import { rewrap } from '../credentials/vault.ts'
import { SqliteCredentialRows } from '../store/sqlite/credential-rows.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { lifeConfig } from './life-config.ts'
import { masterKeyOf } from './master-key.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

/** `sallyport audit keys rewrap --to FILE`: puts all keys in control.db under another master key. No payload is touched. */
export async function keys(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c', default: 'sallyport.yaml' }, to: { type: 'string' } },
  })
  if (positionals.length !== 1 || positionals[0] !== 'rewrap' || values.to === undefined)
    throw new UsageError('Say: audit keys rewrap --to FILE, with the new master key in that file.')
  const config = await lifeConfig(values.config)
  if (config === undefined) return EXIT.refused
  const from = masterKeyOf(config.masterKey)
  const to = readMasterKeyFile(values.to)
  using control = ControlDatabase.open(config.dataFolder)
  const months = rewrapMonthKeys(control.database, from, to)
  const credentials = rewrap(new SqliteCredentialRows(control), from, to)
  printLine(`${months} keys of the log and those of ${credentials} connections are under the new master key.`)
  printLine('Now let master_key name it, and restart the gateway.')
  return EXIT.fine
}
