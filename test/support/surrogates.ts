// A world of surrogates: one data folder, and two nodes that use it.
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { EntityName } from '../../src/masking/entities.ts'
import type { Origin } from '../../src/masking/surrogates/held-row.ts'
import type { OpenScope } from '../../src/masking/surrogates/open-scope.ts'
import type { ScopeName } from '../../src/masking/surrogates/scope.ts'
import { SurrogateVault, type VaultParts } from '../../src/masking/surrogates/vault.ts'
import { SurrogateDatabase } from '../../src/store/sqlite/surrogate-database.ts'
import { SqliteSurrogateRows } from '../../src/store/sqlite/surrogate-rows.ts'

export const NOW = 1_790_000_000_000
export const CARD = ['4111', '1111', '1111', '1111'].join('')
export const EMAIL = 'joe@example.com'
export const ALICE: ScopeName = {
  tenant: 't',
  principal: 'pri_alice',
  client: 'desk',
  group: 'crm',
  purpose: 'update customers',
}

export function originOf(tool: string, upstream = 'crm'): Origin {
  return { upstream, tool, path: 'result.content[*].text', atMs: NOW }
}

export function openSurrogates(given: Partial<VaultParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-surrogates-'))
  const opened: SurrogateDatabase[] = []
  const random = chance()
  const make = (parts: Partial<VaultParts>) => {
    const database = SurrogateDatabase.open(folder)
    opened.push(database)
    const rows = new SqliteSurrogateRows(database)
    return { database, rows, vault: new SurrogateVault({ rows, root: rootOf(1), random, ...parts }) }
  }
  let { database, rows, vault } = make(given)
  const { vault: other } = make(given)
  const world = {
    folder,
    /** The second node. */
    other,
    get vault() {
      return vault
    },
    get rows() {
      return rows
    },
    open: (name = ALICE, nowMs = NOW) => vault.open(name, nowMs),
    mint: (scope: OpenScope, entity: EntityName, value: string, tool = 'find') =>
      scope.bookFor(originOf(tool)).mint(entity, value)?.id ?? '',
    keep(entity: EntityName, value: string) {
      const scope = world.open()
      const id = world.mint(scope, entity, value)
      expect(vault.save(scope)).toEqual({ kind: 'saved' })
      return id
    },
    restart(parts: Partial<VaultParts> = given) {
      database.close()
      opened.splice(opened.indexOf(database), 1)
      ;({ database, rows, vault } = make(parts))
    },
    raw: (sql: string) =>
      database.database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    [Symbol.dispose]() {
      for (const one of opened) one.close()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

export function rootOf(byte: number) {
  return { key: createSecretKey(new Uint8Array(32).fill(byte)), id: `root-${byte}` }
}

/** Salts are the same in every world, so that ids that are computed can be compared; all else is chance. */
function chance(): (bytes: number) => Uint8Array {
  let salts = 0
  return (bytes) => (bytes === 32 ? new Uint8Array(32).fill((salts += 1)) : randomBytes(bytes))
}
