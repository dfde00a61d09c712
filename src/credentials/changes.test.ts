import { describe, expect, it } from 'vitest'
import { changesBetween } from './changes.ts'
import type { CredentialListing } from './credential.ts'

describe('between two looks at the stored credentials', () => {
  it.each<[string, readonly CredentialListing[], readonly CredentialListing[]]>([
    ['nothing is stored', [], []],
    [
      'everything is as it was, in another order',
      [listing('a', 1), listing('b', 2)],
      [listing('b', 2), listing('a', 1)],
    ],
  ])('there is no change where %s', (_, before, after) => {
    expect(changesBetween(before, after)).toBeUndefined()
  })

  it('a new one, one with another date, and one of another kind are stored', () => {
    const kept = listing('kept', 1)
    const before = [kept, listing('replaced', 1)]
    const after = [kept, listing('replaced', 2), listing('new', 2)]
    expect(changesBetween(before, after)).toEqual({ stored: [listing('replaced', 2), listing('new', 2)], removed: [] })
  })

  it('one that is gone is removed, and so is one whose place in a message changed', () => {
    const [gone, header] = [listing('gone', 1), listing('token', 1)]
    const bearer: CredentialListing = { ...header, kind: 'bearer' }
    expect(changesBetween([gone, header], [bearer])).toEqual({ stored: [bearer], removed: [gone, header] })
  })

  it('the same name on another connection is another one', () => {
    const elsewhere = { ...listing('key', 1), connection: 'other' }
    expect(changesBetween([listing('key', 1)], [elsewhere])).toEqual({
      stored: [elsewhere],
      removed: [listing('key', 1)],
    })
  })
})

function listing(name: string, updatedMs: number): CredentialListing {
  return { connection: 'db', name, kind: 'header', updatedMs }
}
