// What a person types who keeps a policy: check it, and test it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyFolder, type PolicyFolder, unwrapped } from '../support/policy-files.ts'
import { isRecord } from '../support/process.ts'
import { elementsOf } from '../support/xml.ts'

let world: PolicyFolder
beforeAll(async () => {
  world = await policyFolder()
})
afterAll(() => world?.[Symbol.asyncDispose]())

describe('policy check', () => {
  it('says that a file is fine, and what is worth a second look', async () => {
    const { code, stdout } = await world.run(['policy', 'check', 'policy.yaml'])
    const said = unwrapped(stdout)
    expect(said).toMatch(/policy\.yaml: fine\. 10 rules, 2 tests passed\. Policy: [0-9a-f]{12}\./)
    expect(said).toContain('the rule "everywhere" allows everybody on every connection')
    expect(said).toMatch(/line \d+: the limit of "some" counts by what callers make up/)
    expect(said).toContain('whoever the rule "own-approval" holds back is in the group that approves it')
    expect(said).toContain('no test hits the rule "ask-for-writes"')
    expect(said).toContain('the condition of "slow" asks the costly part first')
    expect(said).not.toContain('the condition of "quick"')
    expect(said).not.toContain('the condition of "read"')
    const [, ...notes] = stdout.trimEnd().split('\n')
    expect(notes.filter((line) => line.length > 80)).toEqual([])
    expect(code).toBe(0)
  })

  it('refuses a mistake with its line, column and what was meant', async () => {
    const { code, stdout, stderr } = await world.run(['policy', 'check', 'broken.yaml'])
    expect(stderr).toMatch(/broken\.yaml:11:\d+: .*verb/)
    expect(stderr).toContain('did you mean')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('refuses a file whose tests fail, and shows the line', async () => {
    const { code, stderr } = await world.run(['policy', 'check', 'failing.yaml'])
    expect(stderr).toMatch(/failing\.yaml:\d+:\d+: the test "reads <well> & "fine"" fails/)
    expect(code).toBe(1)
  })

  it('says as JSON what is odd, and what is wrong', async () => {
    expect(await world.json(['policy', 'check', 'policy.yaml'])).toMatchObject({
      rules: 10,
      tests: 2,
      warnings: [],
    })
    expect(await world.json(['policy', 'check', 'broken.yaml'])).toMatchObject({ mistakes: [{ line: 11 }] })
  })

  it('says that there are no tests once, and not of every rule', async () => {
    const { stdout } = await world.run(['policy', 'check', 'untested.yaml'])
    expect(stdout).toContain('it has no tests')
    expect(stdout).not.toContain('no test hits')
  })
})

describe('the connections that a policy is for', () => {
  it('are those of the sallyport.yaml beside it that names it', async () => {
    const { code, stdout } = await world.run(['policy', 'check', 'team/policy.yaml'])
    expect(stdout).toContain('team/policy.yaml: fine. 10 rules')
    expect(code).toBe(0)
  })

  it('are not those of a sallyport.yaml that names another policy, unless -c says so', async () => {
    const refused = await world.run(['policy', 'check', 'team/other.yaml'])
    expect(refused.stderr).toContain('nothing says which connections this policy is for')
    expect(refused.stderr).toContain('-c sallyport.yaml')
    expect(refused.code).toBe(1)
    const { stdout } = await world.run(['policy', 'check', 'team/other.yaml', '-c', 'team/sallyport.yaml'])
    expect(stdout).toContain('team/other.yaml: fine')
  })

  it('are those of the configuration that -c names, with its policy where no other is named', async () => {
    const { stdout } = await world.run(['policy', 'check', '-c', 'team/sallyport.yaml'])
    expect(stdout).toContain('team/policy.yaml: fine')
  })

  it('are those that the file describes itself, where the configuration beside it is broken', async () => {
    expect((await world.run(['policy', 'check', 'lost/alone.yaml'])).stdout).toContain('lost/alone.yaml: fine')
    const { code, stderr } = await world.run(['policy', 'check', 'lost/policy.yaml'])
    expect(stderr).toContain('lost/sallyport.yaml:1:10')
    expect(code).toBe(1)
  })

  it.each([
    [['policy', 'check', 'bare.yaml'], 'nothing says which connections this policy is for'],
    [['policy', 'check'], 'there is no sallyport.yaml here'],
    [['policy', 'test', 'nowhere.yaml'], 'this file cannot be read'],
    [['policy', 'test', '-c', 'nowhere.yaml'], 'this file cannot be read'],
  ])('have to be known: %s', async (args, message) => {
    const { code, stderr } = await world.run(args)
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })
})

describe('policy test', () => {
  it('runs the tests and says how many passed, by which rules', async () => {
    const { code, stdout } = await world.run(['policy', 'test', 'policy.yaml', '--coverage'])
    expect(stdout).toContain('passed  no drops  (deny by no-drop, some)')
    expect(stdout).toContain('Rules that a test hits: 3 of 10 (30 %)')
    expect(stdout).toContain('never hit: needs-count')
    expect(stdout).not.toContain('never hit: no-drop')
    expect(stdout).toContain('2 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('shows a failing test with its place, what was said and what was expected, and ends with 1', async () => {
    const { code, stdout } = await world.run(['policy', 'test', 'failing.yaml'])
    expect(stdout).toMatch(/FAILED {2}reads <well> & "fine" {2}\(allow by read, some\)\n +\/.*failing\.yaml:\d+:\d+: /)
    expect(stdout).toContain('the policy says allow by rule "read", expected deny')
    expect(stdout).toContain('1 passed, 1 failed')
    expect(code).toBe(1)
  })

  it('writes JUnit XML that a parser takes, whatever the names are', async () => {
    await world.run(['policy', 'test', 'failing.yaml', '--junit', 'out.xml'])
    const xml = elementsOf(await readFile(join(world.folder, 'out.xml'), 'utf8'))
    expect(xml.filter(({ name }) => name === 'testsuite')).toMatchObject([{ of: { tests: '2', failures: '1' } }])
    const cases = xml.filter(({ name }) => name === 'testcase')
    expect(cases).toMatchObject([{ of: { name: 'reads <well> & "fine"' } }, { of: { name: 'no drops' } }])
    expect(xml.filter(({ name }) => name === 'failure')).toHaveLength(1)
  })

  it('prints JUnit XML and nothing else', async () => {
    const { code, stdout, stderr } = await world.run(['policy', 'test', 'failing.yaml', '--junit', '-'])
    expect(elementsOf(stdout).filter(({ name }) => name === 'testcase')).toHaveLength(2)
    expect(stderr).toBe('')
    expect(code).toBe(1)
  })

  it('gives the same as JSON', async () => {
    expect(await world.json(['policy', 'test', 'policy.yaml'])).toMatchObject([
      { passed: 2, failed: 0, coverage: { percent: 30, missed: expect.arrayContaining(['needs-count']) } },
    ])
  })

  it('tests all packs of the program, which pass, and whose rules are all hit', async () => {
    const all = await world.json(['policy', 'test', '--packs'])
    if (!Array.isArray(all)) throw new Error('no packs')
    const { stdout } = await world.run(['policy', 'packs'])
    expect(all).toHaveLength(stdout.match(/^\S+/gm)?.length ?? 0)
    expect(all.filter((pack) => !isRecord(pack) || pack['failed'] !== 0)).toEqual([])
    expect(all).toContainEqual(expect.objectContaining({ coverage: expect.objectContaining({ percent: 100 }) }))
  })

  it.each([
    [['--junit', 'no-folder/out.xml'], 'no-folder/out.xml cannot be written'],
    [['--packs'], '--packs are those of the program'],
    [['--json', '--junit', '-'], 'name a file for one of them'],
    [['second.yaml'], '"second.yaml" is one too many'],
    [['--covrage'], "Unknown option '--covrage'"],
  ])('says what does not go together: %s', async (args, message) => {
    const { code, stderr } = await world.run(['policy', 'test', 'policy.yaml', ...args])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain(' at ')
    expect(code).toBe(2)
  })
})

it('the commands about policies are listed, on lines that fit', async () => {
  const { stdout } = await world.run(['policy', 'help'])
  for (const name of ['check', 'test', 'explain', 'facts', 'backtest', 'shadow', 'packs'])
    expect(stdout).toContain(`policy ${name}`)
  const packs = await world.run(['policy', 'packs'])
  expect([...stdout.split('\n'), ...packs.stdout.split('\n')].filter((line) => line.length > 80)).toEqual([])
  expect((await world.run(['policy', 'chekc'])).code).toBe(2)
})
