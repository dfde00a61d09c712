import { expect, it } from 'vitest'
import { parseBytes, printBytes } from './units.ts'

it.each(['1B', '999B', '1KB', '1KiB', '50MB', '50MiB', '1536KiB', '1500KB', '2GB', '2GiB'])(
  'the amount of data %s is printed as it is read',
  (text) => {
    expect(printBytes(parseBytes(text) ?? -1)).toBe(text)
  },
)

it('powers of ten and of two are told apart', () => {
  expect([parseBytes('50MB'), parseBytes('50MiB')]).toEqual([50_000_000, 52_428_800])
})

it.each(['', '5', '5mb', '5 MB', '-5MB', '1.5MB', '05MB', '5TB', '5MBs'])('"%s" is no amount of data', (text) => {
  expect(parseBytes(text)).toBeUndefined()
})
