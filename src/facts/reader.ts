import type { Dialect, SqlFacts } from './facts.ts'

/** Reads SQL of one dialect. Never throws: what cannot be read is `parsed: false` with a reason. Synchronous. */
export interface SqlReader {
  readonly dialect: Dialect
  /** `libpg-query@18.1.5`; a back-test compares it. */
  readonly parser: string
  read(text: string): SqlFacts
}

/** A word of a command; undefined where it is only known at run time. */
export type Word = string | undefined
