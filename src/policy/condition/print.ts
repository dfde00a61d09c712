import type { ASTNode, ASTOperator } from '@marcbachmann/cel-js'
import { assert } from '../../base/assert.ts'
import { ROOTS, typeOfField } from './fields.ts'
import { METERED_NAMES } from './functions.ts'

/**
 * `shown`: for people, on one line. `evaluated`: every loop and every costly function pays for its work; `looped`: the
 * same, inside of a loop.
 */
export type Purpose = 'shown' | 'evaluated' | 'looped'

/** Macros that evaluate their last argument once per member. */
export const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

const PRECEDENCE: Readonly<Partial<Record<ASTOperator, number>>> = {
  '?:': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  in: 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '!_': 8,
  '-_': 8,
}
const UNARY = 8
const POSTFIX = 9

/** The condition as text again; brackets stand only where the original needs them. */
export function print(node: ASTNode, purpose: Purpose): string {
  if (node.op === 'value') return node.input.slice(node.start, node.end)
  if (node.op === 'id') return node.args
  const sub: Sub = (child, least = 0) => wrap(print(child, purpose), precedenceOf(child) < least)
  if (node.op === 'call') return call(node.args[0], node.args[1], purpose)
  if (node.op === 'rcall') return `${sub(node.args[1], POSTFIX)}.${method(node, purpose)}`
  if (node.op === '!_' || node.op === '-_') return `${node.op.slice(0, 1)}${sub(node.args, UNARY)}`
  return access(node, sub) ?? collection(node, sub) ?? operator(node, sub)
}

/** Prints a child, in brackets where its operator binds less than that. */
type Sub = (child: ASTNode, least?: number) => string

/** Children of a node, in the order of the text. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return []
  if (node.op === '.' || node.op === '.?') return [node.args[0]]
  if (node.op === '!_' || node.op === '-_') return [node.args]
  if (node.op === 'call') return node.args[1]
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]]
  return node.op === 'map' ? node.args.flat() : node.args
}

function access(node: ASTNode, sub: Sub): string | undefined {
  if (node.op === '.') return `${sub(node.args[0], POSTFIX)}.${node.args[1]}`
  return node.op === '[]' ? `${sub(node.args[0], POSTFIX)}[${sub(node.args[1])}]` : undefined
}

function collection(node: ASTNode, sub: Sub): string | undefined {
  if (node.op === 'list') return `[${node.args.map((item) => sub(item)).join(', ')}]`
  if (node.op !== 'map') return undefined
  return `{${node.args.map(([key, value]) => `${sub(key)}: ${sub(value)}`).join(', ')}}`
}

function operator(node: ASTNode, sub: Sub): string {
  const [left, right, otherwise] = childrenOf(node)
  assert(left !== undefined && right !== undefined, 'an operator has operands')
  if (otherwise !== undefined) return `${sub(left, 2)} ? ${sub(right)} : ${sub(otherwise)}`
  const own = precedenceOf(node)
  return `${sub(left, own)} ${node.op} ${sub(right, own + 1)}`
}

function call(name: string, args: readonly ASTNode[], purpose: Purpose): string {
  const texts = args.map((arg) => print(arg, purpose))
  if (purpose === 'shown' || !METERED_NAMES.has(name)) return `${name}(${texts.join(', ')})`
  return `our__${name}(${[...texts, 'our__run'].join(', ')})`
}

function method(node: ASTNode & { op: 'rcall' }, purpose: Purpose): string {
  const [name, , args] = node.args
  return LOOPS.has(name) ? loop(node, purpose) : call(name, args, purpose)
}

/**
 * `l.all(v, p)` becomes `l.all(v, our__turn ? p : false)`, and `l.map(v, e)` becomes `l.map(v, our__turn, e)`. Not
 * `our__turn && p`: the engine evaluates `p` even where the first operand is an error.
 */
function loop(node: ASTNode & { op: 'rcall' }, purpose: Purpose): string {
  const [name, list, args] = node.args
  const within = purpose === 'shown' ? 'shown' : 'looped'
  const [variable = '', first = '', ...rest] = args.map((arg) => print(arg, within))
  if (purpose === 'shown' || (purpose === 'evaluated' && isShort(list) && !args.some(isHeavy))) {
    return `${name}(${[variable, first, ...rest].join(', ')})`
  }
  const turn = args.some(isHeavy) ? 'our__heavy_turn' : 'our__turn'
  if (name === 'map' && rest.length === 0) return `map(${variable}, ${turn}, ${first})`
  return `${name}(${[variable, `${turn} ? ${first} : false`, ...rest].join(', ')})`
}

/** A list of facts, which readers keep short: a loop over it, in no other loop, need not be counted. */
function isShort(node: ASTNode): boolean {
  if (node.op !== '.') return false
  const [root, field] = node.args
  return root.op === 'id' && typeOfField(ROOTS[root.args] ?? '', field)?.startsWith('list<') === true
}

/** Has an operator that goes over whole lists. */
function isHeavy(node: ASTNode): boolean {
  if (node.op === '+' || (node.op === 'in' && node.args[1].op !== 'list')) return true
  return childrenOf(node).some(isHeavy)
}

function precedenceOf({ op }: ASTNode): number {
  return PRECEDENCE[op] ?? POSTFIX
}

function wrap(text: string, inBrackets: boolean): string {
  return inBrackets ? `(${text})` : text
}
