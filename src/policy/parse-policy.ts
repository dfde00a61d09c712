import { hash } from 'node:crypto'
import type { BreakGlassTerms } from '../approval/break-glass.ts'
import { parseDuration } from '../base/units.ts'
import { compileInspection } from '../facts/inspection.ts'
import { checkReceivers } from './check-receivers.ts'
import { checkRules } from './check-rules.ts'
import { collect, type Places, type SourceRule, type Sources } from './collect.ts'
import { compileRules } from './compile-rules.ts'
import type { Inspect } from './inspect.ts'
import type { Mistake } from './mistake.ts'
import { compilePolicy, type Policy } from './policy.ts'
import type { ConnectionFacts, Rule } from './rule.ts'
import { runTests, type TestResult } from './run-tests.ts'

export type LoadedPolicy =
  | {
      readonly kind: 'policy'
      readonly policy: Policy
      /** Files that it includes: with its own, all that it was made of. */
      readonly files: readonly string[]
      /** What the file asks for and nobody does yet. */
      readonly warnings: readonly string[]
      readonly tests: readonly TestResult[]
    }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

export interface PolicyPlace extends Places {
  /** The connections that the policy will be asked about; undefined: those of its own `test_with`. */
  readonly connections: readonly ConnectionFacts[] | undefined
  readonly inspect: Inspect
  /** Names of those who can be told of approvals; undefined: that is not looked at. */
  readonly receivers?: readonly string[] | undefined
}

/** Reads and checks a policy, and runs its own tests. What does not pass is no policy; all mistakes come at once. */
export function loadPolicy(text: string, place: PolicyPlace): LoadedPolicy {
  const read = readPolicy(text, place)
  if (read.kind === 'mistakes') return read
  const tests = runTests(read)
  const failed = tests.flatMap(({ mistake }) => mistake ?? [])
  if (failed.length > 0) return fail(failed)
  const { policy, sources } = read
  return { kind: 'policy', policy, files: sources.included, warnings: warningsOf(read), tests }
}

/** A policy that was checked, whose tests did not run. */
export interface ReadPolicy {
  readonly kind: 'policy'
  readonly policy: Policy
  /** With the rules of `test_with`, where the connections are those of the file itself. */
  readonly tested: Policy
  readonly sources: Sources
  readonly connections: readonly ConnectionFacts[]
  readonly inspect: Inspect
}

/** Reads and checks a policy without running its tests. */
export function readPolicy(text: string, place: PolicyPlace): ReadPolicy | Extract<LoadedPolicy, { kind: 'mistakes' }> {
  const mistakes: Mistake[] = []
  const sources = collect(text, place, mistakes)
  if (sources === undefined || mistakes.length > 0) return fail(mistakes)
  const connections = place.connections ?? ownConnections(sources, mistakes)
  // Without its connections, that a rule speaks of none of them would only mislead.
  if (mistakes.length > 0) return fail(mistakes)
  const beside = place.connections === undefined ? besideRules(sources) : []
  mistakes.push(...checkRules({ sources: { ...sources, rules: [...sources.rules, ...beside] }, connections }))
  if (place.receivers !== undefined) mistakes.push(...checkReceivers(sources, place.receivers))
  const rules = compileRules(sources, mistakes)
  const testRules = compileRules({ ...sources, rules: beside }, mistakes)
  if (mistakes.length > 0) return fail(mistakes)
  const { default: otherwise = 'deny', mode = 'enforce', timezone = 'UTC' } = sources.file
  const version = versionOf(sources.texts)
  const { groups } = sources
  const breakGlass = breakGlassOf(sources)
  const common = { version, default: otherwise, mode, timezone, groups, connections, breakGlass }
  const policy = compilePolicy({ ...common, rules })
  const tested = testRules.length === 0 ? policy : compilePolicy({ ...common, rules: [...rules, ...testRules] })
  return { kind: 'policy', policy, tested, sources, connections, inspect: place.inspect }
}

function breakGlassOf({ file: { break_glass: given } }: Sources): BreakGlassTerms | undefined {
  if (given === undefined) return undefined
  return {
    groups: given.groups,
    overrides: given.overrides,
    forMs: parseDuration(given.for) ?? 0,
    reviewMs: parseDuration(given.review_within ?? '2d') ?? 0,
    notify: given.notify ?? [],
  }
}

/** One file is named by its own hash; of several, each by its hash, in order. */
function versionOf(texts: readonly string[]): string {
  const [only = '', ...more] = texts
  return more.length === 0 ? hash('sha256', only) : hash('sha256', texts.map((text) => hash('sha256', text)).join('\n'))
}

function ownConnections({ document, file }: Sources, mistakes: Mistake[]): ConnectionFacts[] {
  return Object.entries(file.test_with?.connections ?? {}).map(([name, { labels = {}, inspect, dialect }]) => {
    const inspection = compileInspection({ labels, inspect, dialect })
    if (!('kind' in inspection)) return { name, labels, inspection }
    mistakes.push(document.at(['test_with', 'connections', name, inspection.key], inspection.message, inspection.hint))
    return { name, labels }
  })
}

/** The rules of `test_with`. */
function besideRules({ document, file }: Sources): SourceRule[] {
  const rules = file.test_with?.rules ?? []
  return rules.map((entry, i) => ({
    entry,
    document,
    path: ['test_with', 'rules', i],
    alsoExcept: [],
    pack: undefined,
  }))
}

/** What a policy asks for and nobody does yet. */
export function warningsOf({ policy }: ReadPolicy): string[] {
  const of = (effect: Rule['effect']) => policy.rules.filter((rule) => rule.effect === effect).map(({ id }) => id)
  return [
    ...warn(of('alert'), 'alert rules are checked and recorded, and not in force yet'),
    ...warn(usingTaints(policy), 'nothing sets taints of a session yet, so these rules never see one'),
  ]
}

function warn(ids: readonly string[], what: string): string[] {
  return ids.length === 0 ? [] : [`${what}: ${ids.map((id) => `"${id}"`).join(', ')}`]
}

function usingTaints({ rules }: Policy): string[] {
  const using = rules.filter(
    ({ when }) => when?.uses.has('session.taints') === true || when?.uses.has('session.tainted') === true,
  )
  return using.map(({ id }) => id)
}

function fail(mistakes: readonly Mistake[]): Extract<LoadedPolicy, { kind: 'mistakes' }> {
  return {
    kind: 'mistakes',
    mistakes: mistakes.toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column),
  }
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
