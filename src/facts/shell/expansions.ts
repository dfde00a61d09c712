import { forEachChild, type ParameterExpansionPart, type SyntaxNode } from 'unbash'
import { isSafeOperand, judgeArithmetic } from './arithmetic.ts'
import { isSecretVariable } from './environment.ts'
import type { Walk } from './judge.ts'
import { UNKNOWN } from './marks.ts'
import { textOf } from './word.ts'

/** Visits everything that the shell expands in a word, an assignment or a redirection: substitutions run commands. */
export function visitExpansions(node: SyntaxNode, walk: Walk): void {
  judgeExpansion(node, walk)
  if (isSubstitution(node)) return
  forEachChild(node, (child) => visitExpansions(child, walk))
}

function isSubstitution({ type }: SyntaxNode): boolean {
  return type === 'CommandExpansion' || type === 'ProcessSubstitution' || type === 'ArithmeticCommandExpansion'
}

function judgeExpansion(node: SyntaxNode, walk: Walk): void {
  switch (node.type) {
    case 'CommandExpansion':
    case 'ArithmeticCommandExpansion':
      walk.found.flag('substitution')
      return walk.substitution(node.script, '$(…)')
    case 'ProcessSubstitution':
      walk.found.flag('substitution')
      return walk.substitution(node.script, `${node.operator}(…)`)
    case 'ArithmeticExpansion':
      // Without an expression it could not be read, and a shell would still evaluate it.
      if (node.expression === undefined) walk.found.fail('an arithmetic expression cannot be read', 'unparsable')
      else judgeArithmetic(node.expression, walk)
      return
    case 'SimpleExpansion':
      return judgeName(node.text.slice(1), walk)
    case 'ParameterExpansion':
      judgeName(node.parameter, walk)
      return judgeParameter(node, walk)
    case 'ExtendedGlob':
      // zsh runs code in `*(e:'…':)`, which is written the same way.
      return walk.found.unknown('dynamic_args')
    case 'AnsiCQuoted':
      // A shell without `$'…'` ends this string earlier, and runs the rest.
      if (node.text.includes("\\'")) walk.found.unknown('suspicious_chars')
      return
    default:
  }
}

/** A secret of the environment, not one that the script made up itself. */
function judgeName(name: string, walk: Walk): void {
  if (isSecretVariable(name) && walk.scope.get(name) === undefined) walk.secretUsed(name)
}

function judgeParameter({ prefix, index, operation, parameter }: ParameterExpansionPart, walk: Walk): void {
  const isList = index?.text === '@' || index?.text === '*'
  if (prefix === '!' && !isList && operation?.type !== 'Names') walk.found.unknown('dynamic_code')
  if (index !== undefined && !isList && !isSafeOperand(index, walk.scope)) walk.found.unknown('dynamic_code')
  switch (operation?.type) {
    case 'Default':
      if (operation.operator.includes('='))
        assignDefault(parameter, textOf(operation.operand, walk.scope), walk)
      return
    case 'Slice':
      for (const word of [operation.offset, operation.length]) {
        if (word !== undefined && !isSafeOperand(word, walk.scope)) walk.found.unknown('dynamic_code')
      }
      return
    case 'Transform':
      // `${x@P}` expands the value as a prompt, and so runs the substitutions in it.
      if (!/^[QEULAaKku]$/.test(operation.operand.text)) walk.found.unknown('dynamic_code')
      return
    case 'Unknown':
      return walk.found.unknown('dynamic_code')
    case 'Remove':
    case 'Replace':
    case 'CaseModification':
    case 'Names':
    case undefined:
  }
}

/** `${x:=y}` sets only what is not set. */
function assignDefault(name: string, value: string, walk: Walk): void {
  const before = walk.scope.get(name)
  walk.assign(name, value, { isExported: false })
  walk.scope.set(name, before !== undefined && before !== '' ? before : UNKNOWN)
}
