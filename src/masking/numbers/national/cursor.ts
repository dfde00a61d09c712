import { capital, isCapital, isDigit } from './letters.ts'

const SPACE = 32
const DASH = 45

/** How many ASCII digits stand from `at` on, at most `max`. */
export function digitsAt(bytes: Uint8Array, at: number, max: number): number {
  let found = 0
  while (found < max && isDigit(bytes[at + found] ?? 0)) found++
  return found
}

/** How many capitals stand from `at` on, at most `max`. */
export function capitalsAt(bytes: Uint8Array, at: number, max: number): number {
  let found = 0
  while (found < max && isCapital(bytes[at + found] ?? 0)) found++
  return found
}

/** How many ASCII letters of either case stand from `at` on, at most `max`. */
export function lettersAt(bytes: Uint8Array, at: number, max: number): number {
  let found = 0
  while (found < max && isCapital(capital(bytes[at + found] ?? 0))) found++
  return found
}

/** One space or dash, or none: how many bytes that is. */
export function gapAt(bytes: Uint8Array, at: number): number {
  return bytes[at] === SPACE || bytes[at] === DASH ? 1 : 0
}

/** Whether letters of either case from `at` on are all in a table of capitals. */
export function areIn(bytes: Uint8Array, at: number, tables: readonly Uint8Array[]): boolean {
  for (let i = 0; i < tables.length; i++) if (tables[i]?.[capital(bytes[at + i] ?? 0)] !== 1) return false
  return true
}
