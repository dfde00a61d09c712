import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { expectEverywhere } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const BYTES = 262_144
const names = new NamedValues()

describe('the argument behind an option in a list', () => {
  it.each([
    ['{"command":"npx","args":["-y","server","--api-key","maple4821","-v"]}', ['maple4821']],
    ['{\n  "args": [\n    "--password",\n    "maple4821"\n  ]\n}', ['maple4821']],
    ["subprocess.run(['app', '--password', 'maple4821'])", ['maple4821']],
    ["spawn('app', [\n  '--api-key',\n  'maple4821',\n])", ['maple4821']],
    ['args:\n  - --password\n  - maple4821\n  - --api-key\n  - "birch7733"\n', ['maple4821', 'birch7733']],
    ["args:\n- '--token'\n- 'maple4821'\n- -v", ['maple4821']],
    ['args:\n- "--token"\n- maple4821', ['maple4821']],
    ['args: ["--password", "maple4821"]', ['maple4821']],
    ['- --password\n- maple', ['maple']],
    [String.raw`["app", "--password=ma\"ple4821"]`, [String.raw`ma\"ple4821`]],
    [String.raw`sh -c "app --password=maple4821"`, ['maple4821']],
    [String.raw`{"q": "\"--password=maple4821\""}`, ['maple4821']],
    ['- --password\n- maple4821  # of the staging\n- x', ['maple4821']],
    ['- --password\n- maple4821  \n- x', ['maple4821']],
    ['args:\r\n  - --password\r\n  - maple4821\r\n', ['maple4821']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it.each([
    "parser.add_argument('--password', '-p', help='the password')",
    "parser.add_argument('--token', help='a token')",
    "option('--token', 'token')",
    "option('--token', 'the token of the server')",
    "option('--password', '<password>')",
    "run('--password', password)",
    "{ 'key': '--encryption-key', 'ring': '--encryption-key-ring' }",
    "['--batch', '--passphrase-fd', '0']",
    '["--batch","--passphrase-fd","0"]',
    '- --passphrase-fd\n- 0',
    '- --password\n- --user\n- joe4821',
    '- --token\n- ${TOKEN}\n',
    '- --password\n  - maple4821',
    '- --password\n\n- maple4821',
    '- --password\n- asks for it first',
    '- --password: required\n- maple4821',
    'see --password\n- maple4821',
    '- --token\n- token',
    '- --verbose\n- maple4821',
  ])('nothing in %j', (text) => expectEverywhere(text, []))

  it('costs time in proportion', () => {
    for (const unit of ['- --password\n', "'--password', ", "'--password', '", '- --password\n- maple4821\n'])
      expect(cpuMs(() => names.find(unit.repeat(BYTES / unit.length), { raw: false }))).toBeLessThan(
        (4 * BYTES) / 1_024,
      )
  })
})
