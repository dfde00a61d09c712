import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES, findEntity } from '../entities.ts'
import { ACTIONS, isAction, strictest } from './actions.ts'
import { entitiesOf, factsOf, GROUP_NAMES } from './entity-groups.ts'
import { presidioName } from './presidio-names.ts'
import { DEFAULT_PROFILE, OUTBOUND_PROFILE } from './profile.ts'

describe('where several rules speak of one value', () => {
  it('block is stricter than redact, redact than hash, hash than surrogate, surrogate than partial, partial than allow', () => {
    const byStrictness = ACTIONS.toSorted((a, b) => (a === b ? 0 : strictest(a, b) === a ? -1 : 1))
    expect(byStrictness).toEqual(['block', 'redact', 'hash', 'surrogate', 'partial', 'allow'])
  })

  it('only the six words are actions', () => {
    expect(ACTIONS.every(isAction)).toBe(true)
    expect(isAction('Redact') || isAction('mask') || isAction('constructor')).toBe(false)
  })
})

describe('the names of kinds', () => {
  it.each([
    ['email', ['email']],
    ['Email', ['email']],
    ['EMAIL_ADDRESS', ['email']],
    ['email_address', ['email']],
    ['US_SSN', ['us_ssn']],
    ['ssn', ['us_ssn']],
    ['card', ['credit_card']],
    ['CREDIT_CARD', ['credit_card']],
    ['IBAN_CODE', ['iban']],
    ['DE_FUEHRERSCHEIN', ['de_driving_licence']],
    ['TR_PHONE_NUMBER', ['phone']],
    ['cards', ['credit_card']],
    ['contact', ['email', 'phone', 'ph_mobile']],
    ['network', ['ip_address', 'mac_address']],
  ])('%s means %j', (name, wanted) => {
    expect(entitiesOf(name)).toEqual(wanted)
  })

  it.each(['', 'emails', 'constructor', 'toString', '__proto__', 'all'])('nobody knows %j', (name) => {
    expect(entitiesOf(name)).toBeUndefined()
  })

  it('the name that a report gives is one that a rule understands', () => {
    for (const entity of ENTITY_NAMES) expect(entitiesOf(presidioName(entity))).toContain(entity)
  })

  it('groups hold kinds that exist, and each at most once', () => {
    for (const group of GROUP_NAMES) {
      const kinds = entitiesOf(group) ?? []
      expect(kinds.length).toBeGreaterThan(0)
      expect(new Set(kinds).size).toBe(kinds.length)
      expect(kinds.every((kind) => findEntity(kind) !== undefined)).toBe(true)
    }
  })

  it('plates, postcodes and bank accounts are no national ids, ids without a check are', () => {
    const ids = entitiesOf('national_ids') ?? []
    expect(ids).toEqual(expect.arrayContaining(['national_id', 'us_ssn', 'us_passport', 'fr_nir', 'ph_tin']))
    expect(ids).not.toEqual(expect.arrayContaining(['uk_postcode']))
    for (const kind of ['uk_postcode', 'de_vehicle', 'us_bank_account', 'us_aba', 'field'] as const)
      expect(ids).not.toContain(kind)
  })
})

describe('what is known of a kind', () => {
  it('nothing secret is ever kept, a PIN and the number on the back of a card neither', () => {
    for (const kind of ['secret', 'password', 'private_key', 'jwt', 'credential', 'pin', 'card_verification'] as const)
      expect(factsOf(kind)).toMatchObject({ isSecret: true, neverStored: true })
    expect(factsOf('credit_card').neverStored).toBe(false)
  })

  it('of cards, ids, PINs and dates of birth all values can be tried, of addresses and accounts abroad not', () => {
    for (const kind of ['credit_card', 'us_ssn', 'pin', 'date_of_birth', 'de_postcode'] as const)
      expect(factsOf(kind).lowEntropy).toBe(true)
    for (const kind of ['email', 'iban', 'phone', 'person_name', 'secret'] as const)
      expect(factsOf(kind).lowEntropy).toBe(false)
  })
})

describe('the shipped profiles', () => {
  it('hide secrets for good, and what is personal behind a surrogate', () => {
    expect(DEFAULT_PROFILE.password).toBe('redact')
    for (const kind of ['credit_card', 'iban', 'us_ssn', 'national_id', 'email', 'phone', 'date_of_birth'] as const)
      expect(DEFAULT_PROFILE[kind]).toBe('surrogate')
  })

  it('show addresses of computers, times, plates, postcodes and bare numbers of passports', () => {
    for (const kind of [
      'ip_address',
      'mac_address',
      'url',
      'date_time',
      'uk_vehicle',
      'de_postcode',
      'us_passport',
      'field',
    ] as const)
      expect(DEFAULT_PROFILE[kind]).toBe('allow')
  })

  it('let neither secrets nor cards out to a server that they did not come from', () => {
    const blocked = ENTITY_NAMES.filter((kind) => OUTBOUND_PROFILE[kind] === 'block')
    expect(blocked).toEqual([...(entitiesOf('secrets') ?? []), 'credit_card'])
    expect(ENTITY_NAMES.every((kind) => ['block', 'allow'].includes(OUTBOUND_PROFILE[kind]))).toBe(true)
  })
})
