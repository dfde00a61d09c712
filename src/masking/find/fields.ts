import type { Document } from '../document.ts'
import { entityId } from '../entities.ts'
import type { RuleSet } from '../rule-set.ts'
import { leafTokens } from '../structure/leaves.ts'
import type { Located } from '../structure/locate.ts'
import { findPaths } from '../structure/paths.ts'
import type { Finding } from './finding.ts'

const FIELD = entityId('field')

/** Values of the fields that a rule names, with everything below them. */
export function findFields({ structure }: Document, { paths }: RuleSet): Finding[] {
  if (structure === undefined) return []
  const findings: Finding[] = []
  const patterns = paths.map(({ pattern }) => pattern)
  findPaths(patterns, structure, (value, i) => findings.push(...findingsBelow(value, paths[i]?.text ?? '')))
  return findings
}

function findingsBelow({ structure, token }: Located, text: string): Finding[] {
  return leafTokens(structure, token).map((leaf) => ({
    entity: FIELD,
    start: structure.innerStart(leaf),
    end: structure.innerEnd(leaf),
    score: 1,
    by: 'path',
    rule: `field.${text}`,
    word: text,
  }))
}
