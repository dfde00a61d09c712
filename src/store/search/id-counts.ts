import type { Cells, Column } from './columns.ts'
import type { Mask } from './mask.ts'

/** How often each number of a dictionary occurs in a column. */
export interface IdCounts {
  add(column: Column, counted: Counted): void
  /** Calls with each number that occurs, and how often. */
  each(use: (id: number, n: number) => void): void
}

/** The records that count. */
export interface Counted {
  readonly mask: Mask
  readonly count: number
  /** Where they are, if they are few. */
  readonly places: Uint16Array | undefined
}

/** Of numbers up to `newest`: one place for each. */
export class EveryId implements IdCounts {
  readonly #counts: Uint32Array

  constructor(newest: number) {
    this.#counts = new Uint32Array(newest + 1)
  }

  add({ base, cells }: Column, { count, mask, places }: Counted): void {
    const counts = this.#counts
    if (base === undefined) return
    // Where there is no value the cell is 0: what is counted there is of nobody, and is put back.
    const before = counts[base] ?? 0
    if (cells === undefined) counts[base] = before + count
    else if (places === undefined) addAll(counts, base, { cells, mask })
    else addSome(counts, base, { cells, places })
    if (cells !== undefined) counts[base] = before
  }

  each(use: (id: number, n: number) => void): void {
    const counts = this.#counts
    for (let id = 0; id < counts.length; id += 1) {
      const n = counts[id] ?? 0
      if (n > 0) use(id, n)
    }
  }
}

function addAll(counts: Uint32Array, base: number, { cells, mask }: { cells: Cells; mask: Mask }): void {
  for (let i = 0; i < mask.length; i += 1) {
    const id = base + (cells[i] ?? 0)
    counts[id] = (counts[id] ?? 0) + (mask[i] ?? 0)
  }
}

function addSome(counts: Uint32Array, base: number, { cells, places }: { cells: Cells; places: Uint16Array }): void {
  for (let i = 0; i < places.length; i += 1) {
    const id = base + (cells[places[i] ?? 0] ?? 0)
    counts[id] = (counts[id] ?? 0) + 1
  }
}

/** Of the newest so many records. */
export class NewestIds implements IdCounts {
  readonly #counts = new Map<number, number>()
  #left: number

  constructor(most: number) {
    this.#left = most
  }

  add({ base, cells }: Column, { mask }: Counted): void {
    for (let i = mask.length - 1; i >= 0 && this.#left > 0; i -= 1) {
      if (mask[i] !== 1) continue
      this.#left -= 1
      const cell = cells?.[i]
      if (base === undefined || cell === 0) continue
      const id = base + (cell ?? 0)
      this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
    }
  }

  each(use: (id: number, n: number) => void): void {
    for (const [id, n] of this.#counts) use(id, n)
  }
}
