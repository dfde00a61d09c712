import { FAIL, following, MATCH, type Program, RUNES } from './program.ts'

/**
 * Instructions that can be reached, each before all that follow it; undefined where some follow themselves, so that a match
 * has no longest length.
 */
export function inOrder(program: Program): readonly number[] | undefined {
  const before = countBefore(program)
  const order: number[] = [program.start]
  for (const at of order) {
    for (const next of following(program, at)) {
      const left = (before.get(next) ?? 0) - 1
      before.set(next, left)
      if (left === 0) order.push(next)
    }
  }
  return order.length === before.size ? order : undefined
}

function countBefore(program: Program): Map<number, number> {
  const before = new Map([[program.start, 0]])
  const queue = [program.start]
  for (const at of queue) {
    for (const next of following(program, at)) {
      const known = before.get(next)
      before.set(next, (known ?? 0) + 1)
      if (known === undefined) queue.push(next)
    }
  }
  return before
}

/** Characters of the longest match; 0 where nothing ever matches. */
export function longestMatch(program: Program, order: readonly number[]): number {
  const longest = new Map<number, number>()
  for (const at of order.toReversed()) {
    const op = program.op[at]
    if (op === MATCH) longest.set(at, 0)
    else if (op === FAIL) longest.set(at, -Infinity)
    else {
      const rest = Math.max(...following(program, at).map((next) => longest.get(next) ?? -Infinity))
      longest.set(at, rest + (op === RUNES ? 1 : 0))
    }
  }
  return Math.max(0, longest.get(program.start) ?? 0)
}
