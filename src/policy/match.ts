import type { About } from './decide.ts'
import { type GlobTest, nameGlob } from '../base/name-glob.ts'
import { TARGET_CHARS_MAX, uriTest, type Readings, type UriTest } from './resource-uri.ts'
import type { ConditionContext } from './condition/condition.ts'
import type { Conditions, ConnectionFacts, Effect, Rule } from './rule.ts'

/** One rule on one connection, where the question of the connection is answered already. */
export interface RuleHere {
  readonly rule: Rule
  readonly match: Parts
  /** Exceptions that can apply on this connection. */
  readonly excepts: readonly Parts[]
}

/** Compiled conditions, without the connection. */
export interface Parts {
  readonly groups: readonly string[] | undefined
  readonly tools: NameTest | undefined
  readonly prompts: NameTest | undefined
  readonly resources: readonly UriTest[] | undefined
  /** Names tools, prompts or resources, so it speaks of these and of nothing else. */
  readonly namesItems: boolean
}

/** A question, prepared once for all rules. What costs something is made when a rule asks for it. */
export interface Asked {
  readonly groups: ReadonlySet<string>
  readonly about: About
  /** Whether arguments are known, or only what they could be called with. */
  readonly stage: Stage
  readonly atMs: number
  /** Of a resource. */
  readonly readings: () => Readings
  readonly context: () => ConditionContext
}

/** `call`: this very call, with its arguments. `list`: some call of this kind, at some time. */
export type Stage = 'call' | 'list'

type NameTest = GlobTest

/** The rules that can have a say on a connection, in the order of the file. */
export function rulesOn(rules: readonly Rule[], connection: ConnectionFacts): RuleHere[] {
  return rules
    .filter((rule) => fitsConnection(rule.match, connection))
    .map((rule) => ({
      rule,
      match: compile(rule.match),
      excepts: rule.except.filter((except) => fitsConnection(except, connection)).map(compile),
    }))
}

export function fitsConnection({ connections }: Conditions, { name, labels }: ConnectionFacts): boolean {
  if (connections === undefined) return true
  if (isList(connections)) return connections.some((glob) => nameGlob(glob)(name))
  return Object.entries(connections).every(
    ([key, value]) => Object.hasOwn(labels, key) && fitsLabel(value, labels[key]),
  )
}

function fitsLabel(wanted: string | readonly string[], value: string | undefined): boolean {
  return typeof wanted === 'string' ? wanted === value : wanted.some((one) => one === value)
}

/** Whether the rule speaks of what is asked: its match and except, without its time and its condition. */
export function fits({ rule, match, excepts }: RuleHere, asked: Asked): boolean {
  if (!fitsGroups(match, asked)) return false
  if (asked.about.kind === 'connection') return fitsWhole(rule.effect, { match, excepts }, asked)
  // In doubt about a URI an allow rule does not match and its exception does; every other rule the other way round.
  const sure = rule.effect === 'allow'
  if (!fitsItem(match, asked, sure)) return false
  return !excepts.some((except) => fitsGroups(except, asked) && fitsItem(except, asked, !sure))
}

export type Misfit = 'the caller is in none of its groups' | 'it is about something else' | 'it is excepted'

/** Why `fits` says no; undefined where it says yes. */
export function misfit(here: RuleHere, asked: Asked): Misfit | undefined {
  if (fits(here, asked)) return undefined
  if (!fitsGroups(here.match, asked)) return 'the caller is in none of its groups'
  return fits({ ...here, excepts: [] }, asked) ? 'it is excepted' : 'it is about something else'
}

/** Whether the rule would speak of what is asked if the caller were in its groups; its exception is not looked at. */
export function fitsAnybody({ rule, match }: RuleHere, asked: Asked): boolean {
  return asked.about.kind === 'connection' || fitsItem(match, asked, rule.effect === 'allow')
}

/**
 * The connection itself, as for a login, a list or a ping. An allow rule opens it where it could allow anything there; a
 * deny rule closes it only as a whole. There is nothing to approve and nothing that counts against a limit.
 */
function fitsWhole(effect: Effect, { match, excepts }: Pick<RuleHere, 'match' | 'excepts'>, asked: Asked): boolean {
  switch (effect) {
    case 'allow':
      return !excepts.some((except) => !except.namesItems && fitsGroups(except, asked))
    case 'deny':
    case 'mask':
      return !match.namesItems && !excepts.some((except) => fitsGroups(except, asked))
    case 'approve':
    case 'limit':
    case 'alert':
      return false
  }
}

function fitsGroups({ groups }: Parts, asked: Asked): boolean {
  if (groups === undefined) return true
  for (const group of groups) if (asked.groups.has(group)) return true
  return false
}

function fitsItem(parts: Parts, asked: Asked, sure: boolean): boolean {
  if (!parts.namesItems) return true
  const { about } = asked
  switch (about.kind) {
    case 'tool':
      return fitsName(parts.tools, about.name, sure)
    case 'prompt':
      return fitsName(parts.prompts, about.name, sure)
    case 'resource':
      return parts.resources !== undefined && fitsUri(parts.resources, asked.readings(), sure)
    case 'connection':
      return false
  }
}

function fitsName(test: NameTest | undefined, name: string, sure: boolean): boolean {
  if (test === undefined) return false
  return name.length > TARGET_CHARS_MAX ? !sure : test(name)
}

function fitsUri(tests: readonly UriTest[], uri: Readings, sure: boolean): boolean {
  return tests.some((test) => (sure ? test.surely(uri) : test.possibly(uri)))
}

function compile({ groups, tools, prompts, resources }: Conditions): Parts {
  return {
    groups,
    tools: tools === undefined ? undefined : anyName(tools),
    prompts: prompts === undefined ? undefined : anyName(prompts),
    resources: resources?.map(uriTest),
    namesItems: tools !== undefined || prompts !== undefined || resources !== undefined,
  }
}

/** Plain names in one set, globs one after another. */
function anyName(globs: readonly string[]): NameTest {
  const names = new Set(globs.filter((glob) => !glob.includes('*')))
  const tests = globs.filter((glob) => glob.includes('*')).map(nameGlob)
  return (name) => names.has(name) || tests.some((test) => test(name))
}

function isList(connections: NonNullable<Conditions['connections']>): connections is readonly string[] {
  return Array.isArray(connections)
}
