import type { Chunk, ChunkView } from './chunk.ts'
import type { Cells, Column } from './columns.ts'
import { type Condition, hasWords, type Words } from './condition.ts'

/** 1 for each record of a chunk that fits. */
export type Mask = Uint8Array

/** Hands over rids in which words stand: all of this chunk, and maybe newer ones. Chunks are asked about newest first. */
export type FindWords = (words: Words, chunk: Chunk, take: (rid: number) => void) => void

/** Which records of a chunk fit. What columns say is looked at before words are, and words only where something is left. */
export function maskOf(condition: Condition, view: ChunkView, find: FindWords): Mask {
  const mask = new Uint8Array(view.chunk.entries)
  switch (condition.kind) {
    case 'every':
      return mask.fill(1)
    case 'none':
      return mask
    case 'words':
      find(condition, view.chunk, (rid) => {
        const place = view.placeOf(rid)
        if (place !== undefined) mask[place] = 1
      })
      return mask
    case 'sets':
      return markSets(mask, view.column(condition.aspect), condition)
    case 'range':
      return markRange(mask, view.column(condition.column), condition)
    case 'not':
      return inverted(maskOf(condition.item, view, find))
    case 'or':
      for (const item of condition.items) unite(mask, maskOf(item, view, find))
      return mask
    case 'and':
      return all(condition.items, view, find)
  }
}

export function countOf(mask: Mask): number {
  let count = 0
  for (let i = 0; i < mask.length; i += 1) count += mask[i] ?? 0
  return count
}

/** Where the records of a mask are, if they are few: then it is faster to go from one to the next. */
export function fewPlaces(mask: Mask, count: number): Uint16Array | undefined {
  if (count > mask.length / 8) return undefined
  const places = new Uint16Array(count)
  let at = 0
  for (let i = mask.indexOf(1); i >= 0; i = mask.indexOf(1, i + 1)) places[at++] = i
  return places
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

function all(items: readonly Condition[], view: ChunkView, find: FindWords): Mask {
  const mask = new Uint8Array(view.chunk.entries).fill(1)
  for (const item of items.toSorted((a, b) => Number(hasWords(a)) - Number(hasWords(b)))) {
    const next = maskOf(item, view, find)
    for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) & (next[i] ?? 0)
    if (!mask.includes(1)) return mask
  }
  return mask
}

function inverted(mask: Mask): Mask {
  for (let i = 0; i < mask.length; i += 1) mask[i] = mask[i] === 1 ? 0 : 1
  return mask
}

function unite(mask: Mask, more: Mask): void {
  for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) | (more[i] ?? 0)
}
