import { expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { encodeUtf8 } from '../../base/bytes.ts'
import { Document } from '../document.ts'
import { findBinary } from './binary.ts'

const CONTENT = '{"type":"image","data":"AAAA4111"}'
const BEGIN = '{"result":{"content":['

it('looks up which content a place is in, however many there are', () => {
  const count = 32_000
  const bytes = encodeUtf8(`${BEGIN}${Array.from({ length: count }, () => CONTENT).join()}]}}`)
  const at = (offset: number) =>
    Array.from({ length: count }, (_, i) => BEGIN.length + i * (CONTENT.length + 1) + offset)
  const binary = at(CONTENT.indexOf(':"AAAA'))
  const { isBase64 } = findBinary(new Document(bytes), { binary, encoded: [] })
  const places = at(CONTENT.indexOf('4111'))
  const found = { all: false }
  const ms = cpuMs(() => {
    found.all = places.every((place) => isBase64(place, place + '4111'.length))
  })
  expect(found.all).toBe(true)
  expect(isBase64(0, BEGIN.length)).toBe(false)
  // One after the other, they would take a second.
  expect(ms).toBeLessThan(200)
})
