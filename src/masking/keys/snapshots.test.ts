import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

describe('a field of a snapshot', () => {
  it.each([
    ['- textbox "Password" [ref=e12]: maple4821', ['maple4821']],
    ['- textbox "Password": maple', ['maple']],
    ['- form:\n  - textbox "API key" [active] [ref=e3]: maple4821\n  - button "Save"', ['maple4821']],
    ['- textbox "Password" [ref=e1]: correct horse\n- button "Show" [ref=e2]', ['correct horse']],
    ['- textbox "Password" [ref=e1]: "a: b # c"', ['a: b # c']],
    ['- textbox "Password" [ref=e1]:\n  - /placeholder: Your password\n  - text: maple\n- button "x"', ['maple']],
    ['- textbox "Password":\r\n  - /placeholder: Your password\r\n  - text: maple\r\n', ['maple']],
    ['uid=1_5 textbox "Password" required value="maple"\nuid=1_6 button "Show password"', ['maple']],
    ['- cell "Password" [ref=e3]: maple4821', ['maple4821']],
    ['- spinbutton "PIN" [ref=e4]: 4821', ['4821']],
    ['- textbox "First name" [ref=e4]: Ann', ['Ann']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    '- textbox "Password" [ref=e12]',
    '- textbox "Password" [ref=e12]:\n  - /placeholder: Your password\n- button "Forgot password?": Forgot',
    '- heading "Password" [level=2] [ref=e3]: Password',
    '- link "Token" [ref=e4] [cursor=pointer]: Tokens',
    '- textbox "Password" [active] [ref=e2]\n- text: Password must be 8 characters',
    '- cell "Password" [ref=e3]: required',
    '- textbox "Password": required',
    'uid=1_5 textbox "Password" required\nuid=1_6 button "Show" value="x12345"',
    '- button "Show password" [ref=e12]: Show12',
    '- combobox "Token type" [ref=e1]: Bearer',
  ])('%j has no value', (text) => expect(valuesIn(leaf(text))).toEqual([]))
})
