import type { Assignment, Command, Redirection, Word } from 'unbash'
import { isSafeOperand } from './arithmetic.ts'
import { isDangerousVariable } from './environment.ts'
import { visitExpansions } from './expansions.ts'
import type { Input, Walk } from './judge.ts'
import { judgeRedirections } from './redirections.ts'
import { UNKNOWN } from './marks.ts'
import type { Value } from './scope.ts'
import { fieldsOf, literalOf, textOf } from './word.ts'

/** Builtins whose assignments are assignments to this shell. */
const DECLARATIONS = new Set(['export', 'declare', 'typeset', 'local', 'readonly'])

/** Programs that may be given a secret: they do not show it, or say themselves where it may stand. */
const KEEPS_SECRETS = new Set([
  'test',
  '[',
  'export',
  'declare',
  'typeset',
  'local',
  'readonly',
  'curl',
  'wget',
  'http',
  'https',
  'xh',
])

/** A simple command that was judged: its words, and what it reads. */
export interface Judged {
  readonly words: readonly string[]
  readonly input: Input
}

/** Judges one simple command: its variables, its redirections, then its words. */
export function judgeSimple(command: Command, walk: Walk, piped: Input): Judged {
  const assignments = command.prefix.filter((child) => child.type === 'Assignment')
  for (const assignment of assignments) judgeAssignment(assignment, walk, command.name?.value)
  // A secret that is handed over in a variable stays where it was.
  walk.scope.secrets.clear()
  const input = judgeRedirections(command.redirects, walk) ?? piped
  if (command.name === undefined) {
    walk.found.verb('read')
    return { words: [], input }
  }
  visitExpansions(command.name, walk)
  const program = literalOf(command.name)
  const words: string[] = []
  for (const child of command.suffix) {
    if (!isRedirection(child)) words.push(...argumentFields(child, walk, program ?? ''))
  }
  if (walk.scope.secrets.size > 0 && !KEEPS_SECRETS.has(program ?? '')) walk.found.unknown()
  walk.scope.secrets.clear()
  const all = [program ?? UNKNOWN, ...words]
  walk.run(all, { via: '', input })
  return { words: all, input }
}

function isRedirection(child: Word | Assignment | Redirection): child is Redirection {
  return child.type !== 'Word' && child.type !== 'Assignment'
}

function argumentFields(child: Word | Assignment, walk: Walk, program: string): string[] {
  if (child.type === 'Word') {
    visitExpansions(child, walk)
    return fieldsOf(child, walk.scope)
  }
  if (DECLARATIONS.has(program)) judgeAssignment(child, walk, undefined)
  else visitExpansions(child, walk)
  const value = valueOf(child, walk)
  return [`${child.name}${child.append === true ? '+' : ''}=${typeof value === 'string' ? value : value.join(' ')}`]
}

/** `program`: the command that alone sees the variable; undefined where the shell keeps it. */
function judgeAssignment(assignment: Assignment, walk: Walk, program: string | undefined): void {
  visitExpansions(assignment, walk)
  const { name, index, append } = assignment
  if (index !== undefined && !isSafeOperand(index, walk.scope) && index.parts !== undefined)
    walk.found.unknown('dynamic_code')
  const value = index !== undefined || append === true ? UNKNOWN : valueOf(assignment, walk)
  if (program === undefined) return walk.assign(name, value, { isExported: false })
  // Before some builtins it stays, in some shells.
  walk.scope.forget([name])
  // `IFS= read line` splits one line, and nothing after it.
  if (name === 'IFS' && program === 'read') return
  if (isDangerousVariable(name, typeof value === 'string' ? value : undefined, true)) walk.found.unknown(`env:${name}`)
}

function valueOf(assignment: Assignment, walk: Walk): Value {
  const { value } = assignment
  if (value.type === 'Word') return textOf(value, walk.scope)
  return value.elements.flatMap((element) =>
    /^\[[^\]]*\]\+?=/.test(element.text) ? [UNKNOWN] : fieldsOf(element, walk.scope),
  )
}
