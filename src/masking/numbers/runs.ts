import type { EntityName } from '../entities.ts'
import type { RunDetector } from '../find/finding.ts'
import { CodeSearch } from './code-search.ts'
import { GluedWords } from './edges.ts'
import { NumberSearch } from './number-search.ts'
import type { CodeRule, NumberRule } from './rule.ts'

/**
 * Tries numbers and codes on every run. `context` has the words that a value may be glued to, as in `ssn078051123`. The
 * detector keeps scratch space of its own, so it is for one caller at a time.
 */
export function numberDetector(
  rules: readonly NumberRule[],
  codes: readonly CodeRule[],
  context: Readonly<Partial<Record<EntityName, readonly string[]>>> = {},
): RunDetector {
  const glued = new GluedWords(context)
  const numbers = new NumberSearch(rules, glued)
  const words = new CodeSearch(codes, glued)
  return (run, sink) => {
    numbers.search(run, sink)
    words.search(run, sink)
  }
}
