import { parseDuration } from '../base/units.ts'
import { checkMasks } from './check-masks.ts'
import { checkReach } from './check-reach.ts'
import type { SourcePack, SourceRule, Sources } from './collect.ts'
import { nameGlob } from '../base/name-glob.ts'
import { fitsConnection } from './match.ts'
import { suggest, type Mistake } from './mistake.ts'
import { DEFAULT_RULE, type Conditions, type ConnectionFacts, type LabelMatch } from './rule.ts'
import { isTimeZone } from '../base/wall-clock.ts'
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
    ...sources.packs.flatMap((pack) => checkPack(checked, pack)),
    ...checkMasks(checked),
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

function checkNamesOf(checked: Checked, { entry, document, path, pack }: SourceRule): Mistake[] {
  const at = { checked, document, pack }
  const excepted = entry.except === undefined ? [] : checkNames(at, entry.except, [...path, 'except'])
  const matched = checkNames(at, entry.match, [...path, 'match'])
  // Who approves what a pack wants approved is said by the include, and looked at there.
  if (pack !== undefined) return [...matched, ...excepted]
  const approvers = (entry.approval?.by ?? []).flatMap(({ group }, i) =>
    checkGroup(at, group, [...path, 'approval', 'by', i, 'group']),
  )
  return [...matched, ...excepted, ...approvers]
}

/** What an include says is wrong in the file that includes, once, however many rules the pack has. */
function checkPack(checked: Checked, { entry, path }: SourcePack): Mistake[] {
  const at = { checked, document: checked.sources.document, pack: undefined }
  const { connections, except, approvers } = entry
  return [
    ...checkConnections(at, connections, [...path, 'connections']),
    ...(except === undefined ? [] : checkNames(at, except, [...path, 'except'])),
    ...(approvers === undefined ? [] : checkGroup(at, approvers, [...path, 'approvers'])),
  ]
}

interface InDocument {
  readonly checked: Checked
  readonly document: YamlDocument
  readonly pack: string | undefined
}

function checkGroup({ checked, document }: InDocument, group: string, path: Path): Mistake[] {
  const groups = Object.keys(checked.sources.groups)
  if (groups.includes(group)) return []
  return [document.at(path, `no group "${group}" under groups:`, suggest(group, groups))]
}

function checkNames(at: InDocument, { connections, groups }: Conditions, path: Path): Mistake[] {
  const unknown = (groups ?? []).flatMap((group, i) => checkGroup(at, group, [...path, 'groups', i]))
  // A pack speaks of all spellings of a label; that there is none for one of them is no mistake of who includes it.
  return at.pack === undefined ? [...unknown, ...checkConnections(at, connections, [...path, 'connections'])] : unknown
}

/** A name that names nothing is a typing error, and in a deny rule an open door. */
function checkConnections(at: InDocument, given: Conditions['connections'], path: Path): Mistake[] {
  if (given === undefined) return []
  if (!isNames(given)) return checkLabels(at, given, path)
  const names = at.checked.connections.map(({ name }) => name)
  return given.flatMap((glob, i) => {
    if (glob === '*' || names.some(nameGlob(glob))) return []
    const message = glob.includes('*') ? `no connection fits "${glob}"` : `no connection "${glob}"`
    return [at.document.at([...path, i], message, suggest(glob, names))]
  })
}

function checkLabels({ checked: { connections }, document }: InDocument, given: LabelMatch, path: Path): Mistake[] {
  const alone = Object.entries(given).flatMap(([key, value]) => {
    const having = connections.filter(({ labels }) => Object.hasOwn(labels, key))
    if (having.length === 0) {
      const keys = new Set(connections.flatMap(({ labels }) => Object.keys(labels)))
      return [document.atKey([...path, key], `no connection has a label "${key}"`, suggest(key, keys))]
    }
    const values = new Set(having.flatMap(({ labels }) => labels[key] ?? []))
    const wanted = typeof value === 'string' ? [value] : value
    return wanted.flatMap((one, i) => {
      if (values.has(one)) return []
      const here = typeof value === 'string' ? [...path, key] : [...path, key, i]
      return [document.at(here, `no connection has the label ${key}: ${one}`, suggest(one, values))]
    })
  })
  if (alone.length > 0 || connections.some((connection) => fitsConnection({ connections: given }, connection)))
    return alone
  return [document.at(path, 'no connection has all of these labels', 'each is there, on different connections')]
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
  const times = (['for', 'review_within'] as const).flatMap((key) => {
    const text = given[key]
    if (text === undefined || (parseDuration(text) ?? 0) > 0) return []
    return [document.at(['break_glass', key], `"${text}" is no duration`, 'a number and s, m, h or d, such as 1h')]
  })
  return [...unknown, ...lifted, ...times]
}

function isNames(given: NonNullable<Conditions['connections']>): given is readonly string[] {
  return Array.isArray(given)
}
