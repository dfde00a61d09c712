import { isFrame } from './bars.ts'
import { isBalanced } from './brackets.ts'
import { type Look, type Span, textOf } from './look.ts'
import { isQuote } from './lead.ts'
import type { Row } from './table-lines.ts'
import { BACKSLASH, COMMA, SEMICOLON, SPACE } from './text-bytes.ts'

/** A name of a column that is longer, in bytes, is a value. */
const NAME_MAX = 64

/** How the cells of a line are parted. */
export interface Parting {
  readonly separator: number
  /** By a comma or a semicolon with a blank behind it, as people write, and code: machines leave it out. */
  readonly isLoose: boolean
}

export function partingOf({ view: { bytes } }: Look, { cells }: Row, separator: number): Parting {
  if (separator !== COMMA && separator !== SEMICOLON) return { separator, isLoose: false }
  return { separator, isLoose: cells.some(({ start }, index) => index > 0 && isBehindBlank(bytes, start)) }
}

function isBehindBlank(bytes: Uint8Array, start: number): boolean {
  let at = start - 1
  while (isQuote(bytes[at]) || bytes[at] === BACKSLASH) at--
  return bytes[at] === SPACE
}

/** Names have letters and are short; a line with a sentence, a number, an address or code in it is no header. */
export function isColumnName(look: Look, cell: Span, { separator, isLoose }: Parting): boolean {
  if (cell.end - cell.start > NAME_MAX) return false
  const written = textOf(look, cell)
  if (!isFrame(separator) && isCode(written, isLoose)) return false
  const text = written.replaceAll(/[*`_]/g, '')
  return text === '' || text === '#' || (NAME.test(text) && text.split(' ').length <= 5 && !text.endsWith('.'))
}

/** `@timestamp`, `Discount %`, `Active?`, `2024`, `1st_seen`: all but what sentences and values have. */
const NAME = /^(?:[\p{L}"?@#%\p{Sc}]|\d{1,4}(?=$|[A-Za-z_ ]))[\p{L}\p{M}\p{Sc}\d .()/#"\\'%&+[\]-]*[?:]?$/u

/** An open bracket, a pointer, a comment, or what begins a statement: lines of code have commas and tabulators too. */
function isCode(text: string, isLoose: boolean): boolean {
  if (!isBalanced(text) || COMMENT.test(text) || /\s\*+\w/.test(text)) return true
  return DECLARATION.test(text) || (isLoose && STATEMENT.test(text))
}

const DECLARATION = /^(?:const|func|hi!?|struct|syn|syntax|typedef|unsigned) \S/
/** Their first words begin names of columns too: "import date". */
const STATEMENT = /^(?:def|fn|for|import|let|return|var|yield|from \S+ import) \S/
const COMMENT = /\/\*|\*\//

/** What stands beside a name in code and is no value of it: a comment, an argument with its own name. */
export function isBesideCode(text: string, { isLoose }: Parting): boolean {
  return /(?:^|\s|\\t)\/\*/.test(text) || (isLoose && /^[A-Za-z_]+=/.test(text))
}

/** Letters and signs of names: a word, or what code calls something. */
const WORDS = /^[\p{L}\p{M}\p{Zs}_.'"()*&-]*$/u

/** A sentence over two lines, or names that code lists over some: words only, with a comma and a blank between them. */
export function isListOfWords(look: Look, header: Row, row: Row, isLast: boolean): boolean {
  const isOpenList = [header, row].every(({ cells }) => isEmpty(cells.at(-1)))
  return (isOpenList || isLast) && row.cells.every((cell) => WORDS.test(textOf(look, cell)))
}

function isEmpty(cell: Span | undefined): boolean {
  return cell === undefined || cell.end <= cell.start
}
