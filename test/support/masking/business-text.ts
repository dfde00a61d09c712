import type { Row } from './business-corpus.ts'
import type { Chance } from './random.ts'

/** The text beside the structure of a part: the same rows as JSON, or line by line. */
export interface TextPart {
  readonly text: string
  /** The row of each line; -1 where a line belongs to none. Undefined where the text is JSON. */
  readonly rowOfLine: readonly number[] | undefined
}

type Cells = readonly string[]

/** Writes rows as tools do: mostly as JSON, or as CSV, a table of Markdown or of psql, or one value a line; without names, as JSON. */
export function textOf(chance: Chance, rows: readonly Row[], names: Cells | undefined): TextPart {
  const form = chance.pick(FORMS)
  if (form === 'json' || names === undefined) return json(rows, chance.below(3) === 0 ? 2 : 0)
  const isTelling = isKeyed(rows)
  const head = isTelling ? names : names.map((_, i) => `f${i + 1}`)
  const cells = rows.map(({ leaves }) => leaves.map(({ value }) => (value === null ? '' : String(value))))
  return byLine(WRITERS[form](head, cells))
}

const FORMS = ['json', 'json', 'json', 'json', 'json', 'csv', 'csv', 'markdown', 'psql', 'logfmt', 'yaml'] as const

function isKeyed(rows: readonly Row[]): boolean {
  const name = rows[0]?.leaves[0]?.path[0]
  return typeof name === 'string' && !/^f\d+$/.test(name)
}

function json(rows: readonly Row[], indent: number): TextPart {
  return {
    text: JSON.stringify(
      rows.map(({ written }) => written),
      undefined,
      indent,
    ),
    rowOfLine: undefined,
  }
}

/** Lines of a head, then those of each row. */
interface Written {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function byLine({ head, rows }: Written): TextPart {
  const lines = [...head, ...rows.flat()]
  const rowOfLine = [...head.map(() => -1), ...rows.flatMap((one, i) => one.map(() => i))]
  return { text: lines.join('\n'), rowOfLine }
}

type Writer = (head: Cells, rows: readonly Cells[]) => Written

const WRITERS: Readonly<Record<Exclude<(typeof FORMS)[number], 'json'>, Writer>> = {
  csv: (head, rows) => ({ head: [head.join(',')], rows: rows.map((cells) => cells.map(quoted).join(',').split('\n')) }),
  markdown: (head, rows) => ({
    head: [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`],
    rows: rows.map((cells) => [
      `| ${cells.map((cell) => inOneLine(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`,
    ]),
  }),
  psql: (head, rows) => ({
    head: [` ${head.join(' | ')}`, `-${head.map((name) => '-'.repeat(name.length)).join('-+-')}`],
    rows: rows.map((cells) => [` ${cells.map(inOneLine).join(' | ')}`]),
  }),
  logfmt: (head, rows) => ({
    head: [],
    rows: rows.map((cells) => [
      cells.map((cell, i) => `${head[i] ?? ''}=${/[\s"=]/.test(cell) ? JSON.stringify(cell) : cell}`).join(' '),
    ]),
  }),
  yaml: (head, rows) => ({
    head: [],
    rows: rows.map((cells) => cells.map((cell, i) => `${i === 0 ? '- ' : '  '}${head[i] ?? ''}: ${plain(cell)}`)),
  }),
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function inOneLine(cell: string): string {
  return cell.replaceAll('\n', String.raw`\n`)
}

function plain(cell: string): string {
  return /[:#"'\n{[]/.test(cell) ? JSON.stringify(cell) : cell
}
