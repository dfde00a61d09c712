// `npm run bench -- masking-hostile`: what it costs to mask messages that are made to be slow, and whether twice as much of
// one costs twice as much.
import { encodeUtf8 } from '../src/base/bytes.ts'
import { type Asked, maskMessage } from '../src/masking/engine.ts'
import { makeRuleSet } from '../src/masking/rule-set.ts'
import { Scanners } from '../src/masking/scanners.ts'
import { REDACTING } from '../src/masking/surrogates/book.ts'
import { HOSTILE } from '../test/support/masking/hostile.ts'
import { batchSize, cpuMs } from './cpu-time.ts'

const KIB = 1_024
/** The first look reads 64 KiB at once, and what goes on from one part to the next is read in another way: all are longer. */
const SIZES = [256, 512, 1_024].map((kib) => kib * KIB)
const TARGET_MS_PER_KIB = 1
/** Of twice the size. */
const TARGET_RATIO = 2.2
/** The best of so many: what disturbs a measurement makes it longer. */
const ROUNDS = 3
/** What seems steep is measured so many times before it is called so. */
const ROUNDS_MAX = 15
/** Each measurement takes so long at least. */
const BATCH_MS = 40
/** All of one family warm up together. */
const WARM_MS = 200

export interface HostileCost {
  readonly name: string
  readonly outcome: string
  readonly msPerKib: number
  /** Time of twice as much, as a multiple: what all sizes say together, or the last two if that is less. */
  readonly ratio: number
}

export function measureHostile(tell: (line: string) => void): HostileCost[] {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
  const scanner = new Scanners([]).for(rules)
  const asked: Asked = { scanner, rules, book: REDACTING, restored: [], schema: undefined, binary: 'pass' }
  const mask = (message: Uint8Array) => () => maskMessage(message, asked)
  return HOSTILE.map(({ name, make }) => {
    tell(name)
    const messages = SIZES.map((size) => encodeUtf8(make(size)))
    const runs = messages.map(mask)
    const batches = runs.map((run) => batchSize(run, BATCH_MS, WARM_MS))
    const best = messages.map(() => Infinity)
    for (let round = 0; round < ROUNDS || (round < ROUNDS_MAX && growth(messages, best) > TARGET_RATIO); round += 1)
      for (const [i, run] of runs.entries()) best[i] = Math.min(best[i] ?? Infinity, cpuMs(run, batches[i] ?? 1))
    const result = maskMessage(messages[0] ?? new Uint8Array(0), asked)
    const outcome = result.kind === 'refused' ? result.why : result.kind
    const msPerKib = Math.max(...messages.map(({ length }, i) => ((best[i] ?? 0) / length) * KIB))
    return { name, outcome, msPerKib, ratio: growth(messages, best) }
  })
}

/**
 * Twice the size takes so many times as long. What grows faster than its size does so between all sizes; a step between the
 * first two is none, nor is a single measurement that was disturbed.
 */
function growth(messages: readonly Uint8Array[], ms: readonly number[]): number {
  return Math.min(slope(messages, ms), slope(messages.slice(-2), ms.slice(-2)))
}

/** Two to the slope of the line through the sizes and their times, both as logarithms. */
function slope(messages: readonly Uint8Array[], ms: readonly number[]): number {
  const points = messages.map(({ length }, i) => ({ x: Math.log2(length), y: Math.log2(ms[i] ?? 0) }))
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  return 2 ** (mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2))
}

export function printedHostile(costs: readonly HostileCost[]): string {
  const slow = costs.filter(({ msPerKib }) => msPerKib > TARGET_MS_PER_KIB)
  const steep = costs.filter(({ ratio }) => ratio > TARGET_RATIO)
  return [
    `Messages of ${SIZES.map((size) => size / KIB).join(', ')} KiB of one thing, masked with the default profile.`,
    row('', 'becomes', 'ms per KiB', 'twice the size'),
    ...costs.map(({ name, outcome, msPerKib, ratio }) => row(name, outcome, msPerKib.toFixed(3), ratio.toFixed(2))),
    verdict(`at most ${TARGET_MS_PER_KIB} ms per KiB`, slow),
    verdict(`twice the size costs at most ${TARGET_RATIO} times as much`, steep),
  ].join('\n')
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(18)).join('')
}

function verdict(what: string, missed: readonly HostileCost[]): string {
  return missed.length === 0 ? `met     ${what}` : `MISSED  ${what}: ${missed.map(({ name }) => name).join(', ')}`
}
