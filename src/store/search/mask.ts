import type { ChunkView } from './chunk.ts'
import type { Cells, Column } from './columns.ts'
import { type Condition, hasWords } from './condition.ts'

/** 1 for each record of a chunk that fits. */
export type Mask = Uint8Array

/** Which records of a chunk fit. What columns say is looked at before words are looked up, and only where something is left. */
export function maskOf(condition: Condition, view: ChunkView): Mask {
  return masked(condition, view, { low: view.chunk.low, high: view.chunk.high })
}

export function countOf(mask: Mask): number {
  let count = 0
  for (const one of mask) count += one
  return count
}

/** Between rids. What lies outside is not asked for: whatever is said of it is not used. */
interface Within {
  readonly low: number
  readonly high: number
}

function masked(condition: Condition, view: ChunkView, within: Within): Mask {
  const mask = new Uint8Array(view.chunk.entries)
  switch (condition.kind) {
    case 'every':
      return mask.fill(1)
    case 'none':
      return mask
    case 'words':
      for (const place of view.find(condition.expression, within.low, within.high)) mask[place] = 1
      return mask
    case 'sets':
      return markSets(mask, view.column(condition.aspect), condition)
    case 'range':
      return markRange(mask, view.column(condition.column), condition)
    case 'not':
      return inverted(masked(condition.item, view, within))
    case 'or':
      for (const item of condition.items) unite(mask, masked(item, view, within))
      return mask
    case 'and':
      return all(condition.items, view, within)
  }
}

/** Undefined values are 0 in the cells of a column, and in no set. */
function markSets(mask: Mask, { base, cells }: Column, { ids, has }: Extract<Condition, { kind: 'sets' }>): Mask {
  if (base === undefined) return mask
  if (cells === undefined) return mask.fill(has[base] ?? 0)
  const [only = 0] = ids
  if (ids.length === 1) return markCell(mask, cells, only - base)
  for (let i = 0; i < mask.length; i += 1) {
    const cell = cells[i] ?? 0
    mask[i] = cell === 0 ? 0 : (has[base + cell] ?? 0)
  }
  return mask
}

/** Looks for one value: where it is not in this chunk, no cell is as far from the base. */
function markCell(mask: Mask, cells: Cells, wanted: number): Mask {
  if (wanted > 0) for (let i = 0; i < mask.length; i += 1) mask[i] = cells[i] === wanted ? 1 : 0
  return mask
}

function markRange(mask: Mask, { base, cells }: Column, { low, high }: Extract<Condition, { kind: 'range' }>): Mask {
  if (base === undefined) return mask
  if (cells === undefined) return mask.fill(base >= low && base <= high ? 1 : 0)
  const [first, last] = [Math.max(1, low - base), high - base]
  for (let i = 0; i < mask.length; i += 1) {
    const cell = cells[i] ?? 0
    mask[i] = cell >= first && cell <= last ? 1 : 0
  }
  return mask
}

function all(items: readonly Condition[], view: ChunkView, within: Within): Mask {
  const cheapFirst = items.toSorted((a, b) => Number(hasWords(a)) - Number(hasWords(b)))
  let mask: Mask | undefined
  let left = within
  for (const item of cheapFirst) {
    const next = masked(item, view, left)
    if (mask === undefined) mask = next
    else for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) & (next[i] ?? 0)
    const [first, last] = [mask.indexOf(1), mask.lastIndexOf(1)]
    if (first < 0) return mask
    left = { low: Math.max(within.low, view.ridAt(first)), high: Math.min(within.high, view.ridAt(last)) }
  }
  return mask ?? new Uint8Array(view.chunk.entries).fill(1)
}

function inverted(mask: Mask): Mask {
  for (let i = 0; i < mask.length; i += 1) mask[i] = mask[i] === 1 ? 0 : 1
  return mask
}

function unite(mask: Mask, more: Mask): void {
  for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) | (more[i] ?? 0)
}
