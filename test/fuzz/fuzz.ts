import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { DIALECTS } from '../../src/facts/facts.ts'
import type { SqlReaders } from '../../src/facts/read-facts.ts'
import { isStoppedSql } from '../vectors/stopped.ts'
import { isStoppedShell } from '../vectors/stopped-shell.ts'
import { languages, readerOf, sqlVectors, vectors, type Language, type Vector } from './languages.ts'
import { mutant } from './mutate.ts'
import {
  argumentPaddings,
  COUNTS,
  PADDED_CHARS_MAX,
  SHELL_PADDINGS,
  SQL_PADDINGS,
  type IsStopped,
  type Padding,
} from './padding.ts'
import { Random } from './random.ts'

/** For one text of at most 4 KiB, in time of the processor: that something else runs, too, is nobody's fault. */
const TIME_MAX_MS = 100
/** The first time code may still be compiled: the best of so many counts. */
const TRIES = 3
/** A parser that broke is replaced by then. */
const RECOVERY_MS = 250

export interface Found {
  readonly what: string
  readonly language: string
  readonly text: string
}

export interface FuzzOptions {
  readonly seed: number
  readonly seconds: number
  readonly readers: SqlReaders
}

export interface FuzzResult {
  /** How many texts were read, by language. */
  readonly counts: ReadonlyMap<string, number>
  /** The longest time that a text took, by language, in milliseconds. */
  readonly slowest: ReadonlyMap<string, number>
  /** Everything that is wrong; empty where nothing is. */
  readonly found: readonly Found[]
}

/** Reads random texts until the time is up, or something is wrong; now and then a dangerous one that grows. */
export async function fuzz({ seed, seconds, readers }: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed)
  const grown = growths(readers)
  const counts = new Map<string, number>()
  const slowest = new Map<string, number>()
  const found: Found[] = []
  const until = performance.now() + seconds * 1000
  const all = languages(readers)
  for (let round = 0; performance.now() < until && found.length === 0; round += 1) {
    for (const language of all) {
      const text = mutant(random, language.corpus, language.words)
      const { wrong, ms } = await tried(language, text)
      count(counts, language.name)
      slowest.set(language.name, Math.max(slowest.get(language.name) ?? 0, ms))
      if (wrong !== undefined) found.push({ what: wrong, language: language.name, text })
    }
    const growth = grown[round % grown.length]
    if (growth === undefined) continue
    const weak = grow(random, growth)
    count(counts, `${growth.name}, grown`)
    if (weak !== undefined) found.push({ ...weak, language: growth.name })
  }
  return { counts, slowest, found }
}

/** What is wrong with how a text is read: it throws, takes long, or is read otherwise the next time. */
async function tried(language: Language, text: string): Promise<{ wrong?: string; ms: number }> {
  const first = timed(language, text)
  if ('thrown' in first) return { wrong: `throws ${first.thrown}`, ms: first.ms }
  const times = [first.ms]
  let again = timed(language, text)
  // A text that broke a parser finds the next one not ready; that passes.
  if (again.read !== first.read) {
    await pause(RECOVERY_MS)
    again = timed(language, text)
  }
  if (again.read !== first.read) return { wrong: `is read as ${first.read}, and then as ${again.read}`, ms: first.ms }
  const most = TIME_MAX_MS * (language.times ?? 1)
  while (Math.min(...times) > most && times.length < 1 + TRIES) {
    await pause(RECOVERY_MS)
    times.push(timed(language, text).ms)
  }
  const ms = Math.min(...times)
  return ms > most ? { wrong: `takes ${ms.toFixed(0)} ms`, ms } : { ms }
}

function timed({ read }: Language, text: string): { ms: number; read?: string; thrown?: string } {
  const began = process.threadCpuUsage()
  const result = outcome(read, text)
  const { user, system } = process.threadCpuUsage(began)
  return { ms: (user + system) / 1000, ...result }
}

function outcome(read: Language['read'], text: string): { read: string } | { thrown: string } {
  try {
    return { read: JSON.stringify(read(text)) ?? 'nothing' }
  } catch (error) {
    return { thrown: error instanceof Error ? String(error.stack) : String(error) }
  }
}

interface Growth {
  readonly name: string
  readonly harm: readonly Vector[]
  readonly paddings: readonly Padding[]
  readonly read: ReturnType<typeof readerOf>
  readonly isStopped: IsStopped
}

/** Only what is stopped by itself: that it is not is the affair of other tests. */
function growths(readers: SqlReaders): Growth[] {
  const sql = DIALECTS.filter((dialect) => readers.has(dialect)).map((dialect) => ({
    name: dialect,
    harm: sqlVectors(dialect).filter(({ isDangerous }) => isDangerous),
    paddings: [...SQL_PADDINGS, ...argumentPaddings('SELECT 1')],
    read: readerOf('sql', readers, dialect),
    isStopped: (facts: Parameters<IsStopped>[0]) => isStoppedSql(facts.sql),
  }))
  const shell: Growth = {
    name: 'shell',
    harm: vectors('shell').filter(({ isDangerous }) => isDangerous),
    paddings: [...SHELL_PADDINGS, ...argumentPaddings('true')],
    read: readerOf('shell', readers),
    isStopped: (facts) => isStoppedShell(facts.shell),
  }
  return [...sql, shell]
    .map((growth) => ({ ...growth, harm: growth.harm.filter(({ text }) => growth.isStopped(growth.read({ text }))) }))
    .filter(({ harm }) => harm.length > 0)
}

function grow(random: Random, { harm, paddings, read, isStopped }: Growth): Omit<Found, 'language'> | undefined {
  const { text } = random.pick(harm)
  const padding = random.pick(paddings)
  const size = random.pick(COUNTS)
  const args = padding.pad(text, size)
  if (JSON.stringify(args).length > PADDED_CHARS_MAX) return undefined
  try {
    return isStopped(read(args)) ? undefined : { what: `passes with ${padding.name} (${size})`, text }
  } catch (error) {
    return { what: `throws with ${padding.name} (${size}): ${String(error)}`, text }
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
