import type { Loss } from './losses.ts'
import {
  type EntityScore,
  meanRecall,
  precisionOf,
  recallOf,
  type SecretScore,
  summed,
  type ValidatorScore,
} from './score.ts'

/** One line for each kind, and one for all. `wrong`: the places of what went wrong in the list of vectors. */
export function entityTable(scores: readonly EntityScore[], { wrong }: { wrong: boolean }): string {
  const head = [
    'entity',
    'spans',
    'found',
    'recall',
    'negatives',
    'hit',
    'precision',
    'weak',
    ...(wrong ? ['wrong'] : []),
  ]
  const line = (name: string, score: Omit<EntityScore, 'entity' | 'wrong'>, places: readonly number[]): string[] => [
    name,
    String(score.spans),
    String(score.found),
    score.spans === 0 ? '-' : recallOf(score).toFixed(3),
    String(score.negatives),
    String(score.hit),
    precisionOf(score).toFixed(3),
    score.weak === 0 ? '-' : `${score.weakFound}/${score.weak}`,
    ...(wrong ? [places.join(' ')] : []),
  ]
  return table([
    head,
    ...scores.map((score) => line(score.entity, score, score.wrong)),
    line('all', summed(scores), []),
  ])
}

/** One line for each kind that has a check. */
export function validatorTable(scores: readonly ValidatorScore[], { wrong }: { wrong: boolean }): string {
  const rows = scores.map((score) => [
    score.entity,
    String(score.judged),
    String(score.right),
    ...(wrong ? [score.wrong.join(' ')] : []),
  ])
  return table([['entity', 'judged', 'right', ...(wrong ? ['wrong'] : [])], ...rows])
}

/** One line for each family, and one for all; then each rule that went wrong anywhere. */
export function secretTable(scores: readonly SecretScore[], { wrong }: { wrong: boolean }): string {
  const families = [...new Set(scores.map(({ family }) => family))].toSorted()
  const rows =
    families.length > 1
      ? families.map((family) =>
          secretLine(
            family,
            scores.filter((score) => score.family === family),
          ),
        )
      : []
  const text = table([['rules', 'count', 'mean recall', 'negatives', 'hit'], ...rows, secretLine('', scores)])
  const off = wrong ? scores.filter((score) => score.wrong.length > 0) : []
  return [
    text,
    ...off.map(
      (score) => `  ${score.rule}: ${score.found}/${score.positives} found, ${score.hit} hit: ${score.wrong.join(' ')}`,
    ),
  ].join('\n')
}

function secretLine(name: string, some: readonly SecretScore[]): string[] {
  return [
    name === '' ? 'all rules' : name,
    String(some.length),
    meanRecall(some).toFixed(3),
    String(some.reduce((total, { negatives }) => total + negatives, 0)),
    String(some.reduce((total, { hit }) => total + hit, 0)),
  ]
}

/** One line for each form. */
export function lossTable(losses: readonly Loss[], { wrong }: { wrong: boolean }): string {
  const rows = losses.map(({ form, tried, lost, which }) => [
    form,
    String(tried),
    String(lost),
    ...(wrong ? [which.join(', ')] : []),
  ])
  return table([['form', 'tried', 'lost', ...(wrong ? ['which'] : [])], ...rows])
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(i < 8 ? (widths[i] ?? 0) : 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
