import { createSecretKey } from 'node:crypto'
import { scopeKeys } from '../../../src/masking/surrogates/scope.ts'
import { ScopeBook } from '../../../src/masking/surrogates/scope-book.ts'

/** A book of one scope in memory, whose ids are the same in every run. */
export function scopeBook(): ScopeBook {
  const root = { key: createSecretKey(new Uint8Array(32).fill(1)), id: 'test' }
  const name = { tenant: 't', principal: 'ann', client: 'c', group: 'db', purpose: 'p' }
  const keys = scopeKeys(root, name, { epochMs: 0, salt: new Uint8Array(32).fill(2) })
  let seed = 1
  const random = (bytes: number): Uint8Array =>
    Uint8Array.from({ length: bytes }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return seed >>> 24
    })
  return new ScopeBook({ keys, hashKey: root.key, endsMs: 1, rowsMax: 100_000, random })
}
