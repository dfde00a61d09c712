import { GatewayError } from '../../base/assert.ts'
import { ASPECT_NAMES } from './aspects.ts'

/** What is kept of a record beside its words, in the order of the keys of `cell`. Only ever added to at the end. */
export const COLUMNS = ['rid', 'ts', 'uid', ...ASPECT_NAMES, 'rows', 'bytes', 'latency', 'status'] as const
export type ColumnName = (typeof COLUMNS)[number]

/** Chunks of one column lie side by side, so that who counts one reads no other. */
export function cellKey(column: ColumnName, chunk: number): number {
  return COLUMNS.indexOf(column) * 2 ** 32 + chunk
}

/**
 * Whole numbers of one column, packed: each is its distance from `base` in as few bytes as the largest needs. 0 is none, so
 * `base` is one less than the least. Without `cells` all are the same: `base`, or none where it is undefined.
 */
export interface Column {
  readonly base: number | undefined
  readonly cells: Cells | undefined
}

export type Cells = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Width and base; cells begin where every width may begin. */
const HEAD_BYTES = 16
const NONE = 0
const SAME = 255

export function encodeColumn(values: readonly (number | undefined)[]): Uint8Array {
  let [least, most, some] = [Infinity, -Infinity, 0]
  for (const value of values) {
    if (value === undefined) continue
    some += 1
    if (value < least) least = value
    if (value > most) most = value
  }
  if (some === 0) return head(new Uint8Array(HEAD_BYTES), NONE, 0)
  if (some === values.length && least === most) return head(new Uint8Array(HEAD_BYTES), SAME, least)
  const base = least - 1
  const width = widthOf(most - base)
  const bytes = head(new Uint8Array(HEAD_BYTES + values.length * width), width, base)
  const cells = cellsOf(bytes.buffer, width)
  for (const [i, value] of values.entries()) if (value !== undefined) cells[i] = value - base
  return bytes
}

/** Throws GatewayError for what was never written. */
export function decodeColumn(bytes: Uint8Array, entries: number): Column {
  if (bytes.length < HEAD_BYTES) throw damaged()
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [width, base] = [view.getUint8(0), view.getFloat64(8)]
  if (width === NONE) return { base: undefined, cells: undefined }
  if (width === SAME) return { base, cells: undefined }
  if (![1, 2, 4, 8].includes(width) || bytes.length !== HEAD_BYTES + entries * width) throw damaged()
  // Cells of more than a byte may only be looked at where they lie at a multiple of their width.
  const own = bytes.byteOffset === 0 ? bytes : bytes.slice()
  return { base, cells: cellsOf(own.buffer, width) }
}

export function valuesIn({ base, cells }: Column, entries: number): (number | undefined)[] {
  if (cells === undefined || base === undefined) return Array.from({ length: entries }, () => base)
  return Array.from(cells, (cell) => (cell === 0 ? undefined : cell + base))
}

function head(bytes: Uint8Array<ArrayBuffer>, width: number, base: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer)
  view.setUint8(0, width)
  view.setFloat64(8, base)
  return bytes
}

function widthOf(most: number): number {
  if (most <= 0xff) return 1
  if (most <= 0xff_ff) return 2
  return most <= 0xff_ff_ff_ff ? 4 : 8
}

function cellsOf(buffer: ArrayBufferLike, width: number): Cells {
  switch (width) {
    case 1:
      return new Uint8Array(buffer, HEAD_BYTES)
    case 2:
      return new Uint16Array(buffer, HEAD_BYTES)
    case 4:
      return new Uint32Array(buffer, HEAD_BYTES)
    default:
      return new Float64Array(buffer, HEAD_BYTES)
  }
}

function damaged(): GatewayError {
  return new GatewayError('config_invalid', 'A database is damaged: a column holds what was never written there.')
}
