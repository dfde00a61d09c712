import type { ArithmeticExpression, CompoundCommand, Case, For, If, Select, Statement, While } from 'unbash'
import { judgeArithmetic } from './arithmetic.ts'
import { assignedIn, type Assigned } from './assigned.ts'
import { visitExpansions } from './expansions.ts'
import type { Walk } from './judge.ts'
import { DIGITS, isDynamic, UNKNOWN } from './marks.ts'
import { EFFECTS } from './programs/effects.ts'
import { isNumber, type Scope } from './scope.ts'
import { judgeTest } from './test-command.ts'
import { fieldsOf } from './word.ts'

/** A loop is walked once per value; with more values than this, nested loops together, once with an unknown one. */
const ROUNDS_MAX = 32
/** Rounds of all loops of a text. */
const ALL_ROUNDS_MAX = 256

export type CompoundNode = CompoundCommand

/** What the judge of compound commands asks of the walk. */
export interface Visitor extends Walk {
  statements(statements: readonly Statement[]): void
  inFork(action: () => void): Scope
  /** How often the present place is walked, because of the loops around it. */
  rounds: number
  /** Rounds of all loops up to here. */
  allRounds: number
}

/** Judges a command that holds other commands. */
export function judgeCompound(node: CompoundNode, walk: Visitor): void {
  switch (node.type) {
    case 'BraceGroup':
      return walk.statements(node.body.commands)
    case 'Subshell':
      walk.inFork(() => walk.statements(node.body.commands))
      return
    case 'If':
      return judgeIf(node, walk)
    case 'While':
      return judgeWhile(node, walk)
    case 'For':
    case 'Select':
      return judgeFor(node, walk)
    case 'Case':
      return judgeCase(node, walk)
    case 'TestCommand':
      return judgeTest(node.expression, walk)
    case 'ArithmeticCommand':
      return judgeArithmeticCommand(node, walk)
    case 'ArithmeticFor':
      return judgeArithmeticFor(node, walk)
  }
}

type ArithmeticFor = Extract<CompoundNode, { type: 'ArithmeticFor' }>

function judgeArithmeticFor(node: ArithmeticFor, walk: Visitor): void {
  forget(assignedIn(node), walk)
  for (const part of [node.initialize, node.test, node.update]) if (part !== undefined) evaluate(part, walk)
  walk.scope.join([walk.inFork(() => walk.statements(node.body.commands))])
}

function judgeIf(node: If, walk: Visitor): void {
  walk.statements(node.clause.commands)
  const ways = [walk.inFork(() => walk.statements(node.then.commands))]
  for (const branch of node.elif) {
    walk.statements(branch.clause.commands)
    ways.push(walk.inFork(() => walk.statements(branch.then.commands)))
  }
  if (node.else !== undefined) {
    const { commands } = node.else
    walk.scope.become(walk.inFork(() => walk.statements(commands)))
  }
  walk.scope.join(ways)
}

function judgeWhile(node: While, walk: Visitor): void {
  forget(assignedIn(node.clause, node.body), walk)
  walk.statements(node.clause.commands)
  walk.scope.join([walk.inFork(() => walk.statements(node.body.commands))])
}

/** What a loop sets has any of the values of all its rounds. */
function forget({ names, numbers, isOpaque }: Assigned, walk: Visitor): void {
  if (isOpaque) walk.scope.makeOpaque()
  for (const name of names) {
    const staysNumber = numbers.has(name) && isNumber(walk.scope.get(name) ?? '0')
    walk.scope.set(name, staysNumber ? DIGITS : UNKNOWN)
  }
}

function judgeFor(node: For | Select, walk: Visitor): void {
  for (const word of node.wordlist ?? []) visitExpansions(word, walk)
  const values = node.type === 'Select' ? [UNKNOWN] : roundsOf(node, walk)
  const name = node.name.value
  forget(assignedIn(node.body), walk)
  const outer = walk.rounds
  walk.rounds *= values.length
  const ends = values.map((value) =>
    walk.inFork(() => {
      walk.assign(name, value, { isExported: false })
      walk.statements(node.body.commands)
    }),
  )
  walk.rounds = outer
  walk.scope.join(ends)
  walk.scope.forget([name])
}

function roundsOf({ wordlist }: For, walk: Visitor): string[] {
  if (wordlist === undefined) return [UNKNOWN]
  const fields = wordlist
    .flatMap((word) => fieldsOf(word, walk.scope))
    .map((field) => (isDynamic(field) ? onePiece(field) : field))
  const values = [...new Set(fields)]
  if (values.length === 0) return [UNKNOWN]
  walk.allRounds += values.length
  if (values.length * walk.rounds <= ROUNDS_MAX && walk.allRounds <= ALL_ROUNDS_MAX) return values
  return [values.every((value) => isNumber(value)) ? DIGITS : UNKNOWN]
}

/** Of a word that becomes several, a part may be anything; a quoted one keeps its beginning. */
function onePiece(field: string): string {
  return field.includes('\u0004') ? UNKNOWN : field
}

function judgeCase(node: Case, walk: Visitor): void {
  visitExpansions(node.word, walk)
  const ways: Scope[] = []
  let falls: Scope | undefined
  for (const item of node.items) {
    for (const pattern of item.pattern) visitExpansions(pattern, walk)
    const end = walk.inFork(() => {
      if (falls !== undefined) walk.scope.join([falls])
      walk.statements(item.body.commands)
    })
    falls = item.terminator === undefined || item.terminator === ';;' ? undefined : end
    ways.push(end)
  }
  walk.scope.join(ways)
}

function judgeArithmeticCommand(node: Extract<CompoundNode, { type: 'ArithmeticCommand' }>, walk: Visitor): void {
  if (isAlsoCommand(node.body, walk)) walk.found.unknown()
  if (node.expression === undefined) walk.found.fail('an arithmetic expression cannot be read', 'unparsable')
  else evaluate(node.expression, walk)
}

/** To a POSIX shell `((reboot))` is a command in two subshells, and `||` stands between two commands. */
function isAlsoCommand(body: string, { scope }: Visitor): boolean {
  if (/[|&]|^[\s(!]*\w+[\s)]*$/.test(body)) return true
  const first = /^[\s(!]*([\w./-]*)/.exec(body)?.[1] ?? ''
  const name = /^[A-Za-z_]\w*/.exec(first)?.[0]
  return name === undefined ? /[./]/.test(first) : scope.get(name) === undefined || EFFECTS.has(name)
}

function evaluate(expression: ArithmeticExpression, walk: Visitor): void {
  visitExpansions(expression, walk)
  judgeArithmetic(expression, walk)
}
