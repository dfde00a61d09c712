import type { Mistake } from '../policy/mistake.ts'

/** A longer line is shown around its mistake only. */
const LINE_SHOWN_CHARS = 160

/** For a terminal: place, what is wrong, the line with a caret under it, and what to do. */
export function printMistakes(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
  return [...mistakes.map(printMistake), `${count}; nothing was changed.`].join('\n\n')
}

/** One of them, without a sum. */
export function printMistake({ file, line, column, message, hint, lineText }: Mistake): string {
  const rows = [`${file}:${line}:${column}: ${message}`]
  if (lineText !== undefined && lineText.trim() !== '') rows.push(...pointAt(lineText, line, column))
  if (hint !== undefined) rows.push(`  ${hint}`)
  return rows.map(harmless).join('\n')
}

function pointAt(text: string, line: number, column: number): string[] {
  const margin = `${line} | `
  const from = Math.max(0, column - LINE_SHOWN_CHARS / 2)
  const shown = text.slice(from, from + LINE_SHOWN_CHARS).replaceAll('\t', ' ')
  return [`  ${margin}${shown}`, `  ${' '.repeat(margin.length + column - 1 - from)}^`]
}

/** A file must not be able to drive the terminal that its mistakes are printed on. */
function harmless(row: string): string {
  return row.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
}
