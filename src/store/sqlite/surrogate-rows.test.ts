import { Buffer } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALICE, CARD, EMAIL, NOW, openSurrogates, originOf } from '../../../test/support/surrogates.ts'
import { HOUR_MS } from '../../base/units.ts'

describe('the database of surrogates', () => {
  it('is for its owner only', () => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    const modes = readdirSync(world.folder).map((name) => [name, statSync(join(world.folder, name)).mode & 0o777])
    expect(modes).toEqual([
      ['surrogates.db', 0o600],
      ['surrogates.db-shm', 0o600],
      ['surrogates.db-wal', 0o600],
    ])
    expect(world.raw('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(world.raw('PRAGMA synchronous')).toEqual([{ synchronous: 1 }])
  })

  it('holds no value, in no encoding, nor where it came from', () => {
    using world = openSurrogates()
    const scope = world.open()
    const book = scope.bookFor({ upstream: 'crm', tool: 'find', path: `result.${EMAIL}`, atMs: NOW })
    for (const value of [EMAIL, 'Größe-value-42']) book.mint('email', value)
    const row = book.mint('credit_card', CARD)
    expect(row !== undefined && book.alias(row, '1000000000000017', '4111111111111111.50')).toBe(true)
    expect(world.vault.save(scope)).toEqual({ kind: 'saved' })
    const bytes = everything(world.folder)
    expect(bytes.includes(row?.id ?? '')).toBe(true)
    for (const value of [EMAIL, 'Größe-value-42', CARD]) {
      expect(encodings(value).filter((form) => bytes.includes(form))).toEqual([])
    }
  })

  it('holds a salt no longer, in no file, once its scope is forgotten or has ended', () => {
    using world = openSurrogates()
    for (const erase of [
      () => world.vault.forget({ kind: 'principal', principal: ALICE.principal }).scopes,
      () => world.vault.expire(NOW + 8 * HOUR_MS),
    ]) {
      world.keep('email', EMAIL)
      const [row] = world.raw('SELECT salt FROM scope')
      const salt = row?.['salt']
      const isThere = () => salt instanceof Uint8Array && everything(world.folder).includes(Buffer.from(salt))
      expect(isThere()).toBe(true)
      expect(erase()).toBe(1)
      expect(isThere()).toBe(false)
    }
  })

  it('begins a scope once, however many begin it', () => {
    using world = openSurrogates()
    const begin = (nowMs: number, salt: number) => {
      const at = { rootId: 'root-1', nowMs, sinceMs: nowMs - 8 * HOUR_MS }
      return world.rows.begin(ALICE, at, { salt: new Uint8Array(32).fill(salt), endsMs: nowMs + 8 * HOUR_MS })
    }
    const first = begin(NOW, 1)
    expect(begin(NOW + 1, 2)).toEqual(first)
    expect(begin(NOW + 8 * HOUR_MS, 3).scope).not.toBe(first.scope)
  })

  it('counts what went back', () => {
    using world = openSurrogates()
    const id = world.keep('email', EMAIL)
    world.vault.restored(world.open(), [id], NOW + 1)
    world.vault.restored(world.open(), [id], NOW + 2)
    expect(world.raw('SELECT restores, last_restore_ms FROM surrogate')).toEqual([
      { restores: 2, last_restore_ms: NOW + 2 },
    ])
  })

  it('stores the rows of a message whole or not at all', () => {
    using world = openSurrogates()
    const scope = world.open()
    for (const value of ['a@example.com', 'b@example.com']) scope.bookFor(originOf('find')).mint('email', value)
    world.raw(`CREATE TRIGGER full BEFORE INSERT ON surrogate
      WHEN (SELECT count(*) FROM surrogate) = 1 BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    expect(() => world.vault.save(scope)).toThrow(/disk full/)
    expect(world.raw('SELECT id FROM surrogate')).toEqual([])
    expect(world.raw('SELECT rows, version FROM scope')).toEqual([{ rows: 0, version: 0 }])
  })
})

function everything(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
}

function encodings(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  // In base64 a text can begin at three places of a group; what is in the middle is the same wherever the ends are.
  const shifted = [0, 1, 2].map((pad) =>
    Buffer.concat([Buffer.alloc(pad), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  return [value, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64'), ...shifted]
}
