// Growth around a dangerous text, up to the limits and beyond: it may become unreadable, and never harmless.
import type { JsonObject } from '../../src/base/json.ts'
import type { Facts } from '../../src/facts/facts.ts'

export interface Padding {
  readonly name: string
  readonly pad: (text: string, count: number) => JsonObject
}

/** On both sides of every limit: of depth (40, 64), of texts (200), of members (1000), of commands (2000) and of bytes. */
export const COUNTS = [0, 1, 39, 41, 63, 65, 199, 201, 999, 1001, 1999, 2001, 5000, 16_300, 16_400, 65_500, 65_600]
/** Beyond all limits; a longer text is refused for its length alone. */
export const PADDED_CHARS_MAX = 200_000

export const SQL_PADDINGS: readonly Padding[] = [
  text('a comment at its end', (sql, n) => `${sql}\n-- ${'x'.repeat(n)}`),
  text('a comment before it', (sql, n) => `/* ${'x'.repeat(n)} */ ${sql}`),
  text('many comments', (sql, n) => `${'/**/ '.repeat(n)}${sql}`),
  text('nested comments', (sql, n) => `${'/* '.repeat(n)}${'*/ '.repeat(n)}${sql}`),
  text('spaces', (sql, n) => `${' '.repeat(n)}${sql}${' '.repeat(n)}`),
  text('new lines', (sql, n) => `${'\n'.repeat(n)}${sql}`),
  text('statements before it', (sql, n) => `${'SELECT 1;'.repeat(n)}${sql}`),
  text('statements after it', (sql, n) => `${sql};${'SELECT 1;'.repeat(n)}`),
  text('semicolons', (sql, n) => `${sql}${';'.repeat(n)}`),
  text('brackets before it', (sql, n) => `SELECT ${'('.repeat(n)}1${')'.repeat(n)}; ${sql}`),
  text('a long list before it', (sql, n) => `SELECT 1 WHERE 1 IN (1${',1'.repeat(n)}); ${sql}`),
  text('a long list after it', (sql, n) => `${sql}; SELECT 1 WHERE 1 IN (1${',1'.repeat(n)})`),
  text('a sum before it', (sql, n) => `SELECT 1${'+1'.repeat(n)}; ${sql}`),
  text('a long string before it', (sql, n) => `SELECT '${'x'.repeat(n)}'; ${sql}`),
]

export const SHELL_PADDINGS: readonly Padding[] = [
  text('a comment at its end', (command, n) => `${command}\n# ${'x'.repeat(n)}`),
  text('a comment before it', (command, n) => `# ${'x'.repeat(n)}\n${command}`),
  text('spaces', (command, n) => `${' '.repeat(n)}${command}`),
  text('new lines', (command, n) => `${'\n'.repeat(n)}${command}`),
  text('commands before it', (command, n) => `${'true; '.repeat(n)}${command}`),
  text('commands after it', (command, n) => `${command}\n${'true; '.repeat(n)}`),
  text('commands joined before it', (command, n) => `${'true && '.repeat(n)}${command}`),
  text('a pipe before it', (command, n) => `${'cat | '.repeat(n)}cat; ${command}`),
  text('words before it', (command, n) => `echo ${'x '.repeat(n)}; ${command}`),
  text('a long word before it', (command, n) => `echo ${'x'.repeat(n)}; ${command}`),
  text('subshells around it', (command, n) => `${'( '.repeat(n)}${command}\n${') '.repeat(n)}`),
  text('groups around it', (command, n) => `${'{ '.repeat(n)}${command}\n${'} '.repeat(n)}`),
  text('conditions around it', (command, n) => `${'if true; then '.repeat(n)}${command}\n${'fi; '.repeat(n)}`),
  text('loops around it', (command, n) => `${'while true; do '.repeat(n)}${command}\n${'done; '.repeat(n)}`),
  text('substitutions before it', (command, n) => `echo ${'$(echo '.repeat(n)}x${')'.repeat(n)}; ${command}`),
  text('a here-document before it', (command, n) => `cat <<'X'\n${'x\n'.repeat(n)}X\n${command}`),
  text('assignments before it', (command, n) => `${'a=b; '.repeat(n)}${command}`),
]

/** Of any language: not in the text, but in the arguments that it comes in. */
export function argumentPaddings(harmless: string): Padding[] {
  const many = (count: number): string[] => Array.from({ length: count }, () => harmless)
  const others = (count: number) => Object.fromEntries(many(count).map((value, i) => [`k${i}`, value]))
  return [
    { name: 'texts before it', pad: (harm, n) => ({ texts: [...many(n), harm] }) },
    { name: 'texts after it', pad: (harm, n) => ({ texts: [harm, ...many(n)] }) },
    { name: 'a text beside it', pad: (harm, n) => ({ text: `${harmless}${' '.repeat(n)}`, texts: [harm] }) },
    { name: 'other arguments', pad: (harm, n) => ({ text: harm, ...others(n) }) },
    { name: 'things that are no text', pad: (harm, n) => ({ texts: [...many(n).map(() => 1), harm] }) },
  ]
}

export type IsStopped = (facts: Facts) => boolean

function text(name: string, grown: (given: string, count: number) => string): Padding {
  return { name, pad: (given, count) => ({ text: grown(given, count) }) }
}
