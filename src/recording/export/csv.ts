import type { RecordedRecord } from '../read.ts'
import { COLUMNS } from './columns.ts'

/** The names of the columns (RFC 4180). */
export function csvHead(): string {
  return COLUMNS.map(({ name }) => name).join(',')
}

/** One record as a row of CSV, in the order of the columns. */
export function csvRow(record: RecordedRecord): string {
  return COLUMNS.map(({ of }) => cell(of(record))).join(',')
}

/**
 * A spreadsheet runs a text that begins like a formula, and what a client calls itself is a client's own words: such a text
 * begins with an apostrophe. Line ends and quotes are in quotes; NUL and other controls that readers choke on are escapes.
 */
function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  const shown = safe.replaceAll(CONTROLS, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return /[",\n\r']/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
}

// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
