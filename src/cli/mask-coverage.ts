import type { Coverage, CoveredEntity, CoveredField } from '../masking/coverage.ts'
import type { Method } from '../masking/coverage-methods.ts'
import type { Action } from '../masking/replace/actions.ts'
import { beside } from './wrap.ts'

/** The coverage statement for people, 80 characters wide. */
export function coverageLines({ rules, fields, covered, notLookedFor, inspected, notInspected }: Coverage): string[] {
  return [
    ...beside(
      '',
      `What is looked for, and what becomes of it in results, in arguments, and in the record of a request (rules ${rules}). Credentials that are configured for a connection are hidden besides.`,
    ),
    '',
    ...table(covered),
    '',
    ...beside('', LEGEND),
    ...section('Check digits', checks(covered)),
    ...section('Found with less, since a rule names it', leastOf(covered)),
    ...section('Fields that rules name, in JSON', fields.map(fieldLine)),
    ...section('Not looked for', notLookedFor.length === 0 ? [] : [notLookedFor.join(', ')]),
    ...section('Inspected', inspected),
    ...section('Not inspected', notInspected),
  ]
}

const LEGEND =
  'shape: how it is written, for secrets a documented prefix or the grammar around it; check: check digits; key: the name of its key, column or field, in arguments where a rule names the kind; word: a word near it. pass: it is not looked for there, or it is allowed.'

const HEAD: readonly string[] = ['kind', 'results', 'arguments', 'record', 'shape', 'check', 'key', 'word']
const COLUMNS: readonly (readonly Method[])[] = [['shape', 'form', 'own'], ['checksum'], ['key'], ['context']]

function table(covered: readonly CoveredEntity[]): string[] {
  const rows = covered.map(({ entity, action, arguments: sent, record, found }) => [
    entity,
    ...[action, sent, record].map(shown),
    ...COLUMNS.map((methods) => (methods.some((method) => found.includes(method)) ? 'x' : '')),
  ])
  const all = [HEAD, ...rows]
  const widths = HEAD.map((_, i) => Math.max(...all.map((cells) => cells[i]?.length ?? 0)))
  return all.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** One line for each way to check. */
function checks(covered: readonly CoveredEntity[]): string[] {
  const kinds = new Map<string, string[]>()
  for (const { entity, check } of covered)
    if (check !== undefined)
      kinds.set(check.by, [...(kinds.get(check.by) ?? []), check.wrong === 'changes nothing' ? `${entity}*` : entity])
  const lines = [...kinds].map(([by, entities]) => `${by}: ${entities.join(', ')}`)
  if (lines.length === 0) return []
  return [
    ...lines,
    'where they are wrong, a word near the value or its key must say what it is; *: they only raise the score',
  ]
}

function fieldLine({ path, action, arguments: sent }: CoveredField): string {
  return `${path}: results ${shown(action)}, arguments ${shown(sent)}, record pass`
}

function shown(action: Action): string {
  return action === 'allow' ? 'pass' : action
}

/** What most kinds need to count. */
const SCORE_OF_PROFILE = 0.6

function leastOf(covered: readonly CoveredEntity[]): string[] {
  const some = covered.filter(({ threshold }) => threshold < SCORE_OF_PROFILE)
  return some.length === 0 ? [] : [some.map(({ entity, threshold }) => `${entity} (${threshold})`).join(', ')]
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, ...items.flatMap((item) => beside('  - ', item))]
}
