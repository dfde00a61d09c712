import type { Document } from '../document.ts'
import { entityId } from '../entities.ts'
import type { RuleSet } from '../rule-set.ts'
import { leavesOf } from '../structure/leaves.ts'
import { matchesPath } from '../structure/paths.ts'
import type { Structure } from '../structure/structure.ts'
import type { Finding } from './finding.ts'

const FIELD = entityId('field')

/** Values of the fields that a rule names, with everything below them. */
export function findFields({ structure }: Document, { paths }: RuleSet): Finding[] {
  if (structure === undefined) return []
  const findings: Finding[] = []
  const queue: Structure[] = [structure]
  for (const one of queue) {
    for (let token = 0; token < one.length; token++) {
      if (one.kind(token) === 'key') continue
      const inner = one.inner(token)
      if (inner !== undefined) queue.push(inner)
      for (const { pattern, text } of paths)
        if (matchesPath(pattern, one, token)) findings.push(...findingsBelow(one, token, text))
    }
  }
  return findings
}

function findingsBelow(structure: Structure, token: number, text: string): Finding[] {
  return leavesOf(structure, token).map((leaf) => ({
    entity: FIELD,
    start: structure.innerStart(leaf),
    end: structure.innerEnd(leaf),
    score: 1,
    by: 'path',
    rule: `field.${text}`,
    word: text,
  }))
}
