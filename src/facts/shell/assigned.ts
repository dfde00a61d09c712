import { forEachChild, type ArithmeticExpression, type Command, type SyntaxNode } from 'unbash'

/** Builtins whose words are names of variables that they set. */
const SETTERS = new Set(
  'read mapfile readarray printf getopts let unset wait declare typeset local export readonly command builtin'.split(
    ' ',
  ),
)
/** What they run may set anything. */
const OPAQUE = new Set(['eval', 'source', '.', 'trap'])

export interface Assigned {
  readonly names: Set<string>
  /** Of these, the ones that are only ever set to whole numbers. */
  readonly numbers: Set<string>
  /** Anything may be set. */
  readonly isOpaque: boolean
}

/** Names that a part of a script may set, wherever in it; what runs in a subshell is left out. Before a loop is walked, they are forgotten. */
export function assignedIn(...nodes: readonly SyntaxNode[]): Assigned {
  const names = new Set<string>()
  const others = new Set<string>()
  let isOpaque = false
  const open: SyntaxNode[] = [...nodes]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const name of namesSetBy(node)) {
      names.add(name)
      if (!setsNumber(node)) others.add(name)
    }
    isOpaque ||= node.type === 'Command' && OPAQUE.has(node.name?.value ?? '')
    if (node.type === 'Function' || isSubshell(node)) continue
    forEachChild(node, (child) => void open.push(child))
  }
  return { names, numbers: new Set([...names].filter((name) => !others.has(name))), isOpaque }
}

function setsNumber(node: SyntaxNode): boolean {
  if (node.type === 'ArithmeticBinary' || node.type === 'ArithmeticUnary') return true
  if (node.type !== 'Assignment' || node.value.type !== 'Word' || node.append === true) return false
  const { parts, value } = node.value
  return parts === undefined ? /^\d+$/.test(value) : parts.length === 1 && parts[0]?.type === 'ArithmeticExpansion'
}

function isSubshell({ type }: SyntaxNode): boolean {
  return type === 'CommandExpansion' || type === 'ProcessSubstitution' || type === 'ArithmeticCommandExpansion'
}

function namesSetBy(node: SyntaxNode): string[] {
  if (node.type === 'Assignment' || node.type === 'FileDescriptorVariable') return [node.name]
  if (node.type === 'For' || node.type === 'Select') return [node.name.value]
  if (node.type === 'Command') return namesSetByCommand(node)
  if (node.type === 'ParameterExpansion') {
    return node.operation?.type === 'Default' && node.operation.operator.includes('=') ? [node.parameter] : []
  }
  return namesSetByArithmetic(node)
}

function namesSetByCommand({ name, suffix }: Command): string[] {
  if (!SETTERS.has(name?.value ?? '')) return []
  return suffix.flatMap((word) => (word.type === 'Word' ? nameAt(word.value) : []))
}

function namesSetByArithmetic(node: SyntaxNode): string[] {
  if (node.type === 'ArithmeticBinary' && isAssignment(node.operator)) return nameOf(node.left)
  return node.type === 'ArithmeticUnary' && node.operator.length === 2 ? nameOf(node.operand) : []
}

function nameOf(expression: ArithmeticExpression): string[] {
  return expression.type === 'ArithmeticWord' ? nameAt(expression.value) : []
}

export function isAssignment(operator: string): boolean {
  return operator.endsWith('=') && !['==', '!=', '<=', '>='].includes(operator)
}

function nameAt(word: string): string[] {
  const name = /^[A-Za-z_]\w*/.exec(word)?.[0]
  return name === undefined ? [] : [name]
}
