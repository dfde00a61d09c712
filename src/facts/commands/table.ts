import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { options, scan, type OptionTable, type Scanned } from './options.ts'

/** What something adds to a reading. */
export interface Effect {
  readonly verbs?: readonly ShellVerb[]
  readonly flags?: readonly string[]
}

export interface Entry extends Effect {
  readonly verbs: readonly ShellVerb[]
  /** The options that leave the verbs as they are. */
  readonly options: OptionTable
  /** Options that add something; each is in `options` too, for its kind. */
  readonly more: ReadonlyMap<string, Effect>
}

/** Paths of sub-commands, such as `rollout status`. A map: `constructor` and its kin are no sub-commands. */
export interface CommandTable {
  readonly entries: ReadonlyMap<string, Entry>
  /** Beginnings of paths. */
  readonly groups: ReadonlySet<string>
}

/** A read with these options (notation of `options`). */
export function reads(...specs: readonly string[]): Entry {
  return { verbs: ['read'], options: options(...specs), more: new Map() }
}

/** Verbs, as words, and the options that leave them so. */
export function does(verbs: string, ...specs: readonly string[]): Entry {
  return { verbs: verbs.split(' ').filter(isVerb), options: options(...specs), more: new Map() }
}

export function withFlags(entry: Entry, ...flags: readonly string[]): Entry {
  return { ...entry, flags: [...(entry.flags ?? []), ...flags] }
}

/** `more` names options (several with `|`, in the notation of `options`) and what each adds. */
export function withMore(entry: Entry, more: Readonly<Record<string, Effect>>): Entry {
  const tables: OptionTable[] = [entry.options]
  const effects = new Map(entry.more)
  for (const [names, effect] of Object.entries(more)) {
    const table = options(names.replaceAll('|', ' '))
    tables.push(table)
    for (const name of table.keys()) effects.set(name, effect)
  }
  return { ...entry, options: new Map(tables.flatMap((table) => [...table])), more: effects }
}

/** Keys are paths, several with `|`. A key in a later table wins. */
export function commandTable(...tables: readonly Readonly<Record<string, Entry>>[]): CommandTable {
  const entries = new Map<string, Entry>()
  const groups = new Set<string>()
  for (const table of tables) {
    for (const [paths, entry] of Object.entries(table)) {
      for (const path of paths.split('|').map((text) => text.trim())) {
        entries.set(path, entry)
        const parts = path.split(' ')
        for (let i = 1; i < parts.length; i += 1) groups.add(parts.slice(0, i).join(' '))
      }
    }
  }
  return { entries, groups }
}

export interface Place {
  /** Empty where the first word is no sub-command of the table. */
  readonly path: string
  readonly entry: Entry | undefined
  /** Of the first word after the path. */
  readonly at: number
  /** Options before the last word of the path. */
  readonly before: Scanned
}

export interface DescendHow {
  readonly from?: number
  readonly globals: OptionTable
  /** Global options stand between sub-commands too. */
  readonly globalsAnywhere?: boolean
  readonly singleDash?: boolean
}

/** Goes down the longest path of sub-commands that the words name. */
export function descend(words: readonly Word[], table: CommandTable, how: DescendHow): Place {
  const singleDash = how.singleDash === true
  const first = scan(words, [how.globals], { from: how.from ?? 0, stopAtWord: true, singleDash })
  let step = first
  let before = first
  let path = ''
  let at = first.end
  for (;;) {
    const word = step.strange.length === 0 ? words[step.end] : undefined
    const longer = path === '' ? (word ?? '') : `${path} ${word ?? ''}`
    if (word === undefined || (!table.entries.has(longer) && !table.groups.has(longer))) break
    path = longer
    at = step.end + 1
    if (step !== first) before = both(before, step)
    step = scan(words, how.globalsAnywhere === true ? [how.globals] : [], { from: at, stopAtWord: true, singleDash })
  }
  return { path, entry: table.entries.get(path), at, before }
}

/** The path, or the word that is no sub-command of the table. */
export function pathOf(place: Place, words: readonly Word[]): string {
  return place.path === '' ? (words[place.at] ?? '') : place.path
}

/** `tool --version` and `tool --help`, with nothing else. */
export function isQuestion(place: Place, words: readonly Word[]): boolean {
  const { found, strange, dynamic } = place.before
  const asks = found.some(({ name }) => ['--version', '-version', '-v', '--help', '-help', '-h'].includes(name))
  return asks && place.path === '' && place.at >= words.length && strange.length === 0 && !dynamic
}

/** Two stretches of the words of one command. */
export function both(a: Scanned, b: Scanned): Scanned {
  return {
    words: [...a.words, ...b.words],
    found: [...a.found, ...b.found],
    rest: b.rest,
    strange: [...a.strange, ...b.strange],
    dynamic: a.dynamic || b.dynamic,
    end: b.end,
  }
}

/**
 * What an entry and its options do. Options on no list, and words known at run time only, add `unknown`. So does `--`,
 * behind which nothing was looked at, except where only paths can follow it.
 */
export function effectOf(entry: Entry | undefined, scanned: Scanned, pathsFollow = false): Required<Effect> {
  const base = entry ?? UNKNOWN_ENTRY
  const more = scanned.found.flatMap(({ name }) => base.more.get(name) ?? [])
  const verbs = [...base.verbs, ...more.flatMap((effect) => effect.verbs ?? [])]
  const flags = [...(base.flags ?? []), ...more.flatMap((effect) => effect.flags ?? [])]
  if (scanned.dynamic) flags.push('dynamic_args')
  // What is stopped by every rule for reads needs no list of options.
  const isUnclear = scanned.strange.length > 0 || scanned.dynamic || (scanned.rest !== undefined && !pathsFollow)
  if (isUnclear && verbs.every(isMild)) verbs.push('unknown')
  return { verbs, flags }
}

/** What stands for a sub-command that is in no table. */
const UNKNOWN_ENTRY: Entry = { verbs: ['unknown'], options: new Map(), more: new Map() }

/** A rule for reads may let these pass together with `read`. */
export function isMild(verb: ShellVerb): boolean {
  return verb === 'read' || verb === 'network' || verb === 'vcs_write'
}

const VERBS: ReadonlySet<string> = new Set<ShellVerb>([
  'read',
  'write',
  'delete',
  'network',
  'code',
  'admin',
  'container',
  'vcs_write',
  'sql_unknown',
  'unknown',
])

export function isVerb(text: string): text is ShellVerb {
  return VERBS.has(text)
}

/** Sorted, each once; `read` stands only where nothing else does. */
export function sorted<T extends string>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].toSorted()
}

/** `git:stash.list`; nothing for a word that is no plain name. */
export function nameFlag(program: string, path: string): readonly string[] {
  return /^[a-z][\w .-]{0,80}$/i.test(path) ? [`${program}:${path.replaceAll(' ', '.')}`] : []
}
