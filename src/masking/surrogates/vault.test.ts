import { describe, expect, it } from 'vitest'
import { ALICE, CARD, EMAIL, NOW, openSurrogates, originOf } from '../../../test/support/surrogates.ts'
import { HOUR_MS } from '../../base/units.ts'
import type { ScopeName } from './scope.ts'

describe('a value of an upstream', () => {
  it('gets one surrogate wherever it stands, and comes back as it was spelled first', () => {
    using world = openSurrogates()
    const scope = world.open()
    const first = world.mint(scope, 'email', 'Joe@Example.com')
    expect(first).toMatch(/^[0-9a-hjkmnp-tv-z]{18}$/)
    expect(world.mint(scope, 'email', EMAIL)).toBe(first)
    expect(scope.book.find(first)?.value).toBe('Joe@Example.com')
    const card = world.mint(scope, 'credit_card', '4111 1111 1111 1111')
    expect(world.mint(scope, 'credit_card', CARD)).toBe(card)
  })

  it('keeps its surrogate over a restart, and so do its shapes and where it came from', () => {
    using world = openSurrogates()
    const scope = world.open()
    const row = scope.bookFor(originOf('find')).mint('credit_card', CARD)
    expect(row !== undefined && scope.bookFor(originOf('find')).alias(row, '1000000000000017', '4111.0')).toBe(true)
    world.mint(scope, 'credit_card', CARD, 'list')
    expect(world.vault.save(scope)).toEqual({ kind: 'saved' })
    world.restart()
    const { book } = world.open(ALICE, NOW + 1)
    const held = book.find(row?.id ?? '')
    expect(held).toMatchObject({ value: CARD, entity: 'credit_card', createdMs: NOW, expiresMs: NOW + 8 * HOUR_MS })
    expect(held?.origins.map(({ upstream, tool }) => [upstream, tool])).toEqual([
      ['crm', 'find'],
      ['crm', 'list'],
    ])
    expect(book.findAlias('1000000000000017')?.id).toBe(row?.id)
    expect(book.findAlias('1000000000000017')?.aliases.get('1000000000000017')).toBe('4111.0')
    expect(world.mint(world.open(), 'credit_card', CARD)).toBe(row?.id)
  })

  it('notes a new place that it comes from, and writes nothing where there is none', () => {
    using world = openSurrogates()
    const id = world.keep('email', EMAIL)
    const version = () => world.raw('SELECT version FROM scope')[0]?.['version']
    for (const tool of ['find', 'find', 'list', 'list']) {
      const scope = world.open()
      world.mint(scope, 'email', EMAIL, tool)
      expect(world.vault.save(scope)).toEqual({ kind: 'saved' })
    }
    expect(version()).toBe(2)
    world.restart()
    expect(
      world
        .open()
        .book.find(id)
        ?.origins.map(({ tool }) => tool),
    ).toEqual(['find', 'list'])
  })

  it('from more places than anybody reads keeps some, and every upstream', () => {
    using world = openSurrogates()
    const scope = world.open()
    for (let i = 0; i < 100; i += 1) world.mint(scope, 'email', EMAIL, `tool${i}`)
    const row = scope.bookFor(originOf('find', 'erp')).mint('email', EMAIL)
    const upstreams = scope.book.find(row?.id ?? '')?.origins.map(({ upstream }) => upstream)
    expect(upstreams).toHaveLength(33)
    expect(upstreams?.at(-1)).toBe('erp')
  })

  it('has so many shapes and no more', () => {
    using world = openSurrogates()
    const book = world.open().bookFor(originOf('find'))
    const row = book.mint('email', EMAIL)
    const given = Array.from({ length: 20 }, (_, i) => row !== undefined && book.alias(row, `100000000${i}`))
    expect(given.filter((one) => one)).toHaveLength(16)
  })

  it('has a mark for each of its spellings, the same again after a restart, and so many', () => {
    using world = openSurrogates()
    const scope = world.open()
    const id = world.mint(scope, 'email', EMAIL)
    const marks = Array.from({ length: 18 }, (_, i) => scope.book.spell(id, `spelling ${i}`))
    expect(marks.slice(0, 2)).toEqual(['~1', '~2'])
    expect(marks.slice(16)).toEqual([undefined, undefined])
    expect(scope.book.hasAliases).toBe(false)
    world.vault.save(scope)
    world.restart()
    expect(world.open().book.spell(id, 'spelling 1')).toBe('~2')
    expect(world.open().book.hasAliases).toBe(false)
  })

  it.each([
    ['tenant', 'u'],
    ['principal', 'pri_bob'],
    ['client', 'other'],
    ['group', 'erp'],
    ['purpose', 'something else'],
  ])('has nothing in common with the same value for another %s', (part, other) => {
    using world = openSurrogates()
    const id = world.mint(world.open(), 'email', EMAIL)
    const elsewhere = world.open({ ...ALICE, [part]: other })
    expect(world.mint(elsewhere, 'email', EMAIL)).not.toBe(id)
    expect(elsewhere.book.find(id)).toBeUndefined()
    expect(elsewhere.book.isGenuine('email', id)).toBe(false)
  })

  it.each(['credit_card', 'us_ssn', 'date_of_birth'] as const)(
    'that could be guessed by trying all of them has an id of chance: %s',
    (entity) => {
      using world = openSurrogates()
      using twin = openSurrogates()
      expect(world.mint(world.open(), 'email', EMAIL)).toBe(twin.mint(twin.open(), 'email', EMAIL))
      expect(world.mint(world.open(), entity, CARD)).not.toBe(twin.mint(twin.open(), entity, CARD))
    },
  )

  it.each(['password', 'secret', 'private_key', 'jwt', 'credential', 'pin', 'card_verification'] as const)(
    'that opens doors is never kept: %s',
    (entity) => {
      using world = openSurrogates()
      const scope = world.open()
      expect(scope.bookFor(originOf('find')).mint(entity, 'correct horse')).toBeUndefined()
      expect(scope.book.size).toBe(0)
    },
  )

  it('is worked out once in a message, however often it stands there', () => {
    using world = openSurrogates()
    const book = world.open().bookFor(originOf('find'))
    const first = book.mint('email', EMAIL)
    for (let i = 0; i < 100; i += 1) expect(book.mint('email', EMAIL)).toBe(first)
    expect(book.minted).toEqual([first?.id])
  })

  it('that is too long or no text to be is not kept', () => {
    using world = openSurrogates()
    const book = world.open().bookFor(originOf('find'))
    expect(book.mint('postal_address', 'a'.repeat(8_193))).toBeUndefined()
    expect(book.mint('person_name', 'a\ud800')).toBeUndefined()
  })
})

describe('a value that a client typed', () => {
  it('gets another surrogate than the same value of an upstream, and nothing comes back from it', () => {
    using world = openSurrogates()
    const scope = world.open()
    const known = world.mint(scope, 'email', EMAIL)
    const typed = scope.typedBook().mint('email', EMAIL)
    expect(typed?.id).toMatch(/^[0-9a-hjkmnp-tv-z]{18}$/)
    expect(typed?.id.slice(0, 15)).not.toBe(known.slice(0, 15))
    expect(scope.book.find(typed?.id ?? '')).toBeUndefined()
    expect(scope.book.isGenuine('email', typed?.id ?? '')).toBe(false)
    expect(scope.typedBook().mint('email', EMAIL)?.id).toBe(typed?.id)
    expect(scope.book.size).toBe(1)
  })

  it('that can be guessed looks different each time', () => {
    using world = openSurrogates()
    const scope = world.open()
    const book = scope.typedBook()
    expect(book.mint('credit_card', CARD)?.id).toBe(book.mint('credit_card', CARD)?.id)
    expect(scope.typedBook().mint('credit_card', CARD)?.id).not.toBe(book.mint('credit_card', CARD)?.id)
  })
})

describe('a hash', () => {
  it('joins equal values of a tenant for one purpose, and no others', () => {
    using world = openSurrogates()
    const hash = (part: Partial<ScopeName>) =>
      world
        .open({ ...ALICE, ...part })
        .typedBook()
        .hash('email', EMAIL)
    expect(hash({})).toMatch(/^[0-9a-hjkmnp-tv-z]{16}$/)
    expect(hash({ principal: 'pri_bob', group: 'erp', client: 'x' })).toBe(hash({}))
    expect(hash({ tenant: 'u' })).not.toBe(hash({}))
    expect(hash({ purpose: 'x' })).not.toBe(hash({}))
  })
})

describe('an epoch', () => {
  it('ends eight hours after it began, and the next one knows nothing of it', () => {
    using world = openSurrogates()
    const id = world.keep('email', EMAIL)
    expect(world.mint(world.open(ALICE, NOW + 8 * HOUR_MS - 1), 'email', EMAIL)).toBe(id)
    const next = world.open(ALICE, NOW + 8 * HOUR_MS)
    expect(next.book.find(id)).toBeUndefined()
    expect(next.book.isGenuine('email', id)).toBe(false)
    expect(world.mint(next, 'email', EMAIL)).not.toBe(id)
  })

  it('lasts a day at most, whatever is configured', () => {
    using world = openSurrogates({ epochMs: 1000 * HOUR_MS })
    expect(world.open().book.endsMs).toBe(NOW + 24 * HOUR_MS)
  })

  it('that was begun under a longer configuration ends with the shorter one', () => {
    using world = openSurrogates({ epochMs: 24 * HOUR_MS })
    const id = world.keep('email', EMAIL)
    world.restart({ epochMs: HOUR_MS })
    expect(world.open(ALICE, NOW + 1).book.endsMs).toBe(NOW + HOUR_MS)
    expect(world.open(ALICE, NOW + HOUR_MS).book.find(id)).toBeUndefined()
  })

  it('is not begun by a look for what may come back', () => {
    using world = openSurrogates()
    expect(world.vault.find(ALICE, NOW)).toBeUndefined()
    world.keep('email', EMAIL)
    expect(world.vault.find(ALICE, NOW)?.book.size).toBe(1)
    expect(world.vault.find(ALICE, NOW + 8 * HOUR_MS)).toBeUndefined()
  })

  it('that ended is erased by the minute', () => {
    using world = openSurrogates()
    world.keep('email', EMAIL)
    expect(world.vault.expire(NOW + 8 * HOUR_MS - 1)).toBe(0)
    expect(world.vault.expire(NOW + 8 * HOUR_MS)).toBe(1)
    expect(world.raw('SELECT count(*) AS n FROM surrogate')).toEqual([{ n: 0 }])
  })
})
