import { describe, expect, it } from 'vitest'
import { fitsConnection } from './match.ts'

describe('labels that a rule names', () => {
  const connection = { name: 'db', labels: { kind: 'mysql', env: 'prod' } }

  it.each([
    [{ kind: 'mysql' }, true],
    [{ kind: ['postgres', 'mysql'] }, true],
    [{ kind: ['postgres', 'mysql'], env: 'dev' }, false],
    [{ kind: ['postgres'] }, false],
    [{ owner: ['a', 'b'] }, false],
    [{ constructor: ['a'] }, false],
  ])('%j fit a connection: %s', (connections, fits) => {
    expect(fitsConnection({ connections }, connection)).toBe(fits)
  })
})
