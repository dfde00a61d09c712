// Results of tools as businesses get them, with nothing in them that is anybody's: ids, times, prices, versions, logs, code,
// prose. Whatever masking hides here, it hides by mistake. Everything hangs on the seed.
import { CODES } from './business-code.ts'
import { IDS } from './business-ids.ts'
import type { Leaf, Makers, Scalar } from './business-leaf.ts'
import { PROSE } from './business-prose.ts'
import { SHOP } from './business-shop.ts'
import { type Field, type Table, TABLES } from './business-shapes.ts'
import { TECH } from './business-tech.ts'
import { type TextPart, textOf } from './business-text.ts'
import { TIMES } from './business-times.ts'
import { Chance } from './random.ts'

const KINDS: Makers = { ...IDS, ...TIMES, ...SHOP, ...TECH, ...CODES, ...PROSE }

/** Rows of one table, as one part of a result. */
export interface Part {
  readonly rows: readonly Row[]
  readonly text: TextPart
}

/** One row, as it is written, with its leaves in the order of its fields. */
export interface Row {
  readonly written: Json
  readonly leaves: readonly PlacedLeaf[]
}

export interface PlacedLeaf extends Leaf {
  /** Where it is in the row as it is written. */
  readonly path: readonly (string | number)[]
}

export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json }

/** A result of a tool, of about 64 KiB. */
export interface BusinessMessage {
  readonly json: string
  readonly parts: readonly Part[]
}

/** Rows of a part, and what it holds at most, in characters of JSON; a message has the rows once as text and once as structure. */
const PART_ROWS = [2, 12] as const
const PART_CHARS_MAX = 16_000
const MESSAGE_CHARS = 32_000

/** Messages with so many leaves, or a few more. */
export function* businessMessages(seed: number, leaves: number): Generator<BusinessMessage> {
  const chance = new Chance(seed)
  let left = leaves
  for (let id = 1; left > 0; id++) {
    const parts: Part[] = []
    let room = MESSAGE_CHARS
    while (room > 0 && left > 0) {
      const { part, chars } = makePart(chance, left)
      parts.push(part)
      room -= chars
      for (const row of part.rows) left -= row.leaves.length
    }
    yield { json: messageOf(id, parts), parts }
  }
}

function messageOf(id: number, parts: readonly Part[]): string {
  const content = parts.map(({ text }) => ({ type: 'text', text: text.text }))
  const structuredContent = { results: parts.map(({ rows }) => rows.map(({ written }) => written)) }
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content, structuredContent } })
}

function makePart(chance: Chance, most: number): { part: Part; chars: number } {
  const table = pickTable(chance)
  const form = pickForm(chance)
  const wanted = chance.between(...PART_ROWS)
  const rows: Row[] = []
  let chars = 0
  let left = most
  while (rows.length < wanted && chars < PART_CHARS_MAX && left > 0) {
    const row = makeRow(chance, table, form)
    rows.push(row)
    chars += JSON.stringify(row.written).length
    left -= row.leaves.length
  }
  const names = table.isJson ? undefined : table.fields.map(nameOf)
  return { part: { rows, text: textOf(chance, rows, names) }, chars }
}

const SHARES = TABLES.reduce((sum, { share }) => sum + share, 0)

function pickTable(chance: Chance): Table {
  let at = (chance.below(1_000_000) / 1_000_000) * SHARES
  const table = TABLES.find(({ share }) => (at -= share) < 0)
  if (table === undefined) throw new Error('shares add up to all')
  return table
}

/** How a row is written: with its keys, with keys that say nothing, or as a list of cells. */
type Form = 'keyed' | 'neutral' | 'cells'

function pickForm(chance: Chance): Form {
  return chance.pick(['keyed', 'keyed', 'keyed', 'keyed', 'keyed', 'keyed', 'keyed', 'neutral', 'cells', 'cells'])
}

function makeRow(chance: Chance, { fields }: Table, form: Form): Row {
  const leaves = fields.map((field, i) => ({ ...makeLeaf(chance, field), path: pathOf(field, i, form) }))
  if (form === 'cells') return { written: leaves.map(({ value }) => value), leaves }
  const written: { [key: string]: Json } = {}
  for (const { path, value } of leaves) put(written, path, value)
  return { written, leaves }
}

function makeLeaf(chance: Chance, { kind }: Field): Leaf {
  const make = KINDS[kind]
  if (make === undefined) throw new Error(`there is no kind ${kind}`)
  return { kind, value: make(chance) }
}

function pathOf({ path }: Field, i: number, form: Form): readonly (string | number)[] {
  if (form === 'keyed') return path
  return [form === 'cells' ? i : `f${i + 1}`]
}

export function nameOf({ path }: Field): string {
  return path.join('.')
}

type Box = { [key: string]: Json } | Json[]

/** Writes a value into the row, with the objects and lists on the way to it. */
function put(box: Box, path: readonly (string | number)[], value: Scalar): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) Reflect.set(box, first, value)
  else {
    const known: unknown = Reflect.get(box, first)
    const inner = isBox(known) ? known : typeof rest[0] === 'number' ? [] : {}
    Reflect.set(box, first, inner)
    put(inner, rest, value)
  }
}

function isBox(value: unknown): value is Box {
  return typeof value === 'object' && value !== null
}
