import { decide, type About, type Decision, type Who } from './decide.ts'
import { suggest, type Mistake } from './mistake.ts'
import type { PolicyFile, TestEntry } from './policy-schema.ts'
import type { Policy } from './policy.ts'
import { DEFAULT_RULE, type ConnectionFacts } from './rule.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

interface Run {
  readonly document: YamlDocument
  readonly file: PolicyFile
  readonly policy: Policy
  readonly connections: readonly ConnectionFacts[]
}

/** Runs the tests that a policy brings with it. Each one that fails is a mistake of the file. */
export function runTests(run: Run): Mistake[] {
  return (run.file.tests ?? []).flatMap((test, i) => runTest(run, test, ['tests', i]))
}

function runTest(run: Run, test: TestEntry, path: Path): Mistake[] {
  const { document, policy, connections } = run
  const { call } = test
  const connection = connections.find(({ name }) => name === call.connection)
  if (connection === undefined) {
    const names = connections.map(({ name }) => name)
    const here = [...path, 'call', 'connection']
    return [document.at(here, `no connection "${call.connection}"`, suggest(call.connection, names))]
  }
  const about = aboutOf(call)
  if (about === undefined) return [document.at([...path, 'call'], 'only one of tool, prompt, resource can be called')]
  const ids = [...policy.rules.map(({ id }) => id), DEFAULT_RULE]
  if (test.rule !== undefined && !ids.includes(test.rule)) {
    return [document.at([...path, 'rule'], `no rule "${test.rule}"`, suggest(test.rule, ids))]
  }
  const decision = decide({ policy, who: callerOf(test), connection, about })
  return compare(test, decision).map(({ key, what }) =>
    document.at([...path, key], `the test "${test.name}" fails: ${what}`),
  )
}

function compare({ expect, rule }: TestEntry, decision: Decision): { key: string; what: string }[] {
  const said = `the policy says ${decision.kind} by rule "${decision.rule}"`
  if (decision.kind !== expect) return [{ key: 'expect', what: `${said}, expected ${expect}` }]
  return rule === undefined || rule === decision.rule ? [] : [{ key: 'rule', what: `${said}, expected "${rule}"` }]
}

function callerOf({ as }: TestEntry): Who {
  return { subject: as?.subject ?? 'test', groups: as?.groups ?? [], email: as?.email }
}

function aboutOf({ tool, prompt, resource }: TestEntry['call']): About | undefined {
  const all: About[] = [
    ...(tool === undefined ? [] : [{ kind: 'tool' as const, name: tool }]),
    ...(prompt === undefined ? [] : [{ kind: 'prompt' as const, name: prompt }]),
    ...(resource === undefined ? [] : [{ kind: 'resource' as const, uri: resource }]),
  ]
  return all.length > 1 ? undefined : (all[0] ?? { kind: 'connection' })
}
