import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newSessionId, type PrincipalId } from '../../base/ids.ts'
import { principalId } from '../../identity/principal.ts'
import { ControlDatabase } from './control.ts'
import { SqliteSessionBindings } from './session-bindings.ts'

const ALICE = principalId('https://idp.example', 'alice')
const BOB = principalId('https://idp.example', 'bob')

describe('the control database', () => {
  it('is for its owner only, with everything that belongs to it, even if it was not before', () => {
    using world = setUp()
    const path = join(world.folder, 'control.db')
    writeFileSync(path, '', { mode: 0o644 })
    const { control } = world.open()
    control.database.exec("INSERT INTO setting VALUES ('x', x'00')")
    const modes = readdirSync(world.folder).map((name) => [name, statSync(join(world.folder, name)).mode & 0o777])
    expect(modes).toEqual([
      ['control.db', 0o600],
      ['control.db-shm', 0o600],
      ['control.db-wal', 0o600],
    ])
    const pragma = (name: string) => control.database.prepare(`PRAGMA ${name}`).get()
    expect({ ...pragma('journal_mode') }).toEqual({ journal_mode: 'wal' })
    expect({ ...pragma('synchronous') }).toEqual({ synchronous: 2 })
  })

  it('takes back what was done when a transaction fails', () => {
    using world = setUp()
    const { control } = world.open()
    const fail = () => {
      control.database.exec("INSERT INTO setting VALUES ('x', x'00')")
      throw new Error('half way')
    }
    expect(() => control.transaction(fail)).toThrow('half way')
    expect(control.database.prepare("SELECT * FROM setting WHERE name = 'x'").all()).toEqual([])
  })

  it('of a newer version is left alone', () => {
    using world = setUp()
    world.open().control.database.exec('PRAGMA user_version = 99')
    expect(() => world.open()).toThrow(/newer version/)
  })

  it('that is no database is a mistake of the configuration', () => {
    using world = setUp()
    writeFileSync(join(world.folder, 'control.db'), 'not a database, but long enough to be read as one. '.repeat(40))
    expect(() => world.open()).toThrow(expect.objectContaining({ code: 'config_invalid' }))
  })
})

describe('a session of an upstream', () => {
  it('is still its opener’s after a restart', () => {
    using world = setUp()
    const binding = bindingOf(ALICE)
    expect(world.open().bindings.bind('files', 'abc', binding)).toBe(true)
    const { bindings } = world.open()
    expect(bindings.find('files', 'abc')).toEqual(binding)
    expect(bindings.find('mail', 'abc')).toBeUndefined()
    expect(bindings.find('files', 'abcd')).toBeUndefined()
  })

  it('cannot be bound to somebody else, and can be bound again by its owner', () => {
    using world = setUp()
    const { bindings } = world.open()
    const mine = bindingOf(ALICE)
    bindings.bind('files', 'abc', bindingOf(ALICE))
    expect(bindings.bind('files', 'abc', bindingOf(BOB))).toBe(false)
    expect(bindings.bind('files', 'abc', mine)).toBe(true)
    expect(bindings.find('files', 'abc')).toEqual(mine)
    expect(bindings.bind('mail', 'abc', bindingOf(BOB))).toBe(true)
  })

  it('is forgotten when it ends, or when it started too long ago', () => {
    using world = setUp()
    const { bindings } = world.open()
    for (const [id, startedMs] of [
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ] as const) {
      bindings.bind('files', id, { ...bindingOf(ALICE), startedMs })
    }
    bindings.drop('files', 'c')
    bindings.expire(20)
    expect(['a', 'b', 'c'].map((id) => bindings.find('files', id)?.startedMs)).toEqual([undefined, 20, undefined])
  })

  it('is among those that somebody may come back to, until it is dropped', () => {
    using world = setUp()
    const bound = bindingOf(ALICE)
    world.open().bindings.bind('files', 'abc', bound)
    const { bindings } = world.open()
    expect([...bindings.sessions()]).toEqual([bound.session])
    bindings.drop('files', 'abc')
    expect([...bindings.sessions()]).toEqual([])
  })

  it('leaves no trace of its id on disk', () => {
    using world = setUp()
    const upstreamId = 'upstream-session-0123456789'
    world.open().bindings.bind('files', upstreamId, bindingOf(ALICE))
    for (const name of readdirSync(world.folder)) {
      expect(readFileSync(join(world.folder, name)).includes(upstreamId)).toBe(false)
    }
  })

  it('is refused when its row says what was never written', () => {
    using world = setUp()
    const { bindings, control } = world.open()
    bindings.bind('files', 'abc', bindingOf(ALICE))
    for (const change of ["revision = 'x'", "session = 'x'", "principal = 'x'"]) {
      control.database.exec(`UPDATE session_binding SET ${change}`)
      expect(() => bindings.find('files', 'abc')).toThrow(/damaged/)
    }
  })
})

function bindingOf(principal: PrincipalId) {
  return { principal, session: newSessionId(), revision: '2025-11-25' as const, startedMs: 7 }
}

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-control-'))
  const opened: ControlDatabase[] = []
  return {
    folder,
    open() {
      const control = ControlDatabase.open(folder)
      opened.push(control)
      return { control, bindings: new SqliteSessionBindings(control) }
    },
    [Symbol.dispose]() {
      for (const control of opened) control.close()
      rmSync(folder, { recursive: true })
    },
  }
}
