// Arithmetic runs code: in `$((x))`, `[[ $x -eq 1 ]]` and `${a[x]}` the value of `x` is evaluated as an expression, and a
// subscript in that value, such as `a[$(cmd)]`, is expanded. Only numbers, and names whose values are numbers, are safe.
import type { ArithmeticExpression, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { isAssignment } from './assigned.ts'
import type { Walk } from './judge.ts'
import { DIGITS, UNKNOWN } from './marks.ts'
import { isNumber, type Scope, type Value } from './scope.ts'
import { shapeOf } from './shape.ts'

/** Judges an expression that is evaluated, and takes over what it sets. */
export function judgeArithmetic(expression: ArithmeticExpression, walk: Walk): void {
  for (const part of partsOf(expression)) judgeArithmetic(part, walk)
  if (expression.type === 'ArithmeticWord' && !isSafe(expression, walk.scope)) walk.found.unknown('dynamic_code')
  if (expression.type === 'ArithmeticCommandExpansion' && !isNumber(shapeOf(expression.script))) {
    walk.found.unknown('dynamic_code')
  }
  if (expression.type === 'ArithmeticUnary' && expression.operator.length === 2) assign(expression.operand, walk)
  if (expression.type === 'ArithmeticBinary' && isAssignment(expression.operator)) assign(expression.left, walk)
}

function partsOf(expression: ArithmeticExpression): readonly ArithmeticExpression[] {
  switch (expression.type) {
    case 'ArithmeticWord':
    case 'ArithmeticCommandExpansion':
      return []
    case 'ArithmeticGroup':
      return [expression.expression]
    case 'ArithmeticUnary':
      return [expression.operand]
    case 'ArithmeticBinary':
      // A plain assignment does not evaluate the old value.
      return expression.operator === '=' ? [expression.right] : [expression.left, expression.right]
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate]
  }
}

function assign(target: ArithmeticExpression, walk: Walk): void {
  if (target.type !== 'ArithmeticWord') return
  const name = /^[A-Za-z_]\w*/.exec(target.value)?.[0]
  if (name === undefined || target.value !== name) {
    if (!isSafe(target, walk.scope)) walk.found.unknown('dynamic_code')
    return
  }
  // A branch that is not taken, or a division by zero, leaves the old value.
  const before = walk.scope.get(name)
  walk.assign(name, DIGITS, { isExported: false })
  if (before !== undefined && !isNumber(before)) walk.scope.set(name, UNKNOWN)
}

/** Whether a word is safe where the shell evaluates it: an operand of `-eq`, a subscript, a length. */
export function isSafeOperand(word: Word, scope: Scope): boolean {
  return isSafe(word, scope)
}

function isSafe({ value, parts }: { value: string; parts?: readonly WordPart[] | undefined }, scope: Scope): boolean {
  if (parts === undefined) return isSafeText(value, scope)
  return parts.every((part) => isSafePart(part, scope))
}

function isSafePart(part: WordPart, scope: Scope): boolean {
  if ('value' in part) return isSafeText(part.value, scope)
  if (part.type === 'DoubleQuoted') return part.parts.every((child) => isSafePart(child, scope))
  if (part.type === 'SimpleExpansion') return isSafeValue(scope.get(part.text.slice(1)))
  if (part.type === 'ParameterExpansion') return isSafeParameter(part, scope)
  if (part.type === 'CommandExpansion') return !scope.hasFunctions && isNumber(shapeOf(part.script))
  return part.type === 'ArithmeticExpansion'
}

function isSafeParameter({ prefix, operation, parameter }: ParameterExpansionPart, scope: Scope): boolean {
  if (prefix === '#') return true
  return prefix === undefined && isPlain(operation?.type) && isSafeValue(scope.get(parameter))
}

/** The operands of `:-` and `:` are judged where the expansion is. */
function isPlain(operation: string | undefined): boolean {
  return operation === undefined || operation === 'Default' || operation === 'Slice' || operation === 'Remove'
}

const PLAIN = /^[\w\s+\-*/%()<>=!&|?:,^~.#[\]@"]*$/
const SUBSCRIPT = /\[(?![\w\s+\-*/%@]*\])/

function isSafeText(text: string, scope: Scope): boolean {
  if (!PLAIN.test(text) || SUBSCRIPT.test(text)) return false
  return (text.match(/(?<![\w#])[A-Za-z_]\w*/g) ?? []).every((name) => isSafeValue(scope.get(name)))
}

/** Undefined: from the environment, which the script did not make. */
function isSafeValue(value: Value | undefined): boolean {
  if (value === undefined || isNumber(value)) return true
  if (typeof value === 'object') return value.every((element) => isSafeValue(element))
  return /^[\w\s+\-*/%.]*$/.test(value)
}
