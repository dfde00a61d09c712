/** What a connection says of masking, checked. */
export interface ConnectionMasking {
  /** `default`: the shipped profile, on which policy builds. `off`: only what policy names, and credentials. */
  readonly profile: 'default' | 'off'
  /** What becomes of content that no text can be read from: pictures, archives, office files. */
  readonly binary: 'pass' | 'drop' | 'block'
  /** Connections of one group share surrogates; by itself a connection is a group of its own. */
  readonly group: string
  /** Undefined where no surrogate is ever turned back. */
  readonly restore: RestoreTerms | undefined
  /** Undefined where no outside detector is asked. */
  readonly analyzer: AnalyzerTerms | undefined
}

/** Where surrogates turn back into values. */
export interface RestoreTerms {
  /** Why, in a sentence, for whoever audits it. */
  readonly why: string
  readonly sinks: readonly Sink[]
}

/** An argument, or a field of a form, that may hold a surrogate which the server then gets as the value. */
export interface Sink {
  /** A name or glob of tools. */
  readonly tool: string
  /** Where in the arguments: `email`, `filter.email`, `ids[*]`. */
  readonly argument?: string | undefined
  /** Instead: where in what is filled into forms that the server asks for in a call of the tool. */
  readonly field?: string | undefined
  /** Undefined: only as the whole text. Else also inside a text, for values of these characters alone. */
  readonly within: string | undefined
}

/** A detector of names and addresses in prose that speaks Presidio's HTTP interface. */
export interface AnalyzerTerms {
  readonly url: string
  readonly timeoutMs: number
  readonly language: string
  /** Findings below this count for nothing, 0 to 1. */
  readonly score: number
  /** Presidio's names of what is asked for. */
  readonly entities: readonly string[]
  /** Names or globs of tools whose results are sent there. */
  readonly tools: readonly string[]
  readonly concurrent: number
}

/** Lifetime and number of surrogates, gateway-wide. */
export interface SurrogateTerms {
  readonly epochMs: number
  readonly perScope: number
  /** Different values that may turn back for one person, client and connection within a minute. */
  readonly restoresPerMinute: number
}
