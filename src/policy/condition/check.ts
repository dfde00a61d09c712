// What the type check of the engine does not see: names that nobody knows, functions that no rule may call, loops in
// loops in loops. An allow list throughout: what is not named here is refused at load.
import type { ASTNode } from '@marcbachmann/cel-js'
import { suggest } from '../mistake.ts'
import { faultAt, type Fault } from './fault.ts'
import { needsCall, ROOTS, TYPE_NAMES } from './fields.ts'
import { CALLS, METHODS } from './functions.ts'
import { Literals, textOf } from './literals.ts'
import { childrenOf, LOOPS } from './print.ts'
import type { Prepared } from './run.ts'

/** Loops inside of loops: each level multiplies the work. */
const LOOPS_MAX = 2

export interface Checked {
  readonly kind: 'checked'
  readonly prepared: Prepared
  readonly uses: ReadonlySet<string>
  readonly ends: ReadonlySet<string>
  readonly needsCall: boolean
}

export function checkTree(tree: ASTNode): Checked | Fault {
  const walk = new Walk()
  const fault = walk.visit(tree, { variables: [], loops: 0, isPart: false })
  if (fault !== undefined) return fault
  const { uses, ends, literals, needsCall: needs } = walk
  return { kind: 'checked', uses, ends, prepared: literals, needsCall: needs }
}

interface Scope {
  /** Of the loops around. */
  readonly variables: readonly string[]
  readonly loops: number
  /** The node is the beginning of a longer path. */
  readonly isPart: boolean
}

class Walk {
  readonly uses = new Set<string>()
  readonly ends = new Set<string>()
  readonly literals = new Literals()
  needsCall = false

  visit(node: ASTNode, scope: Scope): Fault | undefined {
    this.#note(node, scope)
    const fault = this.#look(node, scope)
    if (fault !== undefined) return fault
    if (node.op === 'rcall' && LOOPS.has(node.args[0])) return this.#visitLoop(node.args[1], node.args[2], scope)
    const isPart = node.op === '.' || (node.op === '[]' && textOf(node.args[1]) !== undefined)
    return this.#visitAll(childrenOf(node), { ...scope, isPart })
  }

  #visitAll(nodes: readonly ASTNode[], scope: Scope): Fault | undefined {
    for (const node of nodes) {
      const fault = this.visit(node, scope)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  #visitLoop(list: ASTNode, [variable, ...bodies]: readonly ASTNode[], scope: Scope): Fault | undefined {
    const inList = this.visit(list, { ...scope, isPart: false })
    if (inList !== undefined || variable === undefined) return inList
    if (variable.op !== 'id') return faultAt(variable.start, 'a loop begins with a name', LOOP_HINT)
    const name = variable.args
    if (name.startsWith('our__'))
      return faultAt(variable.start, `"${name}" is no name`, 'names do not begin with our__')
    if (Object.hasOwn(ROOTS, name) || TYPE_NAMES.includes(name)) {
      return faultAt(variable.start, `"${name}" means something else already`, 'take another name, such as v')
    }
    if (scope.loops === LOOPS_MAX) {
      return faultAt(variable.start, `loops are nested more than ${LOOPS_MAX} deep`, 'split it into several rules')
    }
    const inner = { variables: [...scope.variables, name], loops: scope.loops + 1, isPart: false }
    return this.#visitAll(bodies, inner)
  }

  #look(node: ASTNode, scope: Scope): Fault | undefined {
    if (node.op === 'id') return unknownName(node.args, node.start, scope)
    if (node.op === 'call') return unknownCall(node.args[0], node.start) ?? this.literals.take(...node.args)
    if (node.op === 'rcall') {
      const [name, , args] = node.args
      return unknownMethod(name, nameStart(node)) ?? this.literals.take(name, args)
    }
    if (node.op !== 'value' || isPlain(node.args)) return undefined
    return faultAt(node.start, 'neither bytes nor unsigned numbers are used here')
  }

  #note(node: ASTNode, scope: Scope): void {
    const path = pathOf(node, scope)
    if (path === undefined) return
    this.uses.add(path)
    if (scope.isPart) return
    this.ends.add(path)
    if (needsCall(path)) this.needsCall = true
  }
}

/** `call.tool`, also where it is written `call["tool"]`; undefined for what is no field of a root. */
function pathOf(node: ASTNode, scope: Scope): string | undefined {
  if (node.op === 'id') {
    return Object.hasOwn(ROOTS, node.args) && !scope.variables.includes(node.args) ? node.args : undefined
  }
  if (node.op !== '.' && node.op !== '[]') return undefined
  const [left, right] = node.args
  const field = typeof right === 'string' ? right : textOf(right)
  const path = field === undefined ? undefined : pathOf(left, scope)
  return path === undefined ? undefined : `${path}.${field}`
}

function unknownName(name: string, at: number, { variables }: Scope): Fault | undefined {
  if (variables.includes(name) || Object.hasOwn(ROOTS, name) || TYPE_NAMES.includes(name)) return undefined
  return faultAt(at, `nothing is called "${name}"`, suggest(name, [...variables, ...Object.keys(ROOTS)]))
}

function unknownCall(name: string, at: number): Fault | undefined {
  if (CALLS.includes(name)) return undefined
  if (name === 'matches') return faultAt(at, MATCHES, MATCHES_HINT)
  const hint = METHODS.includes(name) ? `it stands after a dot: x.${name}(…)` : suggest(name, CALLS)
  return faultAt(at, `there is no function ${name}()`, hint)
}

function unknownMethod(name: string, at: number): Fault | undefined {
  if (METHODS.includes(name)) return undefined
  if (name === 'matches') return faultAt(at, MATCHES, MATCHES_HINT)
  const hint = CALLS.includes(name) ? `it stands before what it is about: ${name}(…)` : suggest(name, METHODS)
  return faultAt(at, `there is no function .${name}()`, hint)
}

// The engine's matches() runs a native RegExp: with `^(a+)+$`, 28 characters of a caller stop the gateway for half a minute.
const MATCHES = 'matches() is not available: one text could make it run for ever'
const MATCHES_HINT = 'write .re("…"), which takes RE2 patterns'
const LOOP_HINT = 'such as sql.verbs.exists(v, v == "ddl")'

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'boolean', 'bigint', 'number'].includes(typeof value)
}

/** Where the name of a method stands; the engine notes only where its receiver begins. */
function nameStart(node: ASTNode & { op: 'rcall' }): number {
  const [name, receiver] = node.args
  const found = new RegExp(`\\.\\s*${name}\\s*\\(`).exec(node.input.slice(receiver.end))
  return found === null ? node.start : receiver.end + found.index + found[0].indexOf(name)
}
