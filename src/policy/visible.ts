import { couldAllow, type Question } from './decide.ts'
import { literalPrefix } from './glob.ts'
import { readableGroups, rulesFor } from './policy.ts'
import type { Conditions, Rule } from './rule.ts'

/** Whether an entry of a list is shown: where some call of it could be allowed, whatever its arguments and its time. */
export function visible(question: Question): boolean {
  return couldAllow(question)
}

export interface TemplateQuestion extends Omit<Question, 'about'> {
  /** RFC 6570, such as `file:///{path}`. */
  readonly uriTemplate: string
}

/** Whether a resource template is shown: where some URI made from it could be allowed, as far as can be told. */
export function mayBeVisible({ policy, who, connection, uriTemplate }: TemplateQuestion): boolean {
  if (policy.mode === 'shadow') return true
  const groups = readableGroups(policy, who.groups)
  const brace = uriTemplate.indexOf('{')
  const start = brace < 0 ? uriTemplate : uriTemplate.slice(0, brace)
  const spoken = rulesFor(policy, connection).filter(({ rule }) => mayApply(rule.match, groups))
  const opens = spoken.some(({ rule, match, excepts }) => {
    const globs = rule.match.resources
    if (
      rule.effect !== 'allow' ||
      rule.mode === 'shadow' ||
      excepts.some((except) => !except.namesItems && mayApply({ groups: except.groups }, groups))
    )
      return false
    return match.namesItems ? (globs ?? []).some((glob) => touches(glob, start, brace < 0)) : true
  })
  const surelyDenied = spoken.some(({ rule, match, excepts }) => {
    if (rule.effect !== 'deny' || excepts.length > 0 || isConditional(rule)) return false
    return match.namesItems ? (rule.match.resources ?? []).some((glob) => takesAll(glob, start)) : true
  })
  return opens && !surelyDenied
}

function isConditional({ mode, when, during, outside }: Rule): boolean {
  return mode === 'shadow' || when !== undefined || during !== undefined || outside !== undefined
}

function mayApply({ groups }: Conditions, own: ReadonlySet<string>): boolean {
  return groups === undefined || groups.some((group) => own.has(group))
}

/** The beginnings of glob and template agree as far as both are fixed. */
function touches(glob: string, start: string, isFixed: boolean): boolean {
  const prefix = literalPrefix(glob)
  if (isFixed && prefix === glob) return prefix === start
  return start.startsWith(prefix) || (!isFixed && prefix.startsWith(start))
}

function takesAll(glob: string, start: string): boolean {
  const prefix = literalPrefix(glob)
  return /^\*\*+$/.test(glob.slice(prefix.length)) && start.startsWith(prefix)
}
