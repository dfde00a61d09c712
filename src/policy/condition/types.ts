import type { ASTNode } from '@marcbachmann/cel-js'
import { suggest } from '../mistake.ts'
import { faultAt, type Fault } from './fault.ts'
import { FIELDS, fieldsOf, typeOfField } from './fields.ts'
import { childrenOf } from './print.ts'

/** The type that the engine found for a node; it notes it there, though its declarations do not say so. */
export function typeOf(node: ASTNode | undefined): string {
  const type: unknown = node === undefined ? undefined : Reflect.get(node, 'checkedType')
  const name: unknown = typeof type === 'object' && type !== null ? Reflect.get(type, 'name') : undefined
  return typeof name === 'string' ? name.replace(/^google\.protobuf\./, '').toLowerCase() : 'dyn'
}

/** The engine looks at no field inside of has(): a misspelt one would never be there, a known one always is. */
export function hasFault(node: ASTNode): Fault | undefined {
  if (node.op === 'call' && node.args[0] === 'has') {
    const [field] = node.args[1]
    const fault = field === undefined ? undefined : stepsFault(field)
    if (fault !== undefined) return fault
  }
  for (const child of childrenOf(node)) {
    const fault = hasFault(child)
    if (fault !== undefined) return fault
  }
  return undefined
}

function stepsFault(field: ASTNode): Fault | undefined {
  let type = ''
  for (const node of stepsOf(field)) {
    if (node.op === '.' && Object.hasOwn(FIELDS, type)) {
      const [, name] = node.args
      const next = typeOfField(type, name)
      if (next === undefined) return faultAt(node.pos, `${type} has no field "${name}"`, suggest(name, fieldsOf(type)))
      if (node === field) return faultAt(node.pos, `${type} always has a field "${name}"`, PRESENCE)
      type = next
    } else {
      type = node.op === 'id' ? typeOf(node) : ''
    }
  }
  return undefined
}

const PRESENCE = 'has() is for args and claims; compare the field, or see whether it is empty'

function stepsOf(node: ASTNode): ASTNode[] {
  return node.op === '.' ? [...stepsOf(node.args[0]), node] : [node]
}

export function leftOf(node: ASTNode): ASTNode | undefined {
  return childrenOf(node)[0]
}

export function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
