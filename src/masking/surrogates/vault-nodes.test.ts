import { describe, expect, it } from 'vitest'
import { ALICE, CARD, EMAIL, NOW, openSurrogates, originOf, rootOf } from '../../../test/support/surrogates.ts'
import { HOUR_MS } from '../../base/units.ts'
import type { OpenScope } from './open-scope.ts'

describe('nothing comes back any more', () => {
  it('when its principal, its connection, or everybody is forgotten, on the other node, too', () => {
    using world = openSurrogates()
    for (const whose of [
      { kind: 'principal', principal: 'pri_alice' },
      { kind: 'group', group: 'crm' },
      { kind: 'all' },
    ] as const) {
      const id = world.keep('email', EMAIL)
      const bystander = { ...ALICE, principal: 'pri_bob', group: 'erp' }
      const theirs = world.open(bystander)
      world.mint(theirs, 'email', EMAIL)
      world.vault.save(theirs)
      const before = world.open()
      const n = whose.kind === 'all' ? 2 : 1
      expect(world.other.forget(whose)).toEqual({ scopes: n, surrogates: n })
      const after = world.open(ALICE, NOW + 1)
      expect(after.book.find(id)).toBeUndefined()
      expect(after.book.isGenuine('email', id)).toBe(false)
      expect(world.open(bystander).book.size).toBe(whose.kind === 'all' ? 0 : 1)
      world.mint(before, 'email', 'new@example.com')
      expect(world.vault.save(before)).toEqual({ kind: 'again', why: 'gone' })
    }
  })

  it('when another process forgot it, and within a minute its values are in no memory either', () => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    expect(world.vault.held).toBe(1)
    expect(world.other.forget({ kind: 'all' })).toEqual({ scopes: 1, surrogates: 1 })
    expect(world.vault.find(ALICE, NOW + 1)).toBeUndefined()
    expect(world.vault.held).toBe(1)
    expect(world.vault.expire(NOW + 1)).toBe(0)
    expect(world.vault.held).toBe(0)
  })

  it('when the salt of its scope is gone, even from a copy of the rows', () => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    world.raw('UPDATE scope SET salt = zeroblob(32)')
    world.restart()
    expect(() => world.open()).toThrow(/altered/)
  })

  it('under another root key: the scope begins anew', () => {
    using world = openSurrogates()
    const id = world.keep('email', EMAIL)
    world.restart({ root: rootOf(9) })
    expect(world.open().book.find(id)).toBeUndefined()
    expect(world.mint(world.open(), 'email', EMAIL)).not.toBe(id)
  })

  it.each([
    ["id = 'aaaaaaaaaaaaaaaaaa'"],
    ["entity = 'phone'"],
    ['expires_ms = expires_ms + 1'],
    ["value_index = x'00'"],
    ["sealed = x'00'"],
    ['sealed = zeroblob(200)'],
  ])('where somebody changed its row to %s', (change) => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    world.raw(`UPDATE surrogate SET ${change}`)
    world.restart()
    expect(() => world.open()).toThrow(expect.objectContaining({ code: 'masking_blocked' }))
  })

  it('where somebody let its scope live longer', () => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    world.raw('UPDATE scope SET ends_ms = ends_ms * 2')
    world.restart()
    expect(world.vault.find(ALICE, NOW + 8 * HOUR_MS)).toBeUndefined()
  })
})

describe('two nodes that give out surrogates at once', () => {
  it('agree on one id of chance: the second masks again and takes the first one’s', () => {
    using world = openSurrogates()
    const [mine, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    const [a, b] = [world.mint(mine, 'credit_card', CARD), world.mint(theirs, 'credit_card', CARD, 'list')]
    expect(a).not.toBe(b)
    expect(world.other.save(theirs)).toEqual({ kind: 'saved' })
    expect(world.vault.save(mine)).toEqual({ kind: 'again', why: 'moved' })
    const again = world.open()
    expect(world.mint(again, 'credit_card', CARD)).toBe(b)
    expect(world.vault.save(again)).toEqual({ kind: 'saved' })
    expect(world.raw('SELECT id FROM surrogate')).toEqual([{ id: b }])
    const origins = world.other.open(ALICE, NOW).book.find(b)?.origins
    expect(origins?.map(({ tool }) => tool)).toEqual(['list', 'find'])
  })

  it('need not mask again where the id says which value it is, and keep both origins', () => {
    using world = openSurrogates()
    const [mine, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    const id = world.mint(mine, 'email', EMAIL)
    expect(world.mint(theirs, 'email', EMAIL, 'list')).toBe(id)
    expect(world.other.save(theirs)).toEqual({ kind: 'saved' })
    expect(world.vault.save(mine)).toEqual({ kind: 'saved' })
    world.restart()
    const origins = world.open().book.find(id)?.origins
    expect(origins?.map(({ tool }) => tool)).toEqual(['list', 'find'])
  })

  it('mask again where together they gave one value more shapes than it may have', () => {
    using world = openSurrogates()
    const [mine, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    for (const [scope, first] of [
      [mine, 1],
      [theirs, 2],
    ] as const) {
      const book = scope.bookFor(originOf('find'))
      const row = book.mint('email', EMAIL)
      for (let i = 0; i < 10; i += 1) expect(row && book.alias(row, `${first}00000000${i}`)).toBe(true)
    }
    expect(world.other.save(theirs).kind).toBe('saved')
    expect(world.vault.save(mine)).toEqual({ kind: 'again', why: 'moved' })
  })

  it('never let one mark stand for two spellings', () => {
    using world = openSurrogates()
    const [mine, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    const spell = (scope: OpenScope, spelling: string) => scope.book.spell(world.mint(scope, 'email', EMAIL), spelling)
    expect([spell(mine, 'a'), spell(theirs, 'b')]).toEqual(['~1', '~1'])
    expect(world.other.save(theirs).kind).toBe('saved')
    expect(world.vault.save(mine)).toEqual({ kind: 'again', why: 'moved' })
    expect([spell(world.open(), 'b'), spell(world.open(), 'a')]).toEqual(['~1', '~2'])
  })

  it('begin a scope once', () => {
    using world = openSurrogates()
    const id = world.mint(world.open(), 'email', EMAIL)
    expect(world.mint(world.other.open(ALICE, NOW + 5), 'email', EMAIL)).toBe(id)
    expect(world.raw('SELECT count(*) AS n FROM scope')).toEqual([{ n: 1 }])
  })

  it('see what the other one gave out as soon as a message comes', () => {
    using world = openSurrogates()
    world.open()
    const theirs = world.other.open(ALICE, NOW)
    const id = world.mint(theirs, 'credit_card', CARD)
    world.other.save(theirs)
    expect(world.open().book.find(id)?.value).toBe(CARD)
  })

  it('never let one number stand for two values', () => {
    using world = openSurrogates()
    const number = '1000000000000017'
    const [mine, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    const alias = (scope: OpenScope, value: string) => {
      const book = scope.bookFor(originOf('find'))
      const row = book.mint('credit_card', value)
      return row !== undefined && book.alias(row, number)
    }
    expect(alias(mine, CARD)).toBe(true)
    expect(alias(theirs, '5555555555554444')).toBe(true)
    expect(world.other.save(theirs).kind).toBe('saved')
    expect(world.vault.save(mine)).toEqual({ kind: 'again', why: 'moved' })
    expect(alias(world.open(), CARD)).toBe(false)
    expect(world.open().book.findAlias(number)?.value).toBe('5555555555554444')
  })

  it('send back every message that holds what stands no longer, not only the one that saved', () => {
    using world = openSurrogates()
    const [waiting, theirs] = [world.open(), world.other.open(ALICE, NOW)]
    world.mint(waiting, 'credit_card', CARD)
    world.mint(theirs, 'credit_card', CARD)
    world.other.save(theirs)
    expect(world.vault.save(world.open())).toEqual({ kind: 'saved' })
    expect(world.vault.save(waiting)).toEqual({ kind: 'again', why: 'moved' })
  })
})

describe('where storing fails', () => {
  it('the next message stores what the failed one left, and is not released before', () => {
    using world = openSurrogates()
    const scope = world.open()
    const id = world.mint(scope, 'email', EMAIL)
    world.raw('ALTER TABLE surrogate RENAME TO gone')
    expect(() => world.vault.save(scope)).toThrow(/surrogate/)
    world.raw('ALTER TABLE gone RENAME TO surrogate')
    const next = world.open()
    expect(world.mint(next, 'email', EMAIL)).toBe(id)
    expect(world.vault.save(next)).toEqual({ kind: 'saved' })
    world.restart()
    expect(world.open().book.find(id)?.value).toBe(EMAIL)
  })
})

describe('over its bound', () => {
  it('a scope gives out no more, and still knows what it gave out', () => {
    using world = openSurrogates({ rowsPerScopeMax: 2 })
    const scope = world.open()
    const [a] = [world.mint(scope, 'email', 'a@example.com'), world.mint(scope, 'email', 'b@example.com')]
    expect(scope.bookFor(originOf('find')).mint('email', 'c@example.com')).toBeUndefined()
    expect(world.mint(scope, 'email', 'a@example.com')).toBe(a)
    world.vault.save(scope)
    world.restart({ rowsPerScopeMax: 2 })
    expect(world.open().bookFor(originOf('find')).mint('email', 'c@example.com')).toBeUndefined()
  })

  it('a tenant gives out no more in any of its scopes, and others do', () => {
    using world = openSurrogates({ rowsPerTenantMax: 2 })
    world.keep('email', 'a@example.com')
    world.keep('email', 'b@example.com')
    const bob = { ...ALICE, principal: 'pri_bob' }
    expect(world.open(bob).bookFor(originOf('find')).mint('email', EMAIL)).toBeUndefined()
    expect(world.mint(world.open({ ...bob, tenant: 'u' }), 'email', EMAIL)).toMatch(/^.{18}$/)
  })

  it('that two scopes reach at once, the second one masks again, with less', () => {
    using world = openSurrogates({ rowsPerTenantMax: 1 })
    const bob = { ...ALICE, principal: 'pri_bob' }
    const [mine, bobs] = [world.open(), world.open(bob)]
    world.mint(mine, 'email', EMAIL)
    world.mint(bobs, 'email', EMAIL)
    expect(world.vault.save(mine)).toEqual({ kind: 'saved' })
    expect(world.vault.save(bobs)).toEqual({ kind: 'again', why: 'full' })
    expect(world.open(bob).bookFor(originOf('find')).mint('email', EMAIL)).toBeUndefined()
    expect(world.vault.save(world.open(bob))).toEqual({ kind: 'saved' })
  })
})
