import { checkReach } from './check-reach.ts'
import type { SourceRule, Sources } from './collect.ts'
import { nameGlob } from './glob.ts'
import { suggest, type Mistake } from './mistake.ts'
import { DEFAULT_RULE, type Conditions, type ConnectionFacts, type Labels } from './rule.ts'
import { isTimeZone } from './wall-clock.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

export interface Checked {
  readonly sources: Sources
  readonly connections: readonly ConnectionFacts[]
}

/** Mistakes that the shape does not show: names of nothing, ids twice, rules that can never have an effect. */
export function checkRules(checked: Checked): Mistake[] {
  const { sources } = checked
  const names = sources.rules.flatMap((rule) => checkNamesOf(checked, rule))
  return [
    ...checkHead(sources),
    ...checkIds(sources.rules),
    ...names,
    ...checkBreakGlass(sources),
    ...checkReach(checked),
  ]
}

function checkHead({ document, file }: Sources): Mistake[] {
  const found: Mistake[] = []
  if (file.timezone !== undefined && !isTimeZone(file.timezone))
    found.push(
      document.at(['timezone'], `"${file.timezone}" is no time zone`, 'use an IANA name such as Europe/Berlin'),
    )
  if (file.default === 'allow' && file.mode !== 'shadow')
    found.push(
      document.at(
        ['default'],
        'default: allow is for mode: shadow only',
        'what nothing allows is refused: remove this line',
      ),
    )
  return found
}

function checkIds(rules: readonly SourceRule[]): Mistake[] {
  const seen = new Set<string>([DEFAULT_RULE])
  return rules.flatMap(({ entry: { id }, document, path }) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const message =
      id === DEFAULT_RULE ? `"${DEFAULT_RULE}" is the rule of no rule` : `there is another rule with the id "${id}"`
    return [document.at([...path, 'id'], message, 'give it an id of its own')]
  })
}

function checkNamesOf(checked: Checked, { entry, document, path, pack, alsoExcept }: SourceRule): Mistake[] {
  const { groups } = checked.sources
  const inDocument = { checked, document, pack, groups: Object.keys(groups) }
  const approvers = (entry.approval?.by ?? []).flatMap(({ group }, i) =>
    checkGroup(inDocument, group, [...path, 'approval', 'by', i, 'group']),
  )
  // What an include says is wrong in the file that includes, whose rules may be many: said once, there.
  const excepted = alsoExcept.flatMap((except) =>
    checkNames({ ...inDocument, document: checked.sources.document }, except, ['include']),
  )
  return [
    ...checkNames(inDocument, entry.match, [...path, 'match']),
    ...(entry.except === undefined ? [] : checkNames(inDocument, entry.except, [...path, 'except'])),
    ...approvers,
    ...excepted.slice(0, 1),
  ]
}

interface InDocument {
  readonly checked: Checked
  readonly document: YamlDocument
  readonly pack: string | undefined
  readonly groups: readonly string[]
}

function checkGroup({ document, groups }: InDocument, group: string, path: Path): Mistake[] {
  if (groups.includes(group)) return []
  return [document.at(path, `no group "${group}" under groups:`, suggest(group, groups))]
}

function checkNames(at: InDocument, { connections, groups }: Conditions, path: Path): Mistake[] {
  const unknown = (groups ?? []).flatMap((group, i) => checkGroup(at, group, [...path, 'groups', i]))
  return [...unknown, ...checkConnections(at, connections, [...path, 'connections'])]
}

/** A name that names nothing is a typing error, and in a deny rule an open door. */
function checkConnections(at: InDocument, given: Conditions['connections'], path: Path): Mistake[] {
  if (given === undefined) return []
  const { connections } = at.checked
  if (!isNames(given)) return checkLabels(at, given, path)
  const names = connections.map(({ name }) => name)
  return given.flatMap((glob, i) => {
    if (glob === '*' || names.some(nameGlob(glob))) return []
    const message = glob.includes('*') ? `no connection fits "${glob}"` : `no connection "${glob}"`
    return [at.document.at([...path, i], message, suggest(glob, names))]
  })
}

/** A pack speaks of all spellings of a label; that there is none for one of them is no mistake of who includes it. */
function checkLabels({ checked: { connections }, document, pack }: InDocument, given: Labels, path: Path): Mistake[] {
  if (pack !== undefined) return []
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

function checkBreakGlass({ document, file: { break_glass: given }, groups, rules }: Sources): Mistake[] {
  if (given === undefined) return []
  const known = Object.keys(groups)
  const approving = rules.filter(({ entry }) => entry.effect === 'approve').map(({ entry }) => entry.id)
  const unknown = given.groups.flatMap((group, i) =>
    known.includes(group)
      ? []
      : [document.at(['break_glass', 'groups', i], `no group "${group}" under groups:`, suggest(group, known))],
  )
  const lifted = given.overrides.flatMap((id, i) => {
    if (approving.includes(id)) return []
    const exists = rules.some(({ entry }) => entry.id === id)
    const message = exists ? `"${id}" is no approve rule` : `no rule "${id}"`
    const hint = exists ? 'a deny rule cannot be lifted' : suggest(id, approving)
    return [document.at(['break_glass', 'overrides', i], message, hint)]
  })
  return [...unknown, ...lifted]
}

function isNames(given: NonNullable<Conditions['connections']>): given is readonly string[] {
  return Array.isArray(given)
}
