import type { Coverage, CoveredEntity } from '../masking/coverage.ts'
import { beside } from './wrap.ts'

/** The coverage statement for people, 80 characters wide. */
export function coverageLines({ rules, covered, notLookedFor, inspected, notInspected }: Coverage): string[] {
  return [
    ...beside(
      '',
      `What is looked for in results (rules ${rules}). A policy's rules and a connection's credentials come on top.`,
    ),
    '',
    ...table(covered),
    '',
    ...beside(
      '',
      'shape: how it is written; form: documented prefix or the grammar around it; checksum: checked where it has one; key: name of a key, column or field; context: word near it; own: detector of the configuration.',
    ),
    ...section('Not looked for', notLookedFor.length === 0 ? [] : [notLookedFor.join(', ')]),
    ...section('Inspected', inspected),
    ...section('Not inspected', notInspected),
  ]
}

function table(covered: readonly CoveredEntity[]): string[] {
  const rows = covered.map(({ entity, action, threshold, found }) => [entity, action, `${threshold}`, found.join(', ')])
  const all = [HEAD, ...rows]
  const widths = HEAD.map((_, i) => Math.max(...all.map((cells) => cells[i]?.length ?? 0)))
  return all.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const HEAD: readonly string[] = ['entity', 'action', 'from', 'found by']

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, ...items.flatMap((item) => beside('  - ', item))]
}
