import type { ShellVerb } from '../../facts.ts'
import { optionTable, type OptionTable } from '../options.ts'

/**
 * What operands are: `text`: no paths; `names`: paths of which only names, dates and sizes are shown; `files`: paths
 * whose content is shown; `pattern`: a text first, then files.
 */
export type Takes = 'text' | 'names' | 'files' | 'pattern'

/** A program that only reads, as long as it is given no other options than these. */
export interface Program {
  readonly takes: Takes
  readonly options: OptionTable
  /** No option and no operand of this program, on its list or not, writes, runs or sends anything. */
  readonly isHarmless: boolean
  /** `-name` is one option. */
  readonly isSingle: boolean
  /** Looks into folders without being asked. */
  readonly isTree: boolean
  readonly operandsMax: number
  /** What each operand must look like. */
  readonly operand: RegExp
  /** At least one of these options must stand there: without one, the program does something else. */
  readonly requires: readonly string[]
  readonly verbs: readonly ShellVerb[]
}

export interface More {
  readonly requires?: readonly string[]
  readonly isHarmless?: boolean
  readonly isSingle?: boolean
  readonly isTree?: boolean
  readonly operandsMax?: number
  readonly operand?: RegExp
  readonly verbs?: readonly ShellVerb[]
}

/** A program of an allow list; the notation of options is that of `optionTable`. */
export function program(takes: Takes, options: string, more: More = {}): Program {
  return {
    takes,
    options: optionTable(options, more.isSingle),
    isHarmless: more.isHarmless ?? false,
    isSingle: more.isSingle ?? false,
    isTree: more.isTree ?? false,
    operandsMax: more.operandsMax ?? Number.POSITIVE_INFINITY,
    operand: more.operand ?? /^/,
    requires: more.requires ?? [],
    verbs: more.verbs ?? ['read'],
  }
}

/** No option or operand of it can do harm, only the choice of files counts. */
export const HARMLESS: More = { isHarmless: true }
export const NO_OPERANDS: More = { operandsMax: 0 }
export const NETWORK: More = { verbs: ['network', 'read'] }

/** A program with sub-commands, of which only these read. */
export interface Tool {
  /** Before the sub-command. */
  readonly options: OptionTable
  readonly isSingle: boolean
  readonly actions: ReadonlyMap<string, Program>
}

/** `actions`: sub-commands, of one or two words, several with `|`, and what they take. */
export function tool(options: string, actions: Readonly<Record<string, Program>>, isSingle = false): Tool {
  return { options: optionTable(options, isSingle), isSingle, actions: spread(actions) }
}

/** One entry per name; the keys of `table` are names with spaces or `|` between. */
export function spread<T>(table: Readonly<Record<string, T>>, between: string | RegExp = '|'): ReadonlyMap<string, T> {
  const entries = new Map<string, T>()
  for (const [names, value] of Object.entries(table)) for (const name of names.split(between)) entries.set(name, value)
  return entries
}
