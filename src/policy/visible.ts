import { allows, type Question } from './decide.ts'
import { literalPrefix } from './glob.ts'
import { readableGroups, rulesFor } from './policy.ts'
import type { Conditions } from './rule.ts'

/** Whether an entry of a list is shown: exactly where the call would be allowed. */
export function visible(question: Question): boolean {
  return allows(question)
}

export interface TemplateQuestion extends Omit<Question, 'about'> {
  /** RFC 6570, such as `file:///{path}`. */
  readonly uriTemplate: string
}

/** Whether a resource template is shown: where some URI made from it could be allowed, as far as can be told. */
export function mayBeVisible({ policy, who, connection, uriTemplate }: TemplateQuestion): boolean {
  const groups = readableGroups(policy, who.groups)
  const brace = uriTemplate.indexOf('{')
  const start = brace < 0 ? uriTemplate : uriTemplate.slice(0, brace)
  const spoken = rulesFor(policy, connection).filter(({ rule }) => mayApply(rule.match, groups))
  const couldAllow = spoken.some(({ rule, match, except }) => {
    const globs = rule.match.resources
    if (
      rule.effect !== 'allow' ||
      (except !== undefined && !except.namesItems && mayApply({ groups: except.groups }, groups))
    )
      return false
    return match.namesItems ? (globs ?? []).some((glob) => touches(glob, start, brace < 0)) : true
  })
  const surelyDenied = spoken.some(({ rule, match, except }) => {
    if (rule.effect !== 'deny' || except !== undefined) return false
    return match.namesItems ? (rule.match.resources ?? []).some((glob) => takesAll(glob, start)) : true
  })
  return couldAllow && !surelyDenied
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
