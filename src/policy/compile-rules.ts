import { parseDuration } from '../base/units.ts'
import { compileCondition, type Condition } from './condition/condition.ts'
import type { SourceRule, Sources } from './collect.ts'
import { compileLimit, type LimitSpec } from './limit.ts'
import type { Mistake } from './mistake.ts'
import type { ApprovalEntry } from './policy-file.ts'
import type { ApprovalTerms, Effect, Rule } from './rule.ts'
import { isTimeZone } from '../base/wall-clock.ts'
import { compileWindow, type Window } from './window.ts'

/** Which keys belong to which effect alone. */
const KEYS_OF: Readonly<Record<'approval' | 'mask' | 'limit', Effect>> = {
  approval: 'approve',
  mask: 'mask',
  limit: 'limit',
}

/** Makes rules of what was written: conditions are parsed and type-checked, times, limits and terms are read. */
export function compileRules({ rules, file }: Sources, mistakes: Mistake[]): Rule[] {
  const { timezone: named = 'UTC' } = file
  // That there is no such zone is said once, where it is named.
  const timezone = isTimeZone(named) ? named : 'UTC'
  return rules.map((source) => compileRule(source, timezone, mistakes))
}

function compileRule(source: SourceRule, timezone: string, mistakes: Mistake[]): Rule {
  const { entry } = source
  mistakes.push(...checkKeys(source))
  return {
    id: entry.id,
    effect: entry.effect,
    mode: entry.mode ?? 'enforce',
    match: entry.match,
    except: [...(entry.except === undefined ? [] : [entry.except]), ...source.alsoExcept],
    during: windowOf(source, 'during', timezone, mistakes),
    outside: windowOf(source, 'outside', timezone, mistakes),
    when: conditionOf(source, mistakes),
    message: entry.message?.trim(),
    severity: entry.severity,
    approval: entry.approval === undefined ? undefined : termsOf(source, entry.approval, mistakes),
    mask: entry.mask,
    limit: limitsOf(source, mistakes),
  }
}

function checkKeys({ entry, document, path }: SourceRule): Mistake[] {
  return Object.entries(KEYS_OF).flatMap(([key, effect]) => {
    const given = Object.hasOwn(entry, key)
    if (given && entry.effect !== effect)
      return [
        document.atKey(
          [...path, key],
          `"${key}" belongs to a rule with effect: ${effect}`,
          `this rule has effect: ${entry.effect}`,
        ),
      ]
    if (!given && entry.effect === effect)
      return [document.at([...path, 'effect'], `a rule with effect: ${effect} needs "${key}"`, NEEDED[effect])]
    return []
  })
}

const NEEDED: Readonly<Partial<Record<Effect, string>>> = {
  approve: 'such as approval: { by: [{ group: dba, count: 1 }] }',
  mask: 'such as mask: [{ entities: [email], with: partial }]',
  limit: 'such as limit: [{ calls: 100, per: 1m, by: [identity] }]',
}

function conditionOf({ entry, document, path }: SourceRule, mistakes: Mistake[]): Condition | undefined {
  if (entry.when === undefined) return undefined
  const compiled = compileCondition(entry.when)
  if (compiled.kind === 'condition') return compiled.condition
  mistakes.push(document.inText([...path, 'when'], compiled, compiled.message, compiled.hint))
  return undefined
}

function windowOf(
  { entry, document, path }: SourceRule,
  key: 'during' | 'outside',
  timezone: string,
  mistakes: Mistake[],
): Window | undefined {
  const given = entry[key]
  if (given === undefined) return undefined
  const compiled = compileWindow(given, timezone)
  if (compiled.kind === 'window') return compiled
  mistakes.push(document.at([...path, key, compiled.key], compiled.message, compiled.hint))
  return undefined
}

function limitsOf({ entry, document, path }: SourceRule, mistakes: Mistake[]): LimitSpec[] | undefined {
  return entry.limit?.flatMap((given, i) => {
    const compiled = compileLimit(given)
    if (compiled.kind !== 'wrong') return [compiled]
    mistakes.push(document.at([...path, 'limit', i, compiled.key], compiled.message, compiled.hint))
    return []
  })
}

function termsOf({ document, path }: SourceRule, given: ApprovalEntry, mistakes: Mistake[]): ApprovalTerms {
  const duration = (key: 'expires' | 'scope', text: string): number => {
    const ms = parseDuration(text)
    if (ms === undefined || ms <= 0)
      mistakes.push(
        document.at([...path, 'approval', key], `"${text}" is no duration`, 'a number and s, m, h or d, such as 30m'),
      )
    return ms ?? 0
  }
  const { scope = 'once', expires = '30m' } = given
  return {
    by: given.by.map(({ group, count = 1 }) => ({ group, count })),
    scope: scope === 'once' || scope === 'session' ? scope : duration('scope', scope),
    reasonRequired: given.reason === 'required',
    expiresMs: duration('expires', expires),
    notify: given.notify ?? [],
  }
}
