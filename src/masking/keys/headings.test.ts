import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { expectEverywhere } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const BYTES = 262_144
const names = new NamedValues()

describe('a value alone below a heading', () => {
  it.each([
    ['# Password\n\nhunter2x', ['hunter2x']],
    ['# Access\n\n## API key ##\n```\nmaple4821\n```\n', ['maple4821']],
    ['## Token\n\n```sh\nmaple4821\n```', ['maple4821']],
    ['### Your password\r\n`maple4821`\r\n\r\nmore', ['maple4821']],
    ['Password\n========\n\nmaple4821\n', ['maple4821']],
    ['Password\n--------\nmaple4821', ['maple4821']],
    ['The password\n------------\n\nmaple4821', ['maple4821']],
    ['**Password**\nhunter2', ['hunter2']],
    ['text\n\n- **Database password**\n  maple4821!\n', ['maple4821!']],
    ['> **API key**\n> ', []],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    '# Password\n\nSee the wiki',
    '# Password\n\nmaple4821 is what it was',
    '# Password\n\nmaple',
    '# Passwords\n\nmaple4821',
    '# Password\n\n\n\nmaple4821',
    '# Password\n\n## Step12',
    '# Password\n\nrequired',
    '# Token\n\nv1.2.3',
    '# Token\n\nhttps://example.com/a1',
    '# Private key\n\nRSA-2048',
    '# How to reset the password\n\nstep12',
    '# Password reset\n\nmaple4821',
    '# Email\n\nmaple4821',
    'Password\n\nmaple4821',
    'the password\nmaple4821 and others',
    'const x = 2 **password\nmaple4821',
    '# Token\n\nconst a1 = 2',
    '# Token\n\nparse2()',
  ])('is none in %j', (text) => expectEverywhere(text, []))
})

describe('a value behind a dash of prose', () => {
  it.each([
    ['Password — hunter2x', ['hunter2x']],
    ['Your new password \\u2013 hunter2x', ['hunter2x']],
    ['**Password** – hunter2x', ['hunter2x']],
    ['Username – joe\nPassword – maple4821!\n', ['maple4821!']],
    ['- **API key** — maple4821\n- more', ['maple4821']],
    ['API key – maple4821!', ['maple4821!']],
    ['2. WiFi password - maple4821', ['maple4821']],
    ['Password – `maple4821`', ['maple4821']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    'Password — required',
    'Password — maple',
    'Password — maple4821 is what it was',
    'Password — what you log in with',
    'we hide the password — hunter2x',
    'PASS - test12',
    'token - int64',
    'Token — 12',
    'Passwords – maple4821',
    'Token – v1.2.3',
    'x = token - y12',
    'return token - start12',
    '  token - start12',
    'password -maple4821',
    'token - tokens[12]',
    'Name – maple4821',
  ])('is none in %j', (text) => expectEverywhere(text, []))
})

it('headings and dashes cost time in proportion', () => {
  for (const unit of [
    '# Password\n\n',
    '**Password**\n',
    'Password\n===\n',
    'Password — ',
    'API key — x1y2z3\n',
    'token - ',
  ])
    expect(cpuMs(() => names.find(unit.repeat(BYTES / unit.length), { raw: false }))).toBeLessThan((4 * BYTES) / 1_024)
})
