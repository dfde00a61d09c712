/** What is searched: what comes back, or what goes to a server. */
export type Way = 'results' | 'arguments'

/** A kind of value that somebody described in the configuration. */
export interface DetectorSpec {
  /** How policy and records name the kind: lower-case letters, digits and underscores. */
  readonly name: string
  /** Connections that it is looked for on, globs; all where nothing is said. */
  readonly connections?: readonly string[] | undefined
  /** Tools that it is looked for in, globs; all where nothing is said. */
  readonly tools?: readonly string[] | undefined
  /** These words and phrases themselves, in whatever case. */
  readonly words?: readonly string[] | undefined
  /** Names of keys and columns whose whole value it is. */
  readonly keys?: readonly string[] | undefined
  /** A regular expression of a linear-time engine: no look-around, no back-references, every repeat bounded. */
  readonly pattern?: string | undefined
  /** Words that raise the score of a match when they stand near it. */
  readonly near?: readonly string[] | undefined
  /** Values and words that are no finding, in whatever case. */
  readonly allow?: readonly string[] | undefined
  /** What a match is worth by itself, 0 to 1. */
  readonly score?: number | undefined
  readonly with: string
  /** Where it is hidden; in what comes back where nothing is said, and what blocks then blocks both ways. */
  readonly in?: readonly Way[] | undefined
  /** Texts that must be found, and texts that must not. Tried when the configuration is read. */
  readonly examples: { readonly matches: readonly string[]; readonly leaves_alone: readonly string[] }
}
