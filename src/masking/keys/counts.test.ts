import { describe, expect, it } from 'vitest'
import { valuesIn } from '../../../test/support/masking/everywhere.ts'

describe('a number under the name of a phone', () => {
  it.each([
    '{"phone":3}',
    '{"mobile":1234,"desktop":5678}',
    '{"mobile":45.2,"desktop":54.8}',
    '{"desktop":10024656,"mobile":10024657,"tablet":5}',
    '{"tel":110}',
  ])('%s counts', (json) => expect(valuesIn(json)).toEqual([]))

  it.each([
    ['{"phone":4155550132}', '4155550132'],
    ['{"mobile":10024656}', '10024656'],
    ['{"phone":4155550132.0,"fax":null}', '4155550132.0'],
    ['{"mobile":1.0024656e7}', '1.0024656e7'],
    ['{"mobile":4155550132,"desktop":1}', '4155550132'],
    ['{"mobile":10024656,"tablet":"no"}', '10024656'],
    ['{"mobile":"10024656","desktop":5}', '10024656'],
    ['{"phone":"4711"}', '4711'],
  ])('%s is one', (json, value) => expect(valuesIn(json)).toEqual([value]))
})
