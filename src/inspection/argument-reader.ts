import type { JsonObject } from '../base/json.ts'
import { NO_FACTS, type Dialect, type FactKind, type Facts } from '../facts/facts.ts'
import { findTexts, type FoundText } from '../facts/find-texts.ts'
import type { Inspection } from '../facts/inspection.ts'
import { readTexts, type SqlReaders } from '../facts/read-facts.ts'
import { unreadFacts } from '../facts/unread.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import { ReadThread } from './read-thread.ts'

/** Texts of one call up to here are read at once: some 10 ms at worst for those of PostgreSQL and the shell. */
const HERE_CHARS_MAX = 4 * 1024
/** The parser of the other dialects is slower, and slowest in a process that has just begun. */
const HERE_CHARS_MAX_OTHERS = 2 * 1024
/**
 * A text at the limits takes some 100 ms, on a busy machine several times that. Only the thread waits: what is too long costs
 * its own call, and other long texts a second.
 */
const DEADLINE_MS = 1_000

/** Reads the arguments of calls, short ones here and long ones in a thread. */
export class ArgumentReader {
  readonly #readers: SqlReaders
  readonly #thread: ReadThread

  constructor(readers: SqlReaders, deadlineMs = DEADLINE_MS) {
    this.#readers = readers
    const dialects = [...readers.keys()]
    this.#thread = new ReadThread({ dialects, deadlineMs })
  }

  /** Facts at once, or a promise of them that never rejects. What cannot be read in time is there and unparsed. */
  read({ inspection }: ConnectionFacts, tool: string, args: JsonObject): Facts | Promise<Facts> {
    if (inspection === undefined || inspection.inspectors.length === 0) return NO_FACTS
    const found = findTexts(inspection, args)
    if (found.length === 0) return NO_FACTS
    if (charsOf(found) <= hereMax(inspection)) return readTexts(found, { inspection, tool }, this.#readers)
    return this.#readApart(found, { inspection, tool, args })
  }

  async #readApart(found: readonly FoundText[], toRead: Parameters<ReadThread['read']>[0]): Promise<Facts> {
    const facts = await this.#thread.read(toRead)
    if (facts !== 'unread') return facts
    return unreadFacts(new Set(found.map(({ kind }): FactKind => kind)), 'it took too long to read')
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

function charsOf(found: readonly FoundText[]): number {
  return found.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)
}

function hereMax({ dialect }: Inspection): number {
  const native: readonly (Dialect | undefined)[] = [undefined, 'postgresql']
  return native.includes(dialect) ? HERE_CHARS_MAX : HERE_CHARS_MAX_OTHERS
}
