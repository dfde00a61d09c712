import { createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import { MessageBook } from '../surrogates/message-book.ts'
import { scopeKeys } from '../surrogates/scope.ts'
import { ScopeBook } from '../surrogates/scope-book.ts'
import type { Action } from './actions.ts'
import { factsOf } from './entity-groups.ts'
import { readForm } from './read-forms.ts'
import { type ReplacementFor, replacementFor } from './replacement.ts'

const CARD = '4111111111111111'

describe('without a schema', () => {
  it.each<[EntityName, Action, string, RegExp]>([
    ['email', 'surrogate', 'joe@example.com', /^sur_email_[0-9a-z]{18}$/],
    ['email', 'redact', 'joe@example.com', /^redacted:email$/],
    ['email', 'hash', 'joe@example.com', /^h_email_[0-9a-z]{16}$/],
    ['email', 'partial', 'joe@example.com', /^x\.at\.example\.com$/],
    ['credit_card', 'surrogate', CARD, /^sur_credit_card_[0-9a-z]{18}$/],
    ['password', 'surrogate', 'hunter2hunter2', /^redacted:password$/],
    ['pin', 'surrogate', '1234', /^redacted:pin$/],
    ['jwt', 'hash', 'a.b.c', /^redacted:jwt$/],
    ['us_ssn', 'hash', '078-05-1120', /^redacted:us_ssn$/],
    ['secret', 'partial', 'abcdefghijkl', /^redacted:secret$/],
  ])('a text of the kind %s under %s becomes its form', (entity, action, text, form) => {
    const put = replacementFor({ ...setUp(), entity, action, kind: 'string', text })
    expect(put).toMatchObject({
      kind: 'put',
      isToken: false,
      restorable: action === 'surrogate' && form.source.includes('sur_'),
    })
    expect(put.kind === 'put' ? put.text : '').toMatch(form)
  })

  it('equal values have equal surrogates, whatever their spelling, and others have others', () => {
    const request = setUp({ entity: 'credit_card' })
    const of = (text: string) => replacementFor({ ...request, text })
    expect(of('4111 1111 1111 1111')).toEqual(of(CARD))
    expect(of('5500000000000004')).not.toEqual(of(CARD))
  })

  it('a number stays a number, and comes back by its text alone', () => {
    const { scope, ...request } = setUp({ entity: 'credit_card', kind: 'number' })
    const put = replacementFor({ ...request, text: CARD })
    expect(put).toMatchObject({ kind: 'put', restorable: true, isToken: true })
    const text = put.kind === 'put' ? put.text : ''
    expect(text).toMatch(/^1\d{15}$/)
    expect(replacementFor({ ...request, text: CARD })).toEqual(put)
    expect(scope.unsaved.rows[0]?.aliases.get(text)).toBe(CARD)
  })

  it('a number that a row of another value has already is not used for a second one', () => {
    const { scope, ...request } = setUp({ entity: 'credit_card', kind: 'number' })
    const first = replacementFor({ ...request, text: CARD })
    const twin = setUp({ entity: 'credit_card', kind: 'number' })
    const taken = twin.book.mint('email', 'joe@example.com')
    if (first.kind !== 'put' || taken === undefined) throw new Error('nothing was put')
    expect(twin.book.alias(taken, first.text)).toBe(true)
    const second = replacementFor({ ...twin, text: CARD })
    expect(second).toMatchObject({ kind: 'put', restorable: true })
    expect(second).not.toEqual(first)
    expect(scope.size).toBe(1)
  })

  it('a short number does not come back: a number that nobody hid would soon be one of so few', () => {
    const put = replacementFor({ ...setUp({ entity: 'bank_account', kind: 'number' }), text: '1234567' })
    expect(put).toMatchObject({ kind: 'put', restorable: false })
  })

  it('a number that is hidden for good is 1 and zeros', () => {
    const put = replacementFor({ ...setUp({ entity: 'credit_card', kind: 'number', action: 'redact' }), text: '-41.5' })
    expect(put).toEqual({ kind: 'put', text: '-10.0', restorable: false, isToken: true })
  })

  it('a number for which every stand-in is found by a detector lets nothing pass', () => {
    const request = setUp({ entity: 'credit_card', kind: 'number', isClean: () => false })
    expect(replacementFor({ ...request, text: CARD })).toEqual({ kind: 'impossible' })
  })

  it('a property that is true or false is left out, and null stays', () => {
    const request = setUp({ entity: 'password', kind: 'literal' })
    expect(replacementFor({ ...request, text: 'true' })).toEqual({ kind: 'drop' })
    expect(replacementFor({ ...request, text: 'true', nulls: true })).toMatchObject({ text: 'null', isToken: true })
    expect(replacementFor({ ...request, text: 'null' })).toMatchObject({ text: 'null', isToken: true })
  })

  it('two keys that are hidden for good stay two keys', () => {
    const request = setUp({ entity: 'email', kind: 'key', action: 'redact' })
    const of = (text: string, ordinal: number) => replacementFor({ ...request, text, ordinal })
    expect(of('joe@example.com', 1)).toMatchObject({ text: 'redacted:email:1' })
    expect(of('ann@example.com', 2)).toMatchObject({ text: 'redacted:email:2' })
    const partial = { ...request, action: 'partial' as const }
    expect(replacementFor({ ...partial, text: 'joe@example.com', ordinal: 1 })).toMatchObject({
      text: 'x.at.example.com:1',
    })
    expect(replacementFor({ ...request, action: 'surrogate', text: 'joe@example.com' })).toMatchObject({
      restorable: true,
    })
  })

  it('where the scope is full, a value is hidden for good', () => {
    const request = setUp({ rowsMax: 0, entity: 'email' })
    const put = replacementFor({ ...request, text: 'joe@example.com' })
    expect(put).toEqual({ kind: 'put', text: 'redacted:email', restorable: false, isToken: false })
  })

  it('a kind of the configuration goes by its own name', () => {
    const request = setUp({ entity: 'field', action: 'redact' })
    expect(replacementFor({ ...request, label: 'badge', text: 'B-17' })).toMatchObject({ text: 'redacted:badge' })
  })

  it('whatever the text, its stand-in is one word that says what it is, and only surrogates come back', () => {
    const actions = fc.constantFrom<Action>('redact', 'hash', 'surrogate', 'partial')
    fc.assert(
      fc.property(
        fc.string({ minLength: 10, maxLength: 60 }),
        actions,
        fc.constantFrom(...ENTITY_NAMES),
        (text, action, entity) => {
          const put = replacementFor({ ...setUp({ action, entity }), text })
          expect(put).toMatchObject({ kind: 'put', text: expect.stringMatching(/^[A-Za-z0-9_.:@+-]+$/) })
          const comesBack = put.kind === 'put' && put.restorable
          expect(comesBack).toBe(action === 'surrogate' && !factsOf(entity).neverStored)
          expect(put.kind === 'put' ? readForm(put.text)?.entity : '').toBe(comesBack ? entity : undefined)
        },
      ),
    )
  })
})

interface World {
  readonly entity?: EntityName
  readonly action?: Action
  readonly kind?: ReplacementFor['kind']
  readonly isClean?: (text: string) => boolean
  readonly rowsMax?: number
}

function setUp({ entity = 'email', action = 'surrogate', kind = 'string', ...world }: World = {}) {
  const name = { tenant: 't', principal: 'p', client: 'c', group: 'g', purpose: 'test' }
  const root = { key: createSecretKey(new Uint8Array(32)), id: 'root' }
  const keys = scopeKeys(root, name, { epochMs: 0, salt: new Uint8Array(32) })
  const random = (bytes: number) => new Uint8Array(bytes).fill(scope.size * 7 + 1)
  const scope = new ScopeBook({ keys, hashKey: root.key, endsMs: 1, rowsMax: world.rowsMax ?? 100, random })
  const book = new MessageBook(scope, { upstream: 'u', tool: undefined, atMs: 0 })
  return { entity, action, kind, text: '', book, ordinal: 1, isClean: world.isClean ?? (() => true), scope }
}
