import { describe, expect, it } from 'vitest'
import { Shape } from '../policy/check-shape.ts'
import type { Mistake } from '../policy/mistake.ts'
import { readYaml } from '../policy/yaml-source.ts'
import type { ConnectionEntry, SallyportFile } from './files.ts'
import { checkConnectionMasking, type MaskingSettings, readMasking, toMasking } from './read-masking.ts'
import { sallyportSchema } from './schema.ts'

const MAIN =
  'version: 1\nidentity: { issuers: [ { issuer: "https://login.example.com" } ] }\nmaster_key: ${env:KEY}\nmasking:\n  detectors:\n'
const EMPLOYEE = `  - name: employee_id
    pattern: '\\bEMP-\\d{6}\\b'
    with: partial
    connections: ["hr-*"]
    examples: { matches: ["see EMP-123456"], leaves_alone: ["EMP-12345"] }
`
const PROJECT = `  - name: project
    words: [Aurora]
    examples:
      matches: ["project aurora"]
      leaves_alone: ["auroras"]
`

describe('kinds of values in the main file', () => {
  it('are ready to be looked for, in their order, redacted where nothing else is said', () => {
    const { settings, mistakes } = setUp(
      EMPLOYEE + PROJECT.replace('    words', '    in: [results, arguments]\n    words'),
    )
    expect(mistakes).toEqual([])
    expect(settings?.own).toMatchObject([
      { name: 'employee_id', action: 'partial', in: undefined },
      { name: 'project', action: 'redact', in: ['results', 'arguments'] },
    ])
    expect(settings?.own.map(({ looksAt }) => looksAt('crm', undefined))).toEqual([false, true])
  })

  it.each<[string, string, string, string]>([
    ['a repeat without an end', EMPLOYEE.replace('{6}', '+'), '7:14', 'this pattern has a repeat without an end'],
    ['look-around', EMPLOYEE.replace('\\bEMP', '(?<!x)EMP'), '7:14', 'this is not RE2'],
    ['a name that is built in', EMPLOYEE.replace('employee_id', 'phone'), '6:11', '"phone" is built in'],
    ['the name of another', EMPLOYEE + EMPLOYEE, '11:11', 'there is another kind "employee_id"'],
    [
      'an example that is not found',
      EMPLOYEE.replace('EMP-123456', 'EMP-1'),
      '10:27',
      '"employee_id" is not found here',
    ],
    [
      'an example that is found',
      EMPLOYEE.replace('EMP-12345"', 'EMP-654321"'),
      '10:61',
      '"employee_id" is found here, and must not be',
    ],
    ['no examples', PROJECT.replace(/ {4}examples:[^]*/, ''), '6:5', '"examples" is missing'],
    ['nothing to look for', PROJECT.replace(/ {4}words.*\n/, ''), '6:5', 'nothing says what is looked for'],
    ['a word of one letter', PROJECT.replace('[Aurora]', '[Aurora, x]'), '7:21', 'this must be two letters or more'],
    [
      'an example in a list of its own',
      PROJECT.replace('project aurora', 'boreas'),
      '9:17',
      '"project" is not found here',
    ],
    ['a score that never counts', `${PROJECT}    score: 0.3\n`, '11:12', 'a match counts from 0.6 on'],
  ])('are refused where they stand, for %s', (_, yaml, at, message) => {
    const { mistakes } = setUp(yaml)
    expect(mistakes.map(({ line, column }) => `${line}:${column}`)).toEqual([at])
    expect(mistakes[0]?.message).toContain(message)
  })

  it('are refused all at once', () => {
    const { mistakes } = setUp(EMPLOYEE.replace('{6}', '+') + PROJECT.replace('[Aurora]', '[x]'))
    expect(mistakes).toHaveLength(2)
  })
})

describe('an outside detector of a connection', () => {
  it('is asked for kinds that masking knows', () => {
    expect(connection('analyzer: { url: "http://127.0.0.1:5002", entities: [PERSON, EMAIL_ADDRESS] }')).toEqual([])
    expect(connection('analyzer: { url: "http://127.0.0.1:5002", entities: [PERSON, SHOE_SIZE] }')).toMatchObject([
      { message: 'nothing says how "SHOE_SIZE" is hidden', line: 3 },
    ])
  })

  it('has terms where nothing is said', () => {
    expect(toMasking('hr', { analyzer: { url: 'http://127.0.0.1:5002' } }).analyzer).toEqual({
      url: 'http://127.0.0.1:5002',
      timeoutMs: 2_000,
      language: 'en',
      score: 0.5,
      entities: ['PERSON', 'LOCATION'],
      tools: ['*'],
      concurrent: 8,
    })
  })
})

describe('a sink of a connection', () => {
  it.each([
    ['argument: a, field: b', 'this must name an argument or a field of a form, and not both'],
    ['within: true', 'this must name an argument or a field of a form'],
    ['field: "a["', 'brackets hold a number'],
  ])('is an argument or a field: %s', (sink, message) => {
    const mistakes = connection(`restore: { why: tests, sinks: [{ tool: a, ${sink} }] }`)
    expect(mistakes).toMatchObject([{ message: expect.stringContaining(message), line: 3 }])
  })

  it('is either', () => {
    const sinks = [
      { tool: 'a', argument: 'b' },
      { tool: 'a', field: 'b', within: true },
    ]
    expect(connection(`restore: { why: tests, sinks: ${JSON.stringify(sinks)} }`)).toEqual([])
    expect(toMasking('hr', { restore: { why: 'tests', sinks } }).restore?.sinks).toEqual([
      { tool: 'a', argument: 'b' },
      { tool: 'a', field: 'b', within: 'A-Za-z0-9@._+-' },
    ])
  })
})

function setUp(detectors: string): { settings: MaskingSettings | undefined; mistakes: readonly Mistake[] } {
  const { documents } = readYaml(MAIN + detectors, 'sallyport.yaml')
  const [document] = documents
  if (document === undefined) throw new Error('no document')
  const shaped = new Shape<SallyportFile>(sallyportSchema()).check(document)
  if (shaped.kind === 'mistakes') return { settings: undefined, mistakes: shaped.mistakes }
  const mistakes: Mistake[] = []
  return { settings: readMasking(document, shaped.value, mistakes), mistakes }
}

function connection(masking: string): readonly Mistake[] {
  const { documents } = readYaml(`kind: Connection\nname: hr\nmasking: { ${masking} }\n`, 'hr.yaml')
  const [document] = documents
  if (document === undefined) throw new Error('no document')
  return checkConnectionMasking(document, document.value as ConnectionEntry)
}
