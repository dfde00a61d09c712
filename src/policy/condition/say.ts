// What the engine finds wrong, in the words of somebody who wrote a rule.
import { ParseError, type ASTNode, type TypeError as CelTypeError } from '@marcbachmann/cel-js'
import { suggest } from '../mistake.ts'
import { NESTING_MAX, PARTS_MAX } from './environment.ts'
import { faultAt, type Fault } from './fault.ts'
import { fieldsOf } from './fields.ts'
import { textOf } from './literals.ts'
import { childrenOf, print } from './print.ts'
import { isNode, leftOf, typeOf } from './types.ts'

/** A text that is no CEL at all. */
export function parseFault(error: unknown, source: string): Fault {
  if (!(error instanceof ParseError))
    return faultAt(0, 'the condition is nested too deep', 'split it into several rules')
  const at = error.range?.start ?? 0
  return limitFault(error, at) ?? habitFault(source, at) ?? syntaxFault(error, source, at)
}

function limitFault({ code, summary }: ParseError, at: number): Fault | undefined {
  if (code !== 'limit_exceeded') return undefined
  const hint = 'split it into several rules'
  if (summary.includes('maxDepth'))
    return faultAt(at, `the condition is nested more than ${NESTING_MAX} levels deep`, hint)
  if (summary.includes('maxAstNodes')) return faultAt(at, `the condition has more than ${PARTS_MAX} parts`, hint)
  return faultAt(at, 'this list has too many members', hint)
}

/** What people write who think of another language. */
const HABITS: readonly { readonly found: RegExp; readonly message: string; readonly hint: string }[] = [
  { found: /^#/y, message: '# begins no comment here', hint: 'CEL comments are //' },
  { found: /^=>/y, message: '=> is no comparison', hint: 'write >=' },
  { found: /^=~/y, message: '=~ is no comparison', hint: 'write x.re("pattern")' },
  { found: /^=/y, message: '= does not compare', hint: 'write ==' },
  { found: /^&/y, message: '& alone means nothing', hint: 'write &&' },
  { found: /^\|/y, message: '| alone means nothing', hint: 'write ||' },
  { found: /^(and|AND)\b/y, message: 'the word "and" means nothing', hint: 'write &&' },
  { found: /^(or|OR)\b/y, message: 'the word "or" means nothing', hint: 'write ||' },
  { found: /^(not|NOT)\s+in\b/y, message: 'the words "not in" mean nothing', hint: 'write !(x in list)' },
  { found: /^(not|NOT)\b/y, message: 'the word "not" means nothing', hint: 'write !' },
  { found: /^is\b/y, message: 'the word "is" means nothing', hint: 'write ==' },
  { found: /^(matches|like)\b/y, message: 'this is no operator', hint: 'write x.re("pattern") or glob(x, "pattern")' },
  {
    found: /^if\b/y,
    message: '"if" is no part of a condition',
    hint: 'write condition ? a : b, or only the condition',
  },
  { found: /^[“”„‘’«»]/y, message: 'this quote is none', hint: 'write " or \'' },
  { found: /^;/y, message: 'a condition is one expression', hint: 'join several by &&' },
  { found: /^\{\{|^\$\{/y, message: 'there are no templates here', hint: 'write the name alone' },
]

function habitFault(source: string, at: number): Fault | undefined {
  const here = source.slice(at)
  const habit = HABITS.find(({ found }) => new RegExp(found.source).test(here))
  if (habit !== undefined) return faultAt(at, habit.message, habit.hint)
  // `not x` is read as the name "not", so the engine complains of what follows it.
  if (source.slice(at - 1, at + 1) === '<>') return faultAt(at - 1, '<> is no comparison', 'write !=')
  const before = /\b(not|NOT)\s+$/.exec(source.slice(0, at))
  return before === null ? undefined : faultAt(before.index, 'the word "not" means nothing', 'write !')
}

const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  COMMA: '","',
  COLON: '":"',
  DOT: '"."',
  IDENTIFIER: 'a name',
  STRING: 'a text',
  NUMBER: 'a number',
}

/** By the engine's code: what is wrong, and what to do. */
const SYNTAX: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  newline_in_string: ['the line ends inside of a text', 'close the quote, or use three of them'],
  unterminated_string: ['the quote that opens here is never closed'],
  unterminated_triple_quoted_string: ['the quotes that open here are never closed'],
  invalid_escape_sequence: ['no such escape', 'in r"…" a backslash stands for itself'],
  invalid_macro_argument: ['a loop begins with a name', 'such as sql.verbs.exists(v, v == "ddl")'],
}

function syntaxFault({ code, summary }: ParseError, source: string, at: number): Fault {
  const there = wordAt(source, at)
  const known = SYNTAX[code]
  if (known !== undefined) return faultAt(at, ...known)
  if (source.trim() === '') return faultAt(0, 'the condition is empty')
  if (code === 'reserved_identifier') return faultAt(at, `"${there}" is a reserved word`)
  const wanted = /^Expected (\w+)/.exec(summary)?.[1]
  const before = there === '' ? 'the end' : `"${there}"`
  if (wanted !== undefined) return faultAt(at, `${TOKENS[wanted] ?? wanted} is missing here, before ${before}`)
  if (!code.startsWith('unexpected_')) return faultAt(at, lowerFirst(summary))
  return there === ''
    ? faultAt(at, 'the condition ends too early', 'something is missing at its end')
    : faultAt(at, `"${there}" cannot stand here`, 'is an operator such as && missing?')
}

function wordAt(source: string, at: number): string {
  return /^(\w+|\S)/.exec(source.slice(at))?.[0] ?? ''
}

/** A condition that can be read and makes no sense. */
export function typeFault(error: ParseError | CelTypeError, source: string): Fault {
  const { node } = error
  const at = error.range?.start ?? 0
  if (!isNode(node)) return parseFault(error, source)
  return FAULTS[error.code]?.(node, at) ?? faultAt(at, lowerFirst(error.summary))
}

const FAULTS: Readonly<Record<string, (node: ASTNode, at: number) => Fault>> = {
  no_such_key: fieldFault,
  no_such_overload: operatorFault,
  no_matching_overload: functionFault,
  invalid_logical_operand: operandFault,
  cannot_index_type: (node, at) => faultAt(at, `a ${typeOf(leftOf(node))} has no fields`),
  invalid_macro_argument: (_, at) => faultAt(at, 'has() takes a field', 'such as has(args.limit)'),
  invalid_condition_type: (node, at) =>
    faultAt(at, `this is of type ${typeOf(node)}, neither true nor false`, truthHint(node)),
  invalid_comprehension_range: (node, at) =>
    faultAt(at, `this is of type ${typeOf(node)}, no list`, 'loops go over lists'),
}

/** The condition as a whole is neither true nor false. */
export function resultFault(tree: ASTNode, type: string): Fault {
  return faultAt(tree.start, `the condition is of type ${type}, neither true nor false`, truthHint(tree))
}

function fieldFault(node: ASTNode, at: number): Fault {
  const type = typeOf(leftOf(node))
  const field = fieldName(node)
  return faultAt(at, `${type} has no field "${field}"`, suggest(field, fieldsOf(type)))
}

/** Of `sql.verb` as of `sql["verb"]`. */
function fieldName(node: ASTNode): string {
  if (node.op === '.') return node.args[1]
  return (node.op === '[]' ? textOf(node.args[1]) : undefined) ?? ''
}

function operatorFault(node: ASTNode, at: number): Fault {
  const [left, right] = childrenOf(node)
  if (right === undefined) {
    const hint = typeOf(left).startsWith('list') ? `write ${text(left)}.size() == 0` : undefined
    return faultAt(at, `${node.op.slice(0, 1)} does not go with ${typeOf(left)}`, hint)
  }
  const types = { left: typeOf(left), right: typeOf(right) }
  if (node.op === 'in') return membershipFault(left, right)
  const message = `${types.left} ${node.op} ${types.right} cannot be compared or computed`
  return faultAt(at, message, comparisonHint(left, right, types))
}

function membershipFault(left: ASTNode | undefined, right: ASTNode): Fault {
  const at = right.start
  const type = typeOf(right)
  if (type === 'string') {
    return faultAt(
      at,
      '"in" looks into a list, and this is a string',
      `write == or ${text(right)}.contains(${text(left)})`,
    )
  }
  if (typeOf(left).startsWith('list')) {
    return faultAt(at, 'a list is no member of this list', `write ${text(left)}.exists(v, v in ${text(right)})`)
  }
  return faultAt(at, `there is no ${typeOf(left)} in ${type}`)
}

function comparisonHint(
  left: ASTNode | undefined,
  right: ASTNode,
  types: { left: string; right: string },
): string | undefined {
  if (types.left.startsWith('list') && types.right === 'string') return `write ${text(right)} in ${text(left)}`
  if (types.left === 'string' && types.right.startsWith('list')) return `write ${text(left)} in ${text(right)}`
  if (types.left === 'int' && types.right === 'string') return 'write the number without quotes'
  if (types.left === 'int' && types.right === 'double') return 'write a whole number, or double(…) around the other'
  if (types.left === 'timestamp') return `write timestamp(${text(right)}), with the time and Z or an offset`
  if (types.left === 'bool') return `write ${text(left)} or !${text(left)} alone`
  return undefined
}

function functionFault(node: ASTNode, at: number): Fault {
  if (node.op === 'call') {
    const [name, args] = node.args
    return faultAt(at, `${name}() does not take (${args.map(typeOf).join(', ')})`, USAGE[name])
  }
  if (node.op !== 'rcall') return faultAt(at, 'no function fits')
  const [name, receiver, args] = node.args
  const type = typeOf(receiver)
  if (type.startsWith('list<string>') && name === 'contains') {
    return faultAt(at, 'a list has no contains()', `write ${args.map(text).join()} in ${text(receiver)}`)
  }
  if (type.startsWith('list<string>') && USAGE[name]?.startsWith('x.') === true) {
    const hint = `write ${text(receiver)}.exists(v, v.${name}(${args.map(text).join(', ')}))`
    return faultAt(at, `a list has no ${name}()`, hint)
  }
  return faultAt(at, `${type} has no ${name}(${args.map(typeOf).join(', ')})`, USAGE[name])
}

const USAGE: Readonly<Record<string, string>> = {
  glob: 'glob(text, "pattern")',
  inCidr: 'inCidr(address, "10.0.0.0/8")',
  has: 'has(args.limit)',
  size: 'of a text, a list or a map',
  startsWith: 'x.startsWith("text")',
  endsWith: 'x.endsWith("text")',
  contains: 'x.contains("text")',
  re: 'x.re("pattern")',
  lowerAscii: 'x.lowerAscii()',
  upperAscii: 'x.upperAscii()',
  all: 'list.all(v, v == "text")',
  exists: 'list.exists(v, v == "text")',
  exists_one: 'list.exists_one(v, v == "text")',
  map: 'list.map(v, v + "text")',
  filter: 'list.filter(v, v != "text")',
  getHours: 'now.getHours(), or now.getHours("Europe/Berlin")',
  timestamp: 'timestamp("2026-12-24T18:00:00Z")',
  duration: 'duration("90m")',
}

function operandFault(node: ASTNode): Fault {
  const wrong = childrenOf(node).find((operand) => !['bool', 'dyn'].includes(typeOf(operand))) ?? node
  return faultAt(wrong.start, `${node.op} takes true or false, and this is of type ${typeOf(wrong)}`, truthHint(wrong))
}

function truthHint(node: ASTNode): string | undefined {
  const type = typeOf(node)
  if (type.startsWith('list')) return `write ${text(node)}.size() > 0`
  if (type === 'string') return `compare it, such as ${text(node)} == "text"`
  if (type === 'int') return `compare it, such as ${text(node)} > 0`
  if (type === 'dyn') return `compare it, such as ${text(node)} == true`
  return fieldsOf(type).includes('present') ? `write ${text(node)}.present` : undefined
}

/** More of the condition is no hint. */
const SHOWN_CHARS_MAX = 60

function text(node: ASTNode | undefined): string {
  if (node === undefined || node.op === '?:') return 'x'
  const shown = print(node, 'shown')
  return shown.length > SHOWN_CHARS_MAX ? 'x' : shown
}

function lowerFirst(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1)
}
