import { Buffer } from 'node:buffer'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMasterKeyFile, parseMasterKey, readMasterKeyFile } from './master-key.ts'

const BYTES = Uint8Array.from({ length: 32 }, (_, n) => 250 - n)
const HEX = Buffer.from(BYTES).toString('hex')

describe('a master key', () => {
  it.each([
    ['hexadecimal digits', HEX],
    ['capital digits', HEX.toUpperCase()],
    ['base64', Buffer.from(BYTES).toString('base64')],
    ['base64url', Buffer.from(BYTES).toString('base64url')],
    ['base64 with a line end', `${Buffer.from(BYTES).toString('base64')}\n`],
  ])('may be written as %s', (_, text) => {
    const { key, id } = parseMasterKey(text, 'SALLYPORT_KEY')
    expect(key.export()).toEqual(Buffer.from(BYTES))
    expect(id).toBe(parseMasterKey(HEX, 'x').id)
    expect(id).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each([
    ['only spaces', '      '],
    ['16 bytes', HEX.slice(32)],
    ['33 bytes', `${HEX}00`],
    ['a password', 'correct horse battery staple'],
    ['almost hexadecimal', `${HEX.slice(1)}g`],
  ])('is refused when it is %s, and the error says what to do without saying what it was', (_, text) => {
    const attempt = () => parseMasterKey(text, 'SALLYPORT_KEY')
    expect(attempt).toThrow(expect.objectContaining({ code: 'config_invalid' }))
    expect(attempt).toThrow(/SALLYPORT_KEY.*openssl rand -base64 32/)
    expect(attempt).not.toThrow(text)
  })

  it('does not show when it is printed', () => {
    const shown = inspect(parseMasterKey(HEX, 'x'), { depth: 9 }) + JSON.stringify(parseMasterKey(HEX, 'x'))
    expect(shown).not.toContain(HEX.slice(0, 12))
    expect(shown).not.toContain(Buffer.from(BYTES).toString('base64').slice(0, 12))
  })
})

describe('a master key file', () => {
  it('is made for its owner only, and never over another one', () => {
    using world = setUp()
    const made = createMasterKeyFile(world.path)
    expect(statSync(world.path).mode & 0o777).toBe(0o600)
    expect(readMasterKeyFile(world.path).id).toBe(made.id)
    expect(() => createMasterKeyFile(world.path)).toThrow(expect.objectContaining({ code: 'config_invalid' }))
    expect(readMasterKeyFile(world.path).id).toBe(made.id)
  })

  it.each([0o644, 0o640, 0o660, 0o620, 0o604, 0o602, 0o666])('with mode %o is refused', (mode) => {
    using world = setUp()
    writeFileSync(world.path, HEX)
    chmodSync(world.path, mode)
    expect(() => readMasterKeyFile(world.path)).toThrow(/chmod 600/)
  })

  it.each([0o600, 0o400])('with mode %o is read', (mode) => {
    using world = setUp()
    writeFileSync(world.path, HEX)
    chmodSync(world.path, mode)
    expect(readMasterKeyFile(world.path).id).toBe(parseMasterKey(HEX, 'x').id)
  })

  it('that is missing or huge is a mistake of the configuration', () => {
    using world = setUp()
    expect(() => readMasterKeyFile(world.path)).toThrow(expect.objectContaining({ code: 'config_invalid' }))
    writeFileSync(world.path, HEX.repeat(100), { mode: 0o600 })
    expect(() => readMasterKeyFile(world.path)).toThrow(/too large/)
  })
})

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'))
  return { path: join(folder, 'master.key'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
