import { randomBytes } from 'node:crypto'
import { clock } from '../base/clock.ts'
import type { Config, ConnectionConfig } from '../config/config.ts'
import type { MasterKey } from '../credentials/master-key.ts'
import type { Inspection } from '../facts/inspection.ts'
import type { Hide } from '../masking/masked.ts'
import { Masker, type MaskerParts } from '../masking/masker.ts'
import { Sealer } from '../masking/sealing.ts'
import { SurrogateVault } from '../masking/surrogates/vault.ts'
import { SurrogateDatabase } from '../store/sqlite/surrogate-database.ts'
import { SqliteSurrogateRows } from '../store/sqlite/surrogate-rows.ts'
import type { OperatorLog } from './operator-log.ts'
import { SchemaValidators } from './schema-checks.ts'

const FULL =
  'there is no room for more stand-ins of one caller (masking.surrogates.per_scope): values are redacted until those end'

/** Masking of a whole gateway: what its connections share, and the store of their stand-ins. */
export class OpenMasking implements Disposable {
  readonly vault: SurrogateVault
  readonly #database: SurrogateDatabase
  readonly #parts: MaskerParts
  readonly #connections: readonly ConnectionConfig[]

  constructor({ dataFolder, masking, connections }: Config, masterKey: MasterKey, log: OperatorLog) {
    this.#database = SurrogateDatabase.open(dataFolder)
    this.vault = new SurrogateVault({
      rows: new SqliteSurrogateRows(this.#database),
      root: masterKey,
      random: (bytes) => randomBytes(bytes),
      epochMs: masking.surrogates.epochMs,
      rowsPerScopeMax: masking.surrogates.perScope,
    })
    const schemas = new SchemaValidators()
    this.#connections = connections
    this.#parts = {
      scanners: masking.scanners,
      own: masking.own,
      vault: this.vault,
      sealer: new Sealer(masterKey),
      restoresPerMinute: masking.surrogates.restoresPerMinute,
      onFull: ({ connection, principal }) => log.warn(FULL, { connection, principal }),
      nowMs: () => clock.nowMs(),
      checksOf: (schema) => schemas.of(schema),
    }
  }

  connection(of: Pick<ConnectionConfig, 'name' | 'masking' | 'inspection'>, credentials: Hide): Masker {
    const { name, masking, inspection } = of
    const group = this.#connections.filter((other) => other.masking.group === masking.group).map((other) => other.name)
    return new Masker(this.#parts, { name, terms: masking, credentials, group, judged: judgedOf(inspection) })
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}

/** Paths of the arguments that policy reads: a value that is put in there would not be what was judged. */
function judgedOf({ inspectors }: Inspection): string[] {
  return inspectors.flatMap((inspector) => {
    switch (inspector.by) {
      case 'path':
        return [inspector.path.map((step) => ('key' in step ? `["${step.key}"]` : '[*]')).join('')]
      case 'name':
        return [...inspector.names].map((name) => `**.${name}`)
      case 'all':
        return ['**']
    }
  })
}
