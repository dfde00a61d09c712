import type { TestBinaryExpression, TestExpression, TestUnaryExpression, Word } from 'unbash'
import { isSafeOperand } from './arithmetic.ts'
import { visitExpansions } from './expansions.ts'
import type { Walk } from './judge.ts'
import { fieldsOf, literalOf } from './word.ts'

const ARITHMETIC = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge'])

/** Judges `[[ … ]]`. A shell that does not know it sees a command, so operators and bare words count as that, too. */
export function judgeTest(expression: TestExpression, walk: Walk): void {
  switch (expression.type) {
    case 'TestUnary':
      return judgeUnary(expression, walk)
    case 'TestBinary':
      return judgeBinary(expression, walk)
    case 'TestNot':
      return judgeTest(expression.operand, walk)
    case 'TestGroup':
      return judgeTest(expression.expression, walk)
    case 'TestLogical':
      for (const [i, operand] of expression.operands.entries()) {
        judgeTest(operand, walk)
        if (i > 0) judgeAsCommand(operand, walk)
      }
  }
}

function judgeUnary({ operator, operand }: TestUnaryExpression, walk: Walk): void {
  visitExpansions(operand, walk)
  // `-v a[…]` evaluates the subscript.
  if ((operator === '-v' || operator === '-R') && !/^\w+(?:\[[\w@*]*\])?$/.test(operand.text))
    walk.found.unknown('dynamic_code')
  if (/^-[a-hkprstuwxGLNOS]$/.test(operator))
    for (const path of fieldsOf(operand, walk.scope)) walk.found.read(path, 'name')
}

function judgeBinary({ operator, left, right }: TestBinaryExpression, walk: Walk): void {
  visitExpansions(left, walk)
  visitExpansions(right, walk)
  const isEvaluated = ARITHMETIC.has(operator)
  if (isEvaluated && !(isSafeOperand(left, walk.scope) && isSafeOperand(right, walk.scope)))
    walk.found.unknown('dynamic_code')
  // To a POSIX shell this is a redirection.
  if (operator === '>') walk.found.unknown()
}

/** `[[ a || reboot ]]` is a command `reboot` to a shell that takes `[[` for a program that it does not find. */
function judgeAsCommand(expression: TestExpression, walk: Walk): void {
  const first = firstWord(expression)
  const text = first === undefined ? undefined : literalOf(first)
  if (text !== undefined && /[a-z]/i.test(text)) walk.found.unknown()
}

function firstWord(expression: TestExpression): Word | undefined {
  switch (expression.type) {
    case 'TestUnary':
      return expression.pos === expression.operand.pos ? expression.operand : undefined
    case 'TestBinary':
      return expression.left
    case 'TestLogical':
      return expression.operands[0] === undefined ? undefined : firstWord(expression.operands[0])
    case 'TestNot':
      return firstWord(expression.operand)
    case 'TestGroup':
      return firstWord(expression.expression)
  }
}
