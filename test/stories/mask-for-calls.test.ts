// What a person types who wonders what masking would do with a certain call: for its tool, its caller, and both ways.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../support/commands.ts'

const CARD = ['4111', '1111', '1111', '1111'].join('')
const MAIL = 'ann.lee@corp.example'
const ROW = JSON.stringify({ mail: MAIL, card: CARD, internal_note: 'knows a lot' })

const MAIN = `version: 1
data: data
identity: { issuers: [{ issuer: "https://login.example.com" }] }
master_key: \${env:NOT_THERE}
resources: [connections/]
policy: policy.yaml
masking:
  detectors:
    - name: project_name
      words: [project falcon]
      tools: [find_*]
      examples: { matches: [about Project Falcon], leaves_alone: [a falcon] }
`
const POLICY = `version: 1
groups: { dba: [dba-team] }
rules:
  - { id: staff, effect: allow, match: { connections: [crm], tools: ['*'] } }
  - { id: no-drops, effect: deny, match: { connections: [crm], tools: ['drop_*'] } }
  - id: last-four-for-dba
    effect: mask
    match: { connections: [crm], tools: [find_customer], groups: [dba] }
    mask: [{ entities: [card], with: partial }, { fields: ['*.internal_note'], with: redact }]
  - id: no-mail-goes-out
    effect: mask
    match: { connections: [crm], tools: ['*'] }
    when: args.urgent != true
    mask: [{ entities: [email], in: [arguments], with: block }]
`

let folder: string
let analyzer: Awaited<ReturnType<typeof startAnalyzer>>
beforeAll(async () => {
  analyzer = await startAnalyzer()
  folder = await mkdtemp(join(tmpdir(), 'sallyport-mask-'))
  await mkdir(join(folder, 'connections'))
  const files = {
    'sallyport.yaml': MAIN,
    'policy.yaml': POLICY,
    'connections/crm.yaml': `kind: Connection
name: crm
upstream: { http: { url: "http://127.0.0.1:9/mcp" } }
masking: { analyzer: { url: "${analyzer.url}" } }
`,
    'row.json': ROW,
    'wrong.json': '{"type":12}',
    'lost.json': '{"$ref":"#/$defs/a"}',
    'schema.json': JSON.stringify({ properties: { mail: { type: 'string', format: 'email' } } }),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterAll(async () => {
  await analyzer.close()
  await rm(folder, { recursive: true, force: true })
})

function mask(args: readonly string[], input = '') {
  const own = ['mask', '-c', 'sallyport.yaml', ...args]
  return runCommand(own, { cwd: folder, input })
}

describe('mask for a call', () => {
  it('does what the rules of the policy say for its tool and the groups of its caller', async () => {
    const dba = await mask(['--connection', 'crm', '--tool', 'find_customer', '--groups', 'dba-team', 'row.json'])
    expect(dba.stdout).toMatch(/"card":"x+1111","internal_note":"redacted:field"/)
    expect(dba.stdout).toMatch(/\ncredit_card +card +1\.00 +partial\n/)
    expect(dba.stdout).toMatch(/\nfield +internal_note +1\.00 +redact\n {4}field\.\*\.internal_note: field that a rule/)
    expect(dba.stdout).toContain('Rules of the policy: last-four-for-dba.')
    expect(dba.code).toBe(0)
    for (const other of [
      ['--tool', 'find_customer'],
      ['--tool', 'list_customers', '--groups', 'dba-team'],
    ])
      expect((await mask(['--connection', 'crm', ...other, 'row.json'])).stdout).toMatch(
        /"card":"sur_credit_card_\w+","internal_note":"knows a lot"/,
      )
  })

  it('looks for kinds of the configuration where they are looked for in the tool', async () => {
    for (const [tool, shown] of [
      ['find_customer', /^about redacted:project_name\n/],
      ['list_customers', /^about Project Falcon\n/],
    ] as const)
      expect((await mask(['--connection', 'crm', '--tool', tool], 'about Project Falcon')).stdout).toMatch(shown)
  })

  it('shows its arguments as a server would get them, or that they would not go out', async () => {
    const sent = (args: string) =>
      mask(
        ['--connection', 'crm', '--tool', 'find_customer', '--direction', 'arguments', '--args', args],
        JSON.stringify({ mail: MAIL }),
      )
    const held = await sent('{}')
    expect(held.stdout).toMatch(/^This call holds a value of the kind email, which must not go to "crm"\./)
    expect(held.stdout).toMatch(/\nemail +mail +1\.00 +block\n/)
    expect(held.stdout).toContain('Rules of the policy: no-mail-goes-out.')
    expect(held.code).toBe(1)
    const passed = await sent('{"urgent":true}')
    expect(passed.stdout).toContain(MAIL)
    expect(passed.code).toBe(0)
  })

  it('says that the policy does not let the call go out', async () => {
    const { stdout } = await mask(['--connection', 'crm', '--tool', 'drop_table', 'row.json'])
    expect(stdout).toMatch(/\nThe policy denies this call \(rule "no-drops"\)/)
  })

  it('takes the call from a file as policy explain does', async () => {
    const call = { as: { groups: ['dba-team'] }, call: { connection: 'crm', tool: 'find_customer' } }
    await writeFile(join(folder, 'call.json'), JSON.stringify(call))
    expect((await mask(['--call', 'call.json', 'row.json'])).stdout).toContain('redacted:field')
  })

  it('fits the output schema of its tool', async () => {
    const { stdout } = await mask(['--connection', 'crm', '--tool', 'a', '--schema', 'schema.json', 'row.json'])
    expect(stdout).toMatch(/"mail":"s-\w{18}@mask\.invalid"/)
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { structuredContent: { mail: MAIL } } })
    const whole = await mask(['--connection', 'crm', '--tool', 'a', '--schema', 'schema.json'], message)
    expect(whole.stdout).toMatch(/"mail":"s-\w{18}@mask\.invalid"/)
  })
})

it.each([
  [['--log', '.', '--schema', 'x.json'], '--log goes without --schema.'],
  [['--coverage', '--log', '.'], '--coverage goes without --log.'],
  [['--coverage', '--direction', 'arguments'], '--coverage goes without --direction.'],
])('mask takes no option that would do nothing: %j', async (args, said) => {
  const { stderr, code } = await runCommand(['mask', ...args])
  expect(stderr).toContain(said)
  expect(code).toBe(2)
})

it('mask --coverage has what the rules of the policy say for the call, both ways', async () => {
  const args = ['--coverage', '--json', '--connection', 'crm', '--tool', 'find_customer', '--groups', 'dba-team']
  const { covered } = JSON.parse((await mask(args)).stdout) as { covered: { entity: string }[] }
  expect(covered).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ entity: 'credit_card', action: 'partial', arguments: 'block', record: 'redact' }),
      expect.objectContaining({ entity: 'email', action: 'surrogate', arguments: 'block', record: 'hash' }),
      expect.objectContaining({ entity: 'project_name', action: 'redact', arguments: 'allow', record: 'redact' }),
    ]),
  )
})

describe('mask with a policy that names fields', () => {
  const of = ['--connection', 'crm', '--tool', 'find_customer', '--groups', 'dba-team']

  it('says of a text that is no JSON that they mean none of it', async () => {
    const { stdout } = await mask(of, 'id,internal_note\n1,blue\n')
    expect(stdout).toMatch(/This is no JSON: fields that rules name are members of JSON[^]*\(\*\.internal_note\)\./)
    expect((await mask([...of, 'row.json'])).stdout).not.toContain('This is no JSON')
    expect((await mask([...of, '--json'], '"internal_note: blue"')).stderr).toContain('This is no JSON')
  })

  it('lists them in what is covered', async () => {
    const { stdout } = await mask([...of, '--coverage'])
    expect(stdout).toMatch(
      /\nFields that rules name, in JSON\n {2}- \*\.internal_note: results redact, arguments pass, record pass\n/,
    )
    expect(stdout).toContain('fields that rules name are members of JSON')
  })
})

describe('mask and the analyzer of a connection', () => {
  const text = 'Yesterday Ann Lee was here.'

  it('does not send a text anywhere, and says so', async () => {
    const { stdout } = await mask(['--connection', 'crm', '--tool', 'a'], text)
    expect(stdout).toContain(text)
    expect(stdout).toContain('The analyzer of "crm" was not asked for names in prose')
    const { stderr } = await mask(['--connection', 'crm', '--tool', 'a', '--json'], JSON.stringify(text))
    expect(stderr).toContain('was not asked')
    expect(analyzer.asked).toEqual([])
  })

  it('asks it where that is said, and tells what it found', async () => {
    const { stdout } = await mask(['--connection', 'crm', '--tool', 'a', '--analyzer'], text)
    expect(stdout).toMatch(/^Yesterday sur_person_name_\w+ was here\.\n/)
    expect(stdout).toMatch(/\nperson_name +1:11 +1\.00 +surrogate\n {4}propagated: outside detector\n/)
    expect(stdout).not.toContain('was not asked')
    expect(analyzer.asked).toEqual([text])
  })
})

it.each([
  [['--tool', 'a'], 'Say which call'],
  [['--connection', 'crm', '--call', 'call.json'], 'Either --call, or the call in options.'],
  [['--connection', 'crm', '--direction', 'up'], '--direction is results or arguments.'],
  [['--connection', 'crm', '--direction', 'arguments', '--analyzer'], 'An analyzer is asked about results alone.'],
  [['--connection', 'crm', '--schema', 'wrong.json'], 'wrong.json is no JSON Schema of 2020-12 (#/type must be equal'],
  [['--connection', 'crm', '--schema', 'lost.json'], "lost.json is no JSON Schema of 2020-12 (can't resolve reference"],
  [['--connection', 'crm', '--schema', 'row.txt'], 'row.txt cannot be read.'],
])('mask, called with %j, says what is wrong', async (args, message) => {
  const { code, stdout, stderr } = await mask(args)
  expect(stderr).toContain(message)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

it('mask prints the mistakes of a policy', async () => {
  await writeFile(join(folder, 'other.yaml'), MAIN.replace('policy.yaml', 'bad.yaml'))
  await writeFile(join(folder, 'bad.yaml'), POLICY.replace('effect: deny', 'effect: perhaps'))
  const { code, stderr } = await mask(['-c', 'other.yaml', '--connection', 'crm', 'row.json'])
  expect(stderr).toContain('bad.yaml:5')
  expect(code).toBe(1)
})

/** Speaks the HTTP interface of Presidio Analyzer, and knows one name. */
async function startAnalyzer() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const chunks: string[] = []
    request.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
    request.on('end', () => {
      const { text } = JSON.parse(chunks.join('')) as { text: string }
      asked.push(text)
      const start = text.indexOf('Ann Lee')
      const found = start < 0 ? [] : [{ entity_type: 'PERSON', start, end: start + 'Ann Lee'.length, score: 0.9 }]
      response.setHeader('content-type', 'application/json').end(JSON.stringify(found))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
