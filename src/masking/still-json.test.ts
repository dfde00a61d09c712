import { describe, expect, it } from 'vitest'
import { Chance } from '../../test/support/masking/random.ts'
import { encodeUtf8, indexOf } from '../base/bytes.ts'
import { Document } from './document.ts'
import { isStillJson } from './still-json.ts'
import { type Edit, splice } from './views/splice.ts'

const MESSAGE = String.raw`{"a":"x\n\u0041\\b é \"c\"","n":-12.5e3,"k\u0065y":[true,null,0],"in":"{\"card\":4111,\"t\":\"a\\n\"}"} `
const bytes = encodeUtf8(MESSAGE)

function after(edits: readonly Edit[]): { said: boolean; is: boolean } {
  const { structure } = new Document(bytes)
  if (structure === undefined) throw new Error('the message is JSON')
  const out = splice(bytes, edits)
  return { said: isStillJson(out, structure, edits), is: new Document(out).structure !== undefined }
}

function edit(what: string, put: string): Edit {
  const start = indexOf(bytes, encodeUtf8(what))
  return { start, end: start + what.length, put: encodeUtf8(put) }
}

describe('whether edits keep JSON', () => {
  it.each([
    ['x', 'sur_email_0', true],
    ['-12.5e3', '17', true],
    ['-12.5e3', 'null', true],
    ['-12.5e3', 'redacted', false],
    ['-12.5e3', '017', false],
    ['12.5', '0', true],
    ['true', '', false],
    ['n\\u0041', 'z', false],
    ['u0041', 'u00', false],
    ['4111', 'sur_credit_card_0', true],
    ['"a":', '', false],
  ])('%s becomes %s', (what, put, keeps) => {
    expect(after([edit(what, put)])).toEqual({ said: keeps, is: keeps })
  })

  it('is said of several in order, as it is read', () => {
    expect(after([edit('x', 'y'), edit('-12.5e3', '1'), edit('4111', 'sur')])).toEqual({ said: true, is: true })
    expect(after([edit('x', 'y'), edit('-12.5e3', '1'), edit('null', 'nil')])).toEqual({ said: false, is: false })
  })

  it('is never said of what is none, wherever and whatever is written', () => {
    const chance = new Chance(5)
    const puts = ['', 'a', '9', '-0', '"', '\\', 'n', 'u0041', 'null', '1.', ',', '{}', '\n']
    let kept = 0
    for (let round = 0; round < 20_000; round++) {
      const start = chance.below(bytes.length)
      const end = Math.min(bytes.length, start + chance.below(9))
      const { said, is } = after([{ start, end, put: encodeUtf8(chance.pick(puts)) }])
      expect(said).toBe(is)
      if (is) kept++
    }
    expect(kept).toBeGreaterThan(1_000)
  })
})
