// Shell text as facts: which programs it would run, with which words, what they read and write. Nothing is run and
// nothing is looked up; the text is bash, and where a plain POSIX shell or zsh would read it differently, that is
// `unknown`. A program is a read only by an option allow list; what nobody knows is `unknown`, and what cannot be
// read whole is `parsed: false` (guardrails.md, 4).
import type { ShellFacts } from '../facts.ts'
import { SHELL_BYTES_MAX } from '../facts.ts'
import { badCharacters, overLimit } from '../text.ts'
import { Findings } from './findings.ts'
import { OverLimit, Walker, type ReadSql } from './walk.ts'

/** Each substitution is read again for each level around it; no command that a person writes has as many. */
const OPENINGS_MAX = 256

/**
 * Reads a shell text; never throws, and takes time that is bounded by the limits of `facts.ts`. `sql` reads the SQL that
 * the text gives to clients such as psql, and is told their dialect; without it such SQL is `sql_unknown`.
 */
export function readShell(text: string, sql?: ReadSql): ShellFacts {
  const found = new Findings()
  const bad = badCharacters(text)
  const tooLong = overLimit(text, SHELL_BYTES_MAX)
  if (bad !== undefined) found.fail(bad, 'suspicious_chars')
  else if (tooLong !== undefined) found.fail(tooLong, 'unparsable')
  else if (openings(text) > OPENINGS_MAX) found.fail(`the text has more than ${OPENINGS_MAX} substitutions`, 'too_deep')
  else readInto(found, text, sql)
  return found.toFacts()
}

function openings(text: string): number {
  return text.match(/\$\(|`|[<>]\(/g)?.length ?? 0
}

function readInto(found: Findings, text: string, sql: ReadSql | undefined): void {
  if (text.trim() === '') return found.fail('there is no command', 'unparsable')
  const shebang = /^#!.*/.exec(text)?.[0]
  if (shebang !== undefined && !/^#! ?\/(?:usr\/)?bin\/(?:env )?(?:ba|da|a)?sh(?: -[eux]+)?$/.test(shebang))
    found.unknown('dynamic_code')
  try {
    new Walker(found, sql).script(text, { via: '' })
    if (found.isEmpty) judgeEmpty(found, text)
  } catch (error) {
    // The parser and this reader are bounded in depth; should the stack end first, nothing here may be relied on.
    if (!(error instanceof OverLimit)) found.fail('the command cannot be read', 'unparsable')
  }
}

/** No command at all: a comment, or something that a parser does not see and a shell perhaps does. */
function judgeEmpty(found: Findings, text: string): void {
  const isComment = text.split('\n').every((line) => /^[ \t]*(?:#(?!!)|$)/.test(line))
  if (isComment) found.verb('read')
  else found.fail('there is no command', 'unparsable')
}
