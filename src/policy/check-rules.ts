import { nameGlob, nameGlobCovers, uriGlobCovers } from './glob.ts'
import { fitsConnection } from './match.ts'
import { suggest, type Mistake } from './mistake.ts'
import type { PolicyFile, RuleEntry } from './policy-schema.ts'
import { DEFAULT_RULE, type Conditions, type ConnectionFacts, type Labels } from './rule.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

interface Checked {
  readonly document: YamlDocument
  readonly file: PolicyFile
  readonly connections: readonly ConnectionFacts[]
}

/** Mistakes that the shape does not show: names of nothing, ids twice, rules that can never have an effect. */
export function checkRules(checked: Checked): Mistake[] {
  const { document, file } = checked
  const names = file.rules.flatMap((rule, i) => [
    ...checkNames(checked, rule.match, ['rules', i, 'match']),
    ...(rule.except === undefined ? [] : checkNames(checked, rule.except, ['rules', i, 'except'])),
  ])
  return [...checkTimezone(document, file), ...checkIds(document, file.rules), ...names, ...checkReach(checked)]
}

function checkTimezone(document: YamlDocument, { timezone }: PolicyFile): Mistake[] {
  if (timezone === undefined || isTimezone(timezone)) return []
  return [document.at(['timezone'], `"${timezone}" is no time zone`, 'use an IANA name such as Europe/Berlin')]
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function checkIds(document: YamlDocument, rules: readonly RuleEntry[]): Mistake[] {
  const seen = new Set<string>([DEFAULT_RULE])
  return rules.flatMap(({ id }, i) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const message =
      id === DEFAULT_RULE ? `"${DEFAULT_RULE}" is the rule of no rule` : `there is another rule with the id "${id}"`
    return [document.at(['rules', i, 'id'], message, 'give it an id of its own')]
  })
}

function checkNames(checked: Checked, { connections, groups }: Conditions, path: Path): Mistake[] {
  const known = Object.keys(checked.file.groups ?? {})
  const unknown = (groups ?? []).flatMap((group, i) =>
    known.includes(group)
      ? []
      : [checked.document.at([...path, 'groups', i], `no group "${group}" under groups:`, suggest(group, known))],
  )
  return [...unknown, ...checkConnections(checked, connections, [...path, 'connections'])]
}

/** A name that names nothing is a typing error, and in a deny rule an open door. */
function checkConnections(checked: Checked, given: Conditions['connections'], path: Path): Mistake[] {
  if (given === undefined) return []
  if (!isNames(given)) return checkLabels(checked, given, path)
  const names = checked.connections.map(({ name }) => name)
  return given.flatMap((glob, i) => {
    if (glob === '*' || names.some(nameGlob(glob))) return []
    const message = glob.includes('*') ? `no connection fits "${glob}"` : `no connection "${glob}"`
    return [checked.document.at([...path, i], message, suggest(glob, names))]
  })
}

function checkLabels({ document, connections }: Checked, given: Labels, path: Path): Mistake[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const having = connections.filter(({ labels }) => Object.hasOwn(labels, key))
    if (having.length === 0) {
      const keys = new Set(connections.flatMap(({ labels }) => Object.keys(labels)))
      return [document.atKey([...path, key], `no connection has a label "${key}"`, suggest(key, keys))]
    }
    const values = new Set(having.flatMap(({ labels }) => labels[key] ?? []))
    if (values.has(value)) return []
    return [document.at([...path, key], `no connection has the label ${key}: ${value}`, suggest(value, values))]
  })
}

function checkReach({ document, file, connections }: Checked): Mistake[] {
  const denies = file.rules.filter((rule) => rule.effect === 'deny' && rule.except === undefined)
  return file.rules.flatMap((rule, i) => {
    const path: Path = ['rules', i, 'id']
    if (rule.except !== undefined && covers(rule.except, rule.match, connections)) {
      return [document.at(path, `the rule "${rule.id}" excepts everything it matches`, 'narrow its except')]
    }
    const over =
      rule.effect === 'allow' ? denies.find((deny) => covers(deny.match, rule.match, connections)) : undefined
    if (over === undefined) return []
    const hint = 'a deny rule wins wherever it stands: remove this rule or narrow that one'
    return [document.at(path, `the rule "${rule.id}" can never allow anything: "${over.id}" denies it all`, hint)]
  })
}

/** True where all that fits `narrow` fits `wide`. May miss such a pair, never invents one. */
function covers(wide: Conditions, narrow: Conditions, connections: readonly ConnectionFacts[]): boolean {
  return (
    coversConnections(wide, narrow, connections) &&
    (wide.groups === undefined || (narrow.groups?.every((group) => wide.groups?.includes(group)) ?? false)) &&
    coversItems(wide, narrow)
  )
}

function coversConnections(wide: Conditions, narrow: Conditions, connections: readonly ConnectionFacts[]): boolean {
  if (wide.connections === undefined) return true
  const own = connections.filter((connection) => fitsConnection(narrow, connection))
  return own.length > 0 && own.every((connection) => fitsConnection(wide, connection))
}

function coversItems(wide: Conditions, narrow: Conditions): boolean {
  if (!namesItems(wide)) return true
  if (!namesItems(narrow)) return false
  return (
    coversGlobs(wide.tools, narrow.tools, nameGlobCovers) &&
    coversGlobs(wide.prompts, narrow.prompts, nameGlobCovers) &&
    coversGlobs(wide.resources, narrow.resources, uriGlobCovers)
  )
}

type Covers = (wide: string, narrow: string) => boolean

function coversGlobs(wide: readonly string[] | undefined, narrow: readonly string[] | undefined, by: Covers): boolean {
  return narrow === undefined || narrow.every((glob) => wide?.some((other) => by(other, glob)) ?? false)
}

function namesItems({ tools, prompts, resources }: Conditions): boolean {
  return tools !== undefined || prompts !== undefined || resources !== undefined
}

function isNames(given: NonNullable<Conditions['connections']>): given is readonly string[] {
  return Array.isArray(given)
}
