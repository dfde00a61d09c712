import { FACT_KINDS, type FactKind } from '../facts/facts.ts'
import { compileCondition } from './condition/condition.ts'
import type { Checked } from './check-rules.ts'
import type { SourceRule } from './collect.ts'
import { nameGlobCovers, uriGlobCovers } from './glob.ts'
import { fitsConnection } from './match.ts'
import type { Mistake } from './mistake.ts'
import type { RuleEntry } from './policy-file.ts'
import type { Conditions, ConnectionFacts } from './rule.ts'

/** Rules that can never have an effect: what they match is excepted, denied, or never read. */
export function checkReach({ sources: { rules, file }, connections }: Checked): Mistake[] {
  const denies = rules.filter(({ entry }) => deniesAll(entry))
  const open = file.default === 'allow'
  // A pack allows nothing itself: its tests bring what it narrows.
  const entries = [...rules.map(({ entry }) => entry), ...(file.test_with?.rules ?? [])]
  return rules.flatMap((rule) => {
    // A pack is included whole, whatever is there to speak of, and whoever includes it cannot mend its rules.
    if (rule.pack !== undefined) return []
    const found = checkExcept(rule, connections) ?? checkDenied(rule, denies, connections)
    if (found !== undefined) return [found]
    return [...checkApproving(rule, { entries, connections, open }), ...checkFacts(rule, connections)]
  })
}

function deniesAll({ effect, mode, except, when, during, outside }: RuleEntry): boolean {
  const always = when === undefined && during === undefined && outside === undefined
  return effect === 'deny' && mode !== 'shadow' && except === undefined && always
}

function checkExcept(
  { entry, document, path }: SourceRule,
  connections: readonly ConnectionFacts[],
): Mistake | undefined {
  if (entry.except === undefined || !covers(entry.except, entry.match, connections)) return undefined
  return document.at([...path, 'id'], `the rule "${entry.id}" excepts everything it matches`, 'narrow its except')
}

function checkDenied(
  { entry, document, path }: SourceRule,
  denies: readonly SourceRule[],
  connections: readonly ConnectionFacts[],
): Mistake | undefined {
  if (entry.effect === 'deny') return undefined
  const over = denies.find((deny) => deny.alsoExcept.length === 0 && covers(deny.entry.match, entry.match, connections))
  if (over === undefined) return undefined
  const never = entry.effect === 'allow' ? 'can never allow anything' : 'can never have an effect'
  const hint = 'a deny rule wins wherever it stands: remove this rule or narrow that one'
  return document.at([...path, 'id'], `the rule "${entry.id}" ${never}: "${over.entry.id}" denies it all`, hint)
}

interface All {
  readonly entries: readonly RuleEntry[]
  readonly connections: readonly ConnectionFacts[]
  readonly open: boolean
}

/** An approve rule narrows; where nothing is allowed there is nothing to narrow. */
function checkApproving({ entry, document, path }: SourceRule, { entries, connections, open }: All): Mistake[] {
  if (entry.effect === 'allow' || entry.effect === 'deny' || open) return []
  const own = connections.filter((connection) => fitsConnection(entry.match, connection))
  if (own.length === 0) return []
  const allowed = entries.some(
    ({ effect, match }) => effect === 'allow' && own.some((connection) => fitsConnection(match, connection)),
  )
  if (allowed) return []
  const message = `the rule "${entry.id}" can never have an effect: no rule allows anything on its connections`
  return [document.at([...path, 'id'], message, `a rule with effect: ${entry.effect} opens nothing: add an allow rule`)]
}

/** A condition on facts that nobody reads there would never see any. */
function checkFacts({ entry, document, path }: SourceRule, connections: readonly ConnectionFacts[]): Mistake[] {
  if (entry.when === undefined) return []
  const compiled = compileCondition(entry.when)
  if (compiled.kind === 'wrong') return []
  const own = connections.filter((connection) => fitsConnection(entry.match, connection))
  return FACT_KINDS.filter((kind) => compiled.condition.uses.has(kind)).flatMap((kind) => {
    if (own.length === 0 || own.some((connection) => reads(connection, kind))) return []
    const names = own.map(({ name }) => `"${name}"`).join(', ')
    const message = `the condition looks at ${kind}, which is read in no argument of ${names}`
    return [
      document.at(
        [...path, 'when'],
        message,
        `add inspect: { ${kind}: $.args.NAME } to the connection, or a label kind`,
      ),
    ]
  })
}

function reads({ inspection }: ConnectionFacts, kind: FactKind): boolean {
  const { inspectors = [] } = inspection ?? {}
  // Commands of a shell carry SQL, kubectl and the like within them, but as facts of the shell.
  return inspectors.some((inspector) => inspector.kind === kind)
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
