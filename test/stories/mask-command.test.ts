// What a person types who wonders what masking would do with a text of theirs, and what it covers.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../support/commands.ts'
import { isRecord, root } from '../support/process.ts'

const CARD = ['4111', '1111', '1111', '1111'].join('')
const WRONG_CARD = ['4111', '1111', '1111', '1112'].join('')
const MAIL = 'ann.lee@corp.example'
const TOKEN = ['ghp', 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'].join('_')

const MAIN = `version: 1
listen: 127.0.0.1:0
data: data
identity: { issuers: [{ issuer: "https://login.example.com" }] }
master_key: \${env:NOT_THERE}
resources: [connections/]
policy: policy.yaml
masking:
  detectors:
    - name: project_name
      words: [project falcon]
      connections: [shown]
      examples: { matches: [about Project Falcon], leaves_alone: [a falcon] }
`
const connection = (name: string, profile: string) => `kind: Connection
name: ${name}
upstream: { http: { url: "http://127.0.0.1:9/mcp" } }
masking: { profile: ${profile}, binary: drop }
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-mask-'))
  await mkdir(join(folder, 'connections'))
  const files = {
    'note.txt': `Hello,\nwrite to ${MAIL}, card ${CARD}.\n`,
    'row.json': JSON.stringify({ rows: [{ mail: MAIL, note: 'x' }, { [MAIL]: 1 }] }),
    'sallyport.yaml': MAIN,
    'connections/shown.yaml': connection('shown', '"off"'),
    'connections/plain.yaml': connection('plain', 'default'),
    'policy.yaml': 'version: 1\nrules: [{ id: staff, effect: allow, match: { connections: ["*"] } }]\n',
    'broken.yaml': 'version: 2\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function mask(args: readonly string[], input = '') {
  return runCommand(['mask', ...args], { cwd: folder, input })
}

/** The answers of `mask --json`. */
async function answers(values: readonly unknown[], args: readonly string[] = []): Promise<readonly unknown[]> {
  const { stdout, stderr } = await mask(['--json', ...args], values.map((value) => JSON.stringify(value)).join('\n'))
  expect(stderr).toBe('')
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

describe('mask, tried on a text', () => {
  it('says of arguments that they would not go out, and to no connection by name where none is named', async () => {
    const { stdout, code } = await mask(['--direction', 'arguments'], `card ${CARD}`)
    expect(stdout).toMatch(/^This call holds a value of the kind credit_card, which must not go to the server\./)
    expect(code).toBe(1)
  })

  it('prints a file masked, then where what was found and why, and the values nowhere', async () => {
    const { code, stdout } = await mask(['note.txt'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Hello,\nwrite to sur_email_\w+, card sur_credit_card_\w+\.\n\n/)
    expect(stdout).toMatch(/\nemail +2:10 +0\.\d\d +surrogate\n {4}email: /)
    expect(stdout).toMatch(/\ncredit_card +2:37 +\d\.\d\d +surrogate\n {4}card\.luhn: .*checksum passed/)
    expect(stdout).not.toContain(MAIL)
    expect(stdout).not.toContain(CARD)
  })

  it('reads a pipe, with - and without, and says where nothing was found', async () => {
    expect((await mask(['-'], `token ${TOKEN}`)).stdout).toMatch(/^token redacted:secret\n\nentity[^]*\nsecret +1:7 /)
    expect((await mask([], 'Nothing to see here.\n')).stdout).toBe('Nothing to see here.\n\nNothing was found.\n')
  })

  it('says of a file that is no UTF-8 how it is read', async () => {
    await writeFile(join(folder, 'latin.txt'), new Uint8Array([0x4a, 0xfc, 0x72, 0x67, 0x0a]))
    const { code, stdout, stderr } = await mask(['latin.txt'])
    expect(stdout).toMatch(/^J\ufffdrg\n/)
    expect(stderr).toBe('latin.txt is no UTF-8: each byte that is none is read as U+FFFD.\n')
    expect(code).toBe(0)
    expect((await mask(['note.txt'])).stderr).toBe('')
  })

  it('gives paths in JSON, and keys that are values only as they are masked', async () => {
    const { stdout } = await mask(['row.json'])
    expect(stdout).toMatch(/\nemail +rows\[0\]\.mail +\d/)
    expect(stdout).toMatch(/\nemail +rows\[1\]\.sur_email_\w+ +\d/)
    expect(stdout).not.toContain(MAIL)
  })

  it('says of near misses what they were lacking where that is asked for', async () => {
    const text = `order ${WRONG_CARD} was sent`
    expect((await mask([], text)).stdout).toContain('Nothing was found.')
    const { stdout } = await mask(['--all'], text)
    expect(stdout).toMatch(/\ncredit_card +1:7 +0\.\d\d +none\n {4}card\.luhn: [^]*checksum failed/)
  })

  it('tells of what stands elsewhere in the message too, and of the part of a URL that is hidden', async () => {
    const secret = 'horse'.repeat(3)
    const row = { password: secret, log: `with ${secret}`, url: `postgres://app:${secret}@db.corp.example/x` }
    const { stdout } = await mask(['-'], JSON.stringify(row))
    expect(stdout).toMatch(/\npassword +log +1\.00 +redact\n {4}propagated: [^]*elsewhere/)
    const [answer] = await answers([row])
    const whole = JSON.stringify(row)
    const { hidden } = isRecord(answer) && Array.isArray(answer['findings']) ? answer['findings'][2] : {}
    expect(whole.slice(hidden.start, hidden.end)).toBe(secret)
    expect(JSON.stringify(answer)).not.toContain(secret)
  })

  it('says that a text would be withheld, and that not all was told, with exit code 1', async () => {
    const { code, stdout } = await mask(['-'], 'token='.repeat(5_000))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^The reply was withheld: it takes too long to search/)
    expect(stdout).toContain('What was found cannot be told')
    expect(stdout).not.toContain('Nothing was found')
    const lines = await mask(['--json'], `["a"]\n${JSON.stringify('token='.repeat(5_000))}\n`)
    expect(lines.code).toBe(1)
    const [fine, withheld] = lines.stdout.split('\n')
    expect(JSON.parse(fine ?? '')).toEqual({ findings: [], masked: ['a'] })
    expect(JSON.parse(withheld ?? '')).toMatchObject({
      masked: null,
      refused: expect.stringContaining('withheld'),
      untold: expect.stringContaining('cannot be told'),
    })
  })

  it('looks for the kinds alone that are named, in their bare form too', async () => {
    const text = `${MAIL} from 10.20.30.40`
    expect((await mask([], text)).stdout).toContain('10.20.30.40')
    const { stdout } = await mask(['--entity', 'ip_address'], text)
    expect(stdout).toMatch(/^ann\.lee@corp\.example from (?!10\.20)/)
    expect(stdout).toMatch(/\nip_address +1:27 /)
  })
})

describe('mask --json', () => {
  it('answers a text and a document, a line each', async () => {
    const [text, document, empty] = await answers([`to ${MAIL}`, { a: { password: 'plain-old-words-9' }, n: 1 }, []])
    expect(text).toEqual({
      findings: [
        {
          entity: 'email',
          start: 3,
          end: 3 + MAIL.length,
          score: expect.any(Number),
          rule: 'email',
          why: expect.stringContaining('shape'),
          action: 'surrogate',
        },
      ],
      masked: expect.stringMatching(/^to sur_email_\w+$/),
    })
    expect(document).toMatchObject({
      findings: [
        { entity: 'password', path: 'a.password', action: 'redact', why: expect.stringContaining('password') },
      ],
      masked: { a: { password: 'redacted:password' }, n: 1 },
    })
    expect(empty).toEqual({ findings: [], masked: [] })
  })

  it('prints documents as they would leave: numbers keep how they are written', async () => {
    const line = `{"id": 12345678901234567890, "v": 1.0, "e": 1E5, "mail": "x"}`
    expect((await mask(['--json'], `${line}\r\n`)).stdout).toBe(`{"findings":[],"masked":${line}}\n`)
    const { stdout } = await mask(['--json'], line.replace('"x"', JSON.stringify(MAIL)))
    expect(stdout).toMatch(/"masked":\{"id": 12345678901234567890, "v": 1\.0, "e": 1E5, "mail": "sur_email_\w+"\}\}\n$/)
  })

  it('counts offsets as JavaScript does, and gives equal values of a run equal stand-ins', async () => {
    const [first, second] = await answers([`😀é ${MAIL}`, MAIL])
    expect(first).toMatchObject({ findings: [{ start: 4, end: 4 + MAIL.length }] })
    const stand = /sur_email_\w+/
    expect(stand.exec(JSON.stringify(first))?.[0]).toBe(stand.exec(JSON.stringify(second))?.[0])
  })
})

describe('mask for a connection', () => {
  it('uses its profile and the detectors that look at it', async () => {
    const text = `Project Falcon: ${MAIL}`
    const of = (name: string) => mask(['-c', 'sallyport.yaml', '--connection', name], text)
    expect((await of('shown')).stdout).toMatch(/^redacted:project_name: ann\.lee@corp\.example\n/)
    expect((await of('plain')).stdout).toMatch(/^Project Falcon: sur_email_\w+\n/)
    const { stdout } = await mask(['-c', 'sallyport.yaml', '--connection', 'plain', '--entity', 'project_name'], text)
    expect(stdout).toMatch(/^redacted:project_name: ann/)
  })
})

describe('mask --coverage', () => {
  it('says what is looked for, how, where, and what is not, 80 characters wide', async () => {
    const { code, stdout } = await mask(['--coverage'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/\nkind +results +arguments +record +shape +check +key +word\n/)
    expect(stdout).toMatch(/\ncredit_card +surrogate +block +redact +x {6}x {6}x {4}x\n/)
    expect(stdout).toMatch(/\nperson_name +surrogate +pass +hash +x\n/)
    expect(stdout).toMatch(/\nCheck digits\n {2}- Luhn: credit_card, /)
    expect(stdout).toMatch(/\nNot looked for\n {2}- .*gender/)
    expect(stdout).toMatch(/\nNot inspected\n {2}- images, audio, archives/)
    for (const gap of ['encrypted', 'prose', 'split over', 'base64 in texts of fewer than 40', 'definitions of tools'])
      expect(stdout).toContain(gap)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('says it as JSON, for the rules of a connection and for named kinds', async () => {
    const { stdout } = await mask(['--coverage', '--json', '-c', 'sallyport.yaml', '--connection', 'shown'])
    expect(JSON.parse(stdout)).toMatchObject({
      covered: [{ entity: 'project_name', action: 'redact', threshold: 0.6, found: ['own'] }],
      notInspected: expect.arrayContaining([expect.stringContaining('they are taken out')]),
    })
    const named = await mask(['--coverage', '--json', '--entity', 'uk_nhs'])
    expect(JSON.parse(named.stdout)).toMatchObject({
      covered: [
        {
          entity: 'uk_nhs',
          action: 'surrogate',
          threshold: 0.4,
          found: ['shape', 'checksum', 'key', 'context'],
          check: { by: 'weighted sum, modulo 11', wrong: 'needs a word near it' },
        },
      ],
    })
  })
})

describe('mask, called wrongly', () => {
  it('has every option of it in its help', async () => {
    const source = await readFile(join(root, 'src/cli/mask.ts'), 'utf8')
    const options = [...source.matchAll(/^ {2}(\w+): \{ type/gm)].map(([, name]) => `--${name}`)
    const { stdout } = await mask(['--help'])
    expect(options.length).toBeGreaterThan(8)
    for (const option of options) expect(stdout).toMatch(option === '--config' ? /-c FILE/ : new RegExp(`${option}\\b`))
  })

  it.each([
    [['missing.txt'], 'missing.txt cannot be read.'],
    [['a', 'b'], 'Name one file, or - for standard input.'],
    [['--coverage', 'note.txt'], '--coverage takes no file.'],
    [['--entity', 'no_such'], 'There is no kind of value "no_such"'],
    [['--connection', 'plain'], 'Name the configuration of the connection: -c sallyport.yaml.'],
    [['-c', 'sallyport.yaml'], 'Name one of the connections (plain, shown): --connection NAME.'],
    [['-c', 'sallyport.yaml', '--connection', 'lost'], 'There is no connection "lost": plain, shown.'],
    [['--json', 'note.txt'], 'Line 1 is no JSON.'],
    [['--unknown'], "Unknown option '--unknown'."],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await mask(args)
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  it('names the line of JSON that is neither text nor document', async () => {
    const { code, stderr } = await mask(['--json'], '[]\n17\n')
    expect(stderr).toContain('Line 2 is neither a string, nor an object or array of JSON.')
    expect(code).toBe(2)
  })

  it('prints the mistakes of a configuration', async () => {
    const { code, stderr } = await mask(['-c', 'broken.yaml', '--connection', 'plain'])
    expect(stderr).toContain('broken.yaml:1')
    expect(code).toBe(1)
  })
})
