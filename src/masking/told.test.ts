import { describe, expect, it } from 'vitest'
import { toldEntity, toldOf } from './told.ts'

describe('what an outside detector tells', () => {
  it('becomes values of our kinds, each once', () => {
    const texts = ['Ann Lee lives in Bonn.', 'Ann Lee', 'ann@example.com']
    const findings = [
      [
        { entity: 'PERSON', start: 0, end: 7 },
        { entity: 'LOCATION', start: 17, end: 21 },
      ],
      [{ entity: 'PERSON', start: 0, end: 7 }],
      [{ entity: 'EMAIL_ADDRESS', start: 0, end: 15 }],
    ]
    expect(toldOf(texts, findings)).toEqual([
      { entity: 'person_name', value: 'Ann Lee' },
      { entity: 'postal_address', value: 'Bonn' },
      { entity: 'email', value: 'ann@example.com' },
    ])
  })

  it('is a value in each line, since lines are texts of their own', () => {
    expect(toldOf(['Ann Lee\n 12 High Street \nx'], [[{ entity: 'ADDRESS', start: 0, end: 24 }]])).toEqual([
      { entity: 'postal_address', value: 'Ann Lee' },
      { entity: 'postal_address', value: '12 High Street' },
    ])
  })

  it('is hidden even where its kind is not one of ours', () => {
    expect(toldOf(['Acme Ltd'], [[{ entity: 'ORGANIZATION', start: 0, end: 8 }]])).toEqual([
      { entity: 'person_name', value: 'Acme Ltd' },
    ])
    expect(toldEntity('ORGANIZATION')).toBeUndefined()
    expect(toldEntity('us_ssn')).toBe('us_ssn')
    expect(toldEntity('secrets')).toBeUndefined()
  })
})
