import { describe, expect, it } from 'vitest'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const cells = (text: string): string[] => names.find(text).map(({ value }) => value)
const leaf = (text: string): string => JSON.stringify({ t: text })

describe('cells under a sensitive name', () => {
  it.each([
    ['on the next line', '{\n  "a": "id | token\\n---+---\\n1 | x1\\n2 | y2"\n}'],
    ['of CSV', '{\n  "a": "id,token\\n1,x1\\n2,y2"\n}'],
    ['of blanks', 'x ["id  token\\n1   x1yz8\\n2   y2zz9"\n]'],
    ['before another member', '{"a":"id,token,z\\n1,x1,z\\n2,y2,z\\n3,a","b":"z"}'],
    ['behind a blank', '{"a" : "id,token\\n1,x1\\n2,y2\\n" , "b" : "c,d"}'],
    ['that is a name', '{"id | token\\n---+---\\n1 | x1\\n2 | y2\\n":"1|z","b":1}'],
  ])('end with the string of JSON that goes on %s', (_, json) => {
    const expected = json.match(/\bx1\w*|\by2\w*/g)
    for (const text of [json, `Found: ${json}`]) {
      expect(names.find(text, { raw: false }).map(({ value }) => value)).toEqual(expected)
      expect(cells(leaf(text))).toEqual(expected)
    }
  })

  it('go on over a bracket and quotes of one cell among commas', () => {
    expect(names.find('id,meta,token\n1,{"a":"b"},x1', { raw: false }).map(({ value }) => value)).toEqual(['x1'])
  })
})
