import type { BreakGlassTerms } from '../approval/break-glass.ts'
import { rulesOn, type RuleHere } from './match.ts'
import type { ConnectionFacts, Labels, Mode, Rule } from './rule.ts'

/** A policy that passed its checks and its own tests. Immutable: a new version is a new object. */
export interface Policy {
  /** Hex SHA-256 of the file set. */
  readonly version: string
  /** Its first twelve digits, for people. */
  readonly shortVersion: string
  /** Where no rule allows: `allow` only in shadow mode. */
  readonly default: 'deny' | 'allow'
  readonly mode: Mode
  /** IANA name; what `during`, `outside` and clock times in conditions are read in. */
  readonly timezone: string
  readonly rules: readonly Rule[]
  /** Who may do without an approval in an emergency; undefined: nobody. */
  readonly breakGlass: BreakGlassTerms | undefined
  /** Readable names of the groups that a value of the identity provider's claim belongs to. */
  readonly groupsOfClaim: ReadonlyMap<string, readonly string[]>
  /** Paths that conditions look at: what of a call's circumstances is put on record. */
  readonly uses: ReadonlySet<string>
  /** The rules of each connection that was known at load. */
  readonly index: ReadonlyMap<string, IndexedConnection>
}

export interface IndexedConnection {
  readonly labels: Labels
  readonly rules: readonly RuleHere[]
}

export interface PolicySource extends Pick<Policy, 'version' | 'default' | 'mode' | 'timezone' | 'rules'> {
  readonly breakGlass?: BreakGlassTerms | undefined
  /** Readable name to claim values. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly connections: readonly ConnectionFacts[]
}

export function compilePolicy({ groups, connections, ...source }: PolicySource): Policy {
  const { version, rules } = source
  return Object.freeze({
    ...source,
    breakGlass: source.breakGlass,
    shortVersion: version.slice(0, 12),
    uses: new Set(rules.flatMap(({ when }) => [...(when?.ends ?? [])])),
    groupsOfClaim: invert(groups),
    index: new Map(connections.map(({ name, labels }) => [name, { labels, rules: rulesOn(rules, { name, labels }) }])),
  })
}

/** The rules on a connection; found anew where it is not the one that the policy was loaded with. */
export function rulesFor(policy: Policy, connection: ConnectionFacts): readonly RuleHere[] {
  const known = policy.index.get(connection.name)
  if (known !== undefined && sameLabels(known.labels, connection.labels)) return known.rules
  return rulesOn(policy.rules, connection)
}

/** Readable names of a caller's groups. */
export function readableGroups(policy: Policy, claims: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const claim of claims) for (const name of policy.groupsOfClaim.get(claim) ?? []) names.add(name)
  return names
}

function sameLabels(a: Labels, b: Labels): boolean {
  if (a === b) return true
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
}

function invert(groups: Readonly<Record<string, readonly string[]>>): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const [name, claims] of Object.entries(groups)) {
    for (const claim of claims) names.set(claim, [...(names.get(claim) ?? []), name])
  }
  return names
}
