import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Sealed } from '../base/sealed.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { SqliteCredentialRows } from '../store/sqlite/credential-rows.ts'
import { type CredentialKind, valueFault } from './credential.ts'
import { type MasterKey, parseMasterKey } from './master-key.ts'
import { rewrap, Vault } from './vault.ts'

const VALUE = 'correct-horse-battery'
const OLD = parseMasterKey('11'.repeat(32), 'the test')
const NEW = parseMasterKey('22'.repeat(32), 'the test')

describe('a credential that was set', () => {
  it('can be loaded for its connection, survives a restart, and can be replaced', () => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    world.set('files', 'token', `${VALUE}-2`)
    world.set('files', 'other', `${VALUE}-3`)
    world.restart()
    expect(world.load('files')).toEqual({ token: `${VALUE}-2`, other: `${VALUE}-3` })
    expect(world.load('mail')).toEqual({})
  })

  it('is listed without its value', () => {
    using world = setUp()
    world.set('files', 'token', VALUE, 'header')
    expect(world.vault.list()).toEqual([{ connection: 'files', name: 'token', kind: 'header', updatedMs: 5 }])
  })

  it('prints as [secret], whoever prints it', () => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    const secrets = world.vault.load('files')
    const secret = secrets.get('token')
    for (const text of [
      String(secret),
      JSON.stringify({ secret }),
      inspect(secrets),
      inspect(world.vault, { depth: 9 }),
    ]) {
      expect(text).not.toContain(VALUE)
    }
    expect(String(secret)).toBe('[secret]')
  })

  it('is nowhere on disk in the clear, before and after it is removed', () => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    for (const file of ['control.db', 'control.db-wal']) {
      expect(readFileSync(join(world.folder, file)).includes(VALUE)).toBe(false)
    }
    expect(world.vault.remove('files', 'token')).toBe(true)
    expect(world.vault.remove('files', 'token')).toBe(false)
    expect(world.vault.list()).toEqual([])
    expect(world.load('files')).toEqual({})
    expect(world.raw('SELECT count(*) AS n FROM connection_key')).toEqual([{ n: 0 }])
  })
})

describe('a value is refused, and is not in the refusal, when', () => {
  const refused: readonly { why: string; kind: CredentialKind; value: string; says: string }[] = [
    { why: 'it is too short to be masked', kind: 'bearer', value: 'abcde', says: 'shorter than 6' },
    { why: 'its password is too short to be masked', kind: 'basic', value: 'longuser:abcde', says: 'password' },
    { why: 'it is not user:password', kind: 'basic', value: 'no-colon-here', says: 'user:password' },
    { why: 'a user has a line break', kind: 'basic', value: 'us\ner:password', says: 'control' },
    { why: 'a header value has a line break', kind: 'header', value: 'secret\r\nx-admin: 1', says: 'line breaks' },
    { why: 'a header value has a NUL', kind: 'header', value: 'secret\0secret', says: 'NUL' },
    { why: 'a header value has an accent', kind: 'bearer', value: 'secr\u00e9tsecret', says: 'accents' },
    { why: 'a header value ends with a space', kind: 'header', value: 'secretsecret ', says: 'space' },
    { why: 'it says Bearer itself', kind: 'bearer', value: 'Bearer abcdefgh', says: 'Leave out' },
    { why: 'a variable has a NUL', kind: 'env', value: 'secret\0secret', says: 'NUL' },
    { why: 'it is too long', kind: 'env', value: 'x'.repeat(65_537), says: 'longer than' },
  ]
  it.each(refused)('$why', ({ kind, value, says }) => {
    using world = setUp()
    const outcome = world.vault.set('files', { name: 'token', kind, value }, 5)
    expect(outcome).toEqual({ kind: 'refused', message: expect.stringContaining(says) })
    expect(JSON.stringify(outcome)).not.toContain(value)
    expect(world.vault.list()).toEqual([])
  })

  it('but a key of several lines may be a variable', () => {
    expect(valueFault('env', 'line one\nline two\n')).toBeUndefined()
  })
})

describe('somebody who can write the database', () => {
  const tampering: readonly { does: string; sql: string }[] = [
    { does: 'swaps two credentials of one connection', sql: swap('files', 'a', 'files', 'b') },
    { does: 'swaps credentials of two connections', sql: swap('files', 'a', 'mail', 'a') },
    { does: 'swaps the keys of two connections', sql: swapKeys() },
    { does: 'gives a credential another name', sql: "UPDATE credential SET name = 'c' WHERE name = 'a'" },
    { does: 'gives a credential another kind', sql: "UPDATE credential SET kind = 'env'" },
    { does: 'gives a credential another date', sql: 'UPDATE credential SET updated_ms = updated_ms + 1' },
    { does: 'shortens a ciphertext', sql: "UPDATE credential SET ciphertext = x'00'" },
    { does: 'empties a nonce', sql: "UPDATE credential SET nonce = x''" },
    { does: 'shortens a key', sql: "UPDATE connection_key SET wrapped_key = x'00'" },
    { does: 'writes a kind that does not exist', sql: "UPDATE credential SET kind = 'query'" },
  ]
  it.each(tampering)('and $does gets nothing loaded', ({ sql }) => {
    using world = setUp()
    for (const connection of ['files', 'mail']) {
      for (const name of ['a', 'b']) world.set(connection, name, `${VALUE}-${connection}-${name}`)
    }
    world.exec(sql)
    expect(() => world.load('files')).toThrow(expect.objectContaining({ name: 'GatewayError' }))
  })

  it.each(['ciphertext', 'nonce'] as const)('cannot flip one bit of a %s', (column) => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    const [row] = world.raw(`SELECT ${column} AS bytes FROM credential`)
    const bytes = row?.['bytes'] as Uint8Array
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      world.database.prepare(`UPDATE credential SET ${column} = ?`).run(flipped)
      expect(() => world.load('files')).toThrow(expect.objectContaining({ code: 'credential_unreadable' }))
    }
    world.database.prepare(`UPDATE credential SET ${column} = ?`).run(bytes)
    expect(world.load('files')).toEqual({ token: VALUE })
  })
})

describe('the master key', () => {
  it('when it is another one, opens nothing, and the error says which key is wanted', () => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    world.restart(NEW)
    const wanted = { code: 'credential_unreadable', message: expect.stringContaining(OLD.id) }
    expect(() => world.load('files')).toThrow(expect.objectContaining(wanted))
    expect(() => world.set('files', 'more', VALUE)).toThrow(expect.objectContaining(wanted))
    expect(world.vault.list()).toHaveLength(1)
  })

  it('when it lies about which one it is, still opens nothing', () => {
    using world = setUp()
    world.set('files', 'token', VALUE)
    world.restart({ key: NEW.key, id: OLD.id })
    expect(() => world.load('files')).toThrow(expect.objectContaining({ code: 'credential_unreadable' }))
  })

  it('can be changed without setting a credential anew, and twice does no harm', () => {
    using world = setUp()
    for (const connection of ['files', 'mail', 'wiki']) world.set(connection, 'token', `${VALUE}-${connection}`)
    expect(rewrap(world.rows, OLD, NEW)).toBe(3)
    expect(rewrap(world.rows, OLD, NEW)).toBe(3)
    expect(() => world.load('files')).toThrow(expect.objectContaining({ code: 'credential_unreadable' }))
    world.restart(NEW)
    expect(world.load('wiki')).toEqual({ token: `${VALUE}-wiki` })
  })

  it('is not changed for anybody when one connection cannot be opened', () => {
    using world = setUp()
    for (const connection of ['files', 'mail']) world.set(connection, 'token', VALUE)
    world.exec("UPDATE connection_key SET wrapped_key = x'00' WHERE connection = 'mail'")
    expect(() => rewrap(world.rows, OLD, NEW)).toThrow(expect.objectContaining({ code: 'credential_unreadable' }))
    expect(world.load('files')).toEqual({ token: VALUE })
  })
})

/** SQL that swaps what two rows hold. */
function swap(connection: string, name: string, otherConnection: string, otherName: string): string {
  const one = `connection = '${connection}' AND name = '${name}'`
  const two = `connection = '${otherConnection}' AND name = '${otherName}'`
  return `CREATE TEMP TABLE old AS SELECT * FROM credential; ${put(one, two)} ${put(two, one)}`
}

function put(to: string, from: string): string {
  return `UPDATE credential SET nonce = ${old('nonce', from)}, ciphertext = ${old('ciphertext', from)} WHERE ${to};`
}

function old(column: string, where: string): string {
  return `(SELECT ${column} FROM temp.old WHERE ${where})`
}

function swapKeys(): string {
  return `CREATE TEMP TABLE old AS SELECT * FROM connection_key;
    UPDATE connection_key SET
      nonce = (SELECT nonce FROM temp.old WHERE old.connection <> connection_key.connection),
      wrapped_key = (SELECT wrapped_key FROM temp.old WHERE old.connection <> connection_key.connection)`
}

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-vault-'))
  let control = ControlDatabase.open(folder)
  let rows = new SqliteCredentialRows(control)
  let vault = new Vault(rows, OLD)
  return {
    folder,
    get vault() {
      return vault
    },
    get rows() {
      return rows
    },
    get database() {
      return control.database
    },
    set(connection: string, name: string, value: string, kind: CredentialKind = 'bearer') {
      expect(vault.set(connection, { name, kind, value }, 5)).toEqual({ kind: 'stored' })
    },
    load(connection: string) {
      return Object.fromEntries([...vault.load(connection)].map(([name, secret]) => [name, Sealed.open(secret)]))
    },
    exec: (sql: string) => control.database.exec(sql),
    raw: (sql: string) =>
      control.database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    restart(master: MasterKey = OLD) {
      control.close()
      control = ControlDatabase.open(folder)
      rows = new SqliteCredentialRows(control)
      vault = new Vault(rows, master)
    },
    [Symbol.dispose]() {
      control.close()
      rmSync(folder, { recursive: true })
    },
  }
}
