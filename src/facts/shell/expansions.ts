import {
  forEachChild,
  type ParameterDefaultOperation,
  type ParameterExpansionPart,
  type ParameterOperation,
  type SyntaxNode,
} from 'unbash'
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
  if (node.type === 'CommandExpansion' || node.type === 'ArithmeticCommandExpansion') {
    walk.found.flag('substitution')
    walk.substitution(node.script, '$(…)')
  } else if (node.type === 'ProcessSubstitution') {
    walk.found.flag('substitution')
    walk.substitution(node.script, `${node.operator}(…)`)
  } else if (node.type === 'ArithmeticExpansion') {
    // Without an expression it could not be read, and a shell would still evaluate it.
    if (node.expression === undefined) walk.found.fail('an arithmetic expression cannot be read', 'unparsable')
    else judgeArithmetic(node.expression, walk)
  } else judgePart(node, walk)
}

function judgePart(node: SyntaxNode, walk: Walk): void {
  if (node.type === 'SimpleExpansion') judgeName(node.text.slice(1), walk)
  else if (node.type === 'ParameterExpansion') {
    judgeName(node.parameter, walk)
    judgeParameter(node, walk)
    if (node.operation !== undefined) judgeOperation(node.parameter, node.operation, walk)
  }
  // zsh runs code in `*(e:'…':)`, which is written the same way.
  else if (node.type === 'ExtendedGlob') walk.found.unknown('dynamic_args')
  // A shell without `$'…'` ends this string earlier, and runs the rest.
  else if (node.type === 'AnsiCQuoted' && node.text.includes("\\'")) walk.found.unknown('suspicious_chars')
}

/** A secret of the environment, not one that the script made up itself. */
function judgeName(name: string, walk: Walk): void {
  if (isSecretVariable(name) && walk.scope.get(name) === undefined) walk.secretUsed(name)
}

function judgeParameter({ prefix, index, operation }: ParameterExpansionPart, walk: Walk): void {
  const isList = index?.text === '@' || index?.text === '*'
  if (prefix === '!' && !isList && operation?.type !== 'Names') walk.found.unknown('dynamic_code')
  if (index !== undefined && !isList && !isSafeOperand(index, walk.scope)) walk.found.unknown('dynamic_code')
}

function judgeOperation(parameter: string, operation: ParameterOperation, walk: Walk): void {
  switch (operation.type) {
    case 'Default':
      return judgeDefault(parameter, operation, walk)
    case 'Slice': {
      const words = operation.length === undefined ? [operation.offset] : [operation.offset, operation.length]
      if (!words.every((word) => isSafeOperand(word, walk.scope))) walk.found.unknown('dynamic_code')
      return
    }
    case 'Transform':
      // `${x@P}` expands the value as a prompt, and so runs the substitutions in it.
      if (!/^[QEULAaKku]$/.test(operation.operand.text)) walk.found.unknown('dynamic_code')
      return
    case 'Unknown':
      walk.found.unknown('dynamic_code')
      return
    case 'Remove':
    case 'Replace':
    case 'CaseModification':
    case 'Names':
  }
}

function judgeDefault(parameter: string, { operator, operand }: ParameterDefaultOperation, walk: Walk): void {
  if (operator.includes('=')) assignDefault(parameter, textOf(operand, walk.scope), walk)
}

/** `${x:=y}` sets only what is not set. */
function assignDefault(name: string, value: string, walk: Walk): void {
  const before = walk.scope.get(name)
  walk.assign(name, value, { isExported: false })
  walk.scope.set(name, before !== undefined && before !== '' ? before : UNKNOWN)
}
