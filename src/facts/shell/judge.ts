import type { ParsedScript } from 'unbash'
import type { Dialect } from '../facts.ts'
import type { Findings } from './findings.ts'
import type { Scope, Value } from './scope.ts'

/** What a command reads when it reads its standard input. */
export interface Input {
  /** Something other than the terminal is connected. */
  readonly isPiped: boolean
  /** Its text with marks, where it stands in the script: a here-document, `echo … |`. */
  readonly text?: string | undefined
  /** The file that is redirected in. */
  readonly file?: string | undefined
  /** The words of the command on the left of the pipe. */
  readonly producer?: readonly string[] | undefined
}

export const NO_INPUT: Input = { isPiped: false }

/** One command to judge: words with marks (`marks.ts`). */
export interface Call {
  /** Base name. */
  readonly program: string
  /** Words after the name. */
  readonly words: readonly string[]
  readonly input: Input
  readonly via: string
}

/** What the judge of one program may ask of the reader of the whole text. */
export interface Judge {
  readonly found: Findings
  readonly scope: Scope
  /** Judges words that are run as a command; `via` says by what. */
  run(words: readonly string[], how: { readonly via: string; readonly input?: Input | undefined }): void
  /** Reads a text that a shell runs. `isSameShell`: in this very shell, so that its variables live on. */
  script(text: string, how: { readonly via: string; readonly isSameShell?: boolean }): void
  /** Reads SQL given to a client; undefined where none is to be seen. */
  sql(text: string | undefined, dialect: Dialect): void
  /** A variable is set by a builtin: `read`, `printf -v`. */
  assign(name: string, value: Value, how: { readonly isExported: boolean }): void
  /** Gives up: the text is `parsed: false`. Does not return. */
  overLimit(error: string): never
  /** Whether a function of this name was defined for certain before this command. */
  isFunction(name: string): boolean
}

export type Handler = (call: Call, judge: Judge) => void

/** What the parts of the walk over the syntax tree ask of each other. */
export interface Walk extends Judge {
  /** Judges the commands of a substitution; undefined where the parser has none. */
  substitution(script: ParsedScript | undefined, via: string): void
  /** A variable that by its name holds a secret is expanded. */
  secretUsed(name: string): void
}
