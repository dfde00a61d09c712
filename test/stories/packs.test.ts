// The packs that come with the program: they load, pass their own tests, only narrow, stop what the vectors call
// dangerous, and the page about them says what is in them.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packFile, packNames, policyPlaces } from '../../src/config/policy-places.ts'
import { DIALECTS } from '../../src/facts/facts.ts'
import { inspectHere } from '../../src/inspection/inspect-here.ts'
import { loadReader } from '../../src/inspection/readers.ts'
import { parseJson } from '../../src/base/json.ts'
import { NO_CIRCUMSTANCES } from '../../src/policy/circumstances.ts'
import { decide } from '../../src/policy/decide.ts'
import { loadPolicy, readPolicy, type LoadedPolicy, type ReadPolicy } from '../../src/policy/parse-policy.ts'
import { root } from '../support/process.ts'
import { findSensitive } from '../support/sensitive.ts'

const readers = new Map(
  await Promise.all(DIALECTS.map(async (dialect) => [dialect, await loadReader(dialect)] as const)),
)
const inspect = inspectHere(readers, findSensitive)

function load(text: string, file: string): LoadedPolicy {
  return loadPolicy(text, { ...policyPlaces(file), connections: undefined, inspect })
}

type Pack = Extract<LoadedPolicy, { kind: 'policy' }>
const made = new Map<string, Pack>()

/** A pack on its own, in the world that its tests take for granted. Loading runs them, so it is done once. */
function setUp(name: string): Pack {
  const known = made.get(name)
  if (known !== undefined) return known
  const file = packFile(name)
  const loaded = load(readFileSync(file, 'utf8'), file)
  if (loaded.kind === 'policy') {
    made.set(name, loaded)
    return loaded
  }
  throw new Error(loaded.mistakes.map(({ line, message }) => `${name}:${line}: ${message}`).join('\n'))
}

const packs = packNames().map((name) => ({ name, text: readFileSync(packFile(name), 'utf8') }))
const page = readFileSync(`${root}/docs/packs.md`, 'utf8')

it('there are packs for what is connected most', () => {
  expect(packNames()).toEqual([
    'filesystem-safe',
    'git-safe',
    'http-egress',
    'kubernetes-safe',
    'mcp-baseline',
    'mysql-safe',
    'postgres-safe',
    'shell-read',
    'sqlite-safe',
  ])
})

describe.each(packs)('the pack $name', ({ name, text }) => {
  it('passes its own tests, of which it has enough, with calls that pass, wait and are refused', () => {
    const { tests } = setUp(name)
    expect(tests.length).toBeGreaterThanOrEqual(12)
    expect(tests.filter(({ mistake }) => mistake !== undefined)).toEqual([])
    expect(new Set(tests.map(({ decision }) => decision?.kind))).toEqual(new Set(['allow', 'approve', 'deny']))
  })

  it('has tests for every rule, and each rule decides at least two of them', () => {
    const { policy, tests } = setUp(name)
    const decided = tests.flatMap(({ decision }) =>
      decision?.kind === 'approve' ? decision.terms.map(({ rule }) => rule) : [decision?.rule],
    )
    const often = (id: string) => decided.filter((rule) => rule === id).length
    expect(policy.rules.map(({ id }) => id).filter((id) => often(id) < 2)).toEqual([])
  })

  it('only narrows, under names that say where a refusal comes from', () => {
    const { policy } = setUp(name)
    expect(policy.rules.filter(({ effect }) => effect !== 'deny' && effect !== 'approve')).toEqual([])
    expect(policy.rules.filter(({ id }) => !id.startsWith(`${name}.`))).toEqual([])
  })

  it('says of every rule why it is there, what to do instead, and how grave it is', () => {
    const { policy } = setUp(name)
    for (const { id, message, severity } of policy.rules) {
      expect(text).toMatch(new RegExp(`^ {2}# \\S.*\\n {2}- id: ${id.replaceAll('.', '\\.')}$`, 'm'))
      expect(`${id}: ${message}`).toMatch(/^[\w.-]+: [A-Z].{3,}\.$/)
      expect(`${id}: ${severity}`).toMatch(/: (?:low|medium|high|critical)$/)
    }
  })

  it('is described with its rules and their effects', () => {
    const { policy } = setUp(name)
    expect(page).toContain(`\n## ${name}\n`)
    for (const { id, effect } of policy.rules) {
      const row = sectionOf(name).find((line) => line.startsWith(`| \`${id.slice(name.length + 1)}\``))
      expect(`${id}: ${row}`).toMatch(new RegExp(`\\| ${effect} +\\|`))
    }
  })

  it('is included with approvers; without them, what needs agreement is refused', () => {
    expect(effectsWith(`{ pack: ${name}, approvers: dba }`)).toEqual(new Set(['allow', 'deny', 'approve']))
    expect(effectsWith(`pack:${name}`)).toEqual(new Set(['allow', 'deny']))
  })
})

it('the page describes no rule that is not there', () => {
  const ids = packs.flatMap(({ name }) => setUp(name).policy.rules.map(({ id }) => id))
  const described = packs.flatMap(({ name }) =>
    sectionOf(name).flatMap((line) => {
      const rule = /^\| `([\w-]+)` +\| (?:deny|approve) /.exec(line)?.[1]
      return rule === undefined ? [] : [`${name}.${rule}`]
    }),
  )
  expect(described.toSorted()).toEqual(ids.toSorted())
})

interface Vector {
  readonly id: string
  readonly expect: string
  readonly dialect?: string
  readonly sql?: string
  readonly command?: string
}

describe('of the vectors', () => {
  it.each([
    ['postgres-safe', 'postgresql', 'postgres'],
    ['mysql-safe', 'mysql', 'mysql'],
    ['sqlite-safe', 'sqlite', 'sqlite'],
  ])('%s lets no dangerous statement pass', (pack, dialect, kind) => {
    const dangerous = vectors('sql').filter((one) => one.dialect === dialect && one.expect === 'dangerous')
    expect(dangerous.length).toBeGreaterThan(10)
    const said = including(pack, kind)
    expect(dangerous.filter(({ sql = '' }) => said({ sql }) === 'allow')).toEqual([])
  })

  it('shell-read lets no dangerous command pass', () => {
    const dangerous = vectors('shell').filter((one) => one.expect === 'dangerous')
    expect(dangerous.length).toBeGreaterThan(100)
    const said = including('shell-read', 'shell')
    expect(dangerous.filter(({ command = '' }) => said({ command }) === 'allow')).toEqual([])
  })

  it('shell-read refuses no harmless command: some need agreement, since they write or use the network', () => {
    const benign = vectors('shell').filter((one) => one.expect === 'benign')
    expect(benign.length).toBeGreaterThan(20)
    const said = including('shell-read', 'shell')
    expect(benign.filter(({ command = '' }) => said({ command }) === 'deny')).toEqual([])
  })
})

function vectors(kind: 'sql' | 'shell'): readonly Vector[] {
  const file = readFileSync(new URL(`../vectors/${kind}-guardrails.json`, import.meta.url), 'utf8')
  const parsed: unknown = parseJson(file)
  if (!isVectors(parsed)) throw new Error('these are no vectors')
  return parsed.cases
}

function isVectors(value: unknown): value is { readonly cases: readonly Vector[] } {
  return typeof value === 'object' && value !== null && 'cases' in value && Array.isArray(value.cases)
}

function effectsWith(include: string): Set<string> {
  return new Set(read(policyWith(include)).policy.rules.map(({ effect }) => effect))
}

function policyWith(include: string): string {
  return [
    'version: 1',
    'groups: { dba: [dba] }',
    `include: [${include}]`,
    'rules: [{ id: all, effect: allow, match: { connections: ["*"] } }]',
  ].join('\n')
}

function read(text: string, kind = 'saas'): ReadPolicy {
  const main = `${text}\ntest_with: { connections: { here: { labels: { kind: ${kind} } } } }\n`
  const loaded = readPolicy(main, { ...policyPlaces('policy.yaml'), connections: undefined, inspect })
  if (loaded.kind === 'mistakes') throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'))
  return loaded
}

/** What a policy that allows everything, and includes the pack, says of a call with these arguments. */
function including(pack: string, kind: string): (args: Record<string, string>) => string {
  const { policy, connections } = read(policyWith(`{ pack: ${pack}, approvers: dba }`), kind)
  const [connection] = connections
  if (connection === undefined) throw new Error('no connection')
  return (args) => {
    const circumstances = { ...NO_CIRCUMSTANCES, args, method: 'tools/call', ...inspect(connection, 'run', args) }
    const who = { subject: 'ada', groups: [] }
    return decide({ policy, who, connection, about: { kind: 'tool', name: 'run' }, circumstances }).kind
  }
}

function sectionOf(name: string): string[] {
  const start = page.indexOf(`\n## ${name}\n`)
  const end = page.indexOf('\n## ', start + 1)
  return page.slice(start, end < 0 ? undefined : end).split('\n')
}
