import type { BusinessScore, FalseMask } from './business-measure.ts'

/** Kinds whose values pass checks of cards by chance, told apart: nothing but a name beside them could tell them from cards. */
const LONG_IDS = ['decimal_15', 'decimal_16', 'decimal_17', 'decimal_u64', 'snowflake_instagram'] as const

export function masksIn({ masks }: BusinessScore, kind: string): readonly FalseMask[] {
  return masks.filter((mask) => mask.kind === kind)
}

/** One line for each kind of value and each rule that hid some of it; values themselves hang on the seed. */
export function linesOf({ masks, leaves }: BusinessScore): string[] {
  const groups = Map.groupBy(masks, ({ kind, rules }) => `${kind}: ${rules.join(', ')}`)
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([name, of]) => {
      const keys = [...new Set(of.map(({ key }) => key))].slice(0, 3).join(', ')
      return `${of.length} of ${leaves.get(of[0]?.kind ?? '') ?? 0} ${name} (${keys})`
    })
}

/** How much of a corpus was hidden, the long ids alone, and what else. */
export function businessText(score: BusinessScore): string {
  const total = [...score.leaves.values()].reduce((sum, count) => sum + count, 0)
  const per = (count: number): string => ((count / total) * 100_000).toFixed(1)
  const ids = LONG_IDS.map((kind) => `  ${kind}: ${masksIn(score, kind).length} of ${score.leaves.get(kind) ?? 0}`)
  return [
    `${score.masks.length} of ${total} values hidden, ${per(score.masks.length)} in 100,000; ${score.leaves.size} kinds`,
    `without ids of sixteen digits: ${per(score.masks.length - masksIn(score, 'decimal_16').length)} in 100,000`,
    'long ids alone:',
    ...ids,
    'by kind and rule:',
    ...linesOf(score).map((line) => `  ${line}`),
  ].join('\n')
}
