import type { KeyKind } from './dictionary.ts'
import type { Column, Columns } from './table-cells.ts'

export interface DefinedColumn {
  /** In small letters, without quotes. */
  readonly name: string
  /** Undefined where the name is not sensitive. */
  readonly kind: KeyKind | undefined
}

/** Where a new column stands: before all others, behind one, or at the end. */
export type ColumnPlace = 'first' | 'last' | { readonly after: string }

/** A table as statements of SQL define and alter it. */
export class DefinedTable implements Columns {
  /** As it was defined: a change may have been said of it only, in a text, or was taken back. */
  readonly before: Columns
  readonly #columns: DefinedColumn[]
  #sensitive: readonly Column[] | undefined

  constructor(columns: readonly DefinedColumn[]) {
    this.#columns = [...columns]
    this.before = { count: columns.length, columns: this.columns }
  }

  get count(): number {
    return this.#columns.length
  }

  get columns(): readonly Column[] {
    this.#sensitive ??= this.#columns.flatMap(({ kind }, index) => (kind === undefined ? [] : [{ kind, index }]))
    return this.#sensitive
  }

  add(column: DefinedColumn, place: ColumnPlace): void {
    const last = this.#columns.length
    const behind = typeof place === 'string' ? -1 : this.#indexOf(place.after)
    const at = place === 'first' ? 0 : behind < 0 ? last : behind + 1
    this.#replace(at, 0, [column])
  }

  drop(name: string): void {
    this.#replace(this.#indexOf(name), 1, [])
  }

  rename(name: string, column: DefinedColumn): void {
    this.#replace(this.#indexOf(name), 1, [column])
  }

  #indexOf(name: string): number {
    return this.#columns.findIndex((column) => column.name === name)
  }

  #replace(at: number, count: number, columns: readonly DefinedColumn[]): void {
    if (at < 0) return
    this.#columns.splice(at, count, ...columns)
    this.#sensitive = undefined
  }
}
