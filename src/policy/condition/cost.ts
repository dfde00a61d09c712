import type { ASTNode } from '@marcbachmann/cel-js'
import { childrenOf, LOOPS } from './print.ts'

/** Whether somewhere in a chain of `&&` a costly part stands directly before one that is not: the other way round is cheaper. */
export function asksCostlyFirst(tree: ASTNode): boolean {
  if (tree.op !== '&&') return childrenOf(tree).some(asksCostlyFirst)
  const parts = chain(tree)
  return parts.some((part, i) => i > 0 && !isCostly(part) && isCostly(parts[i - 1])) || parts.some(asksCostlyFirst)
}

function chain(tree: ASTNode): ASTNode[] {
  return tree.op === '&&' ? tree.args.flatMap(chain) : [tree]
}

/** Loops look at each member of a list, patterns at each character of a text. */
function isCostly(node: ASTNode | undefined): boolean {
  if (node === undefined) return false
  if (node.op === 'rcall' && (LOOPS.has(node.args[0]) || node.args[0] === 're')) return true
  return childrenOf(node).some(isCostly)
}
