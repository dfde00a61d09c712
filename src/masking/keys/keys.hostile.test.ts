import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../base/bytes.ts'
import { AllFindings, NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const SIZE = 131_072
/** What a message may cost, as the engine counts it: bytes looked at for each byte of it. */
const SPENT_MOST = 400

const PARTS = [
  'token=',
  'password:',
  'password: ',
  'secret ',
  'password="',
  "password='",
  'password = `',
  'password|',
  'password\\t',
  'password\\n',
  'password=\\n',
  'password:\\n  - ',
  'a password=b;',
  'token,',
  'token: x, ',
  '\\"token\\",',
  '\\"password\\":\\"',
  '\\"name\\":\\"password\\",',
  '[\\"password\\",',
  '[[\\"ssn\\",\\"x\\"],',
  '{\\"password\\":',
  '{\\"address\\":{\\"password\\":',
  '{\\"address\\":\\"a\\",\\"b\\":',
  '\\"token\\":\\"a\\",',
  '{\\"token\\":[{\\"x\\":1,\\"schema\\":',
  '\\"columns\\":[\\"token\\"],',
  '<password>',
  'the password is ',
  'authorization: ',
  'email, phone, token\\n',
  '| password | a b c |\\n',
  'password\\n--------\\n',
  '| password |\\n|---|\\n',
  '| password |\\n|---|\\n|---|\\nx\\n',
  'user, password\\na, b\\n',
  'password  token\\n',
  'password  a ',
  'password  ',
  'NAME  PASSWORD\\nann  x1y2\\n',
  'a  password\\n-  --------\\n',
  'a  password\\n-  --------\\nb  c\\n',
  'a password\\n- - - - - - - - - - - - - -\\n',
  '│ password │ a b c │\\n',
  '│ password │\\n├──┤\\n',
  'password │ a\\nb │ c\\n──\\n',
  '<tr>password<',
  '<tr><td>password</td>',
  '<td>password</td>',
  '<table><tr><td>password</td><td>x</td>',
  '<thead><tr><th>password</th>',
  '<tr><th>password</th><td>a1</td></tr>',
  'password | a1 b\\n',
  '-[ RECORD 1 ]-\\npassword | a1 b\\n',
  'passwordpassword',
  'password\\\\',
  "password='x''",
  "''password='''",
  'password = new_password, ',
  'password="%s:',
  'set password=a b ',
  'password:\\n  a1b2\\n',
  '<name>password</name><value>',
  'password is a1b2c3 in ',
  'password:\\n\\n\\n',
  '<b>password</b>: ',
  'password:```',
  '<td>password</td><td>',
  'password:<b>a1b2',
  'otp 692901 ',
  'exp 08/27 cvv 545 ',
  'api key is a the one ',
  'textbox \\"password\\" [a] ',
  'textbox \\"password\\":\\n  - text: ',
  '\\"password\\":\\"1.2.3\\",',
]

describe('texts that are made to be slow', () => {
  it.each(PARTS)(
    '%j over and over costs no more for each byte than the engine allows, and twice as much for twice as many',
    (part) => {
      const costs = [SIZE, 2 * SIZE].map((size) => {
        const bytes = encodeUtf8(`{"t":"${part.repeat(size / part.length)}"}`)
        const sink = new AllFindings(SPENT_MOST * bytes.length)
        names.verify(bytes, true, sink)
        return { spent: sink.spent / bytes.length, found: sink.found.length / bytes.length }
      })
      const [small, large] = costs
      // One walk may begin before the budget is used up.
      expect(small?.spent).toBeLessThan(2 * SPENT_MOST)
      expect(large?.spent).toBeLessThan(2 * SPENT_MOST)
      expect(large?.found).toBeLessThanOrEqual(1.1 * (small?.found ?? 0) + 0.001)
    },
  )

  it('one key of a megabyte is no key', () => {
    expect(names.find(`{"${'password_'.repeat(100_000)}":"x"}`)).toEqual([])
  })

  it('a value of a megabyte is found whole', () => {
    expect(names.find(`{"password":"${'x1'.repeat(500_000)}"}`)[0]?.value).toHaveLength(1_000_000)
  })

  it.each([
    '{"password":',
    '{"password":"',
    '{"password":"x\\',
    '{"password":[',
    'password',
    'password:',
    'password: |\\n',
    '<password',
    '"password",',
  ])('a message that ends with %j is read to its end', (text) => expect(() => names.find(text)).not.toThrow())
})
