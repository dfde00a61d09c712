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
const BYTES = 256 * KIB
const TARGET_MS_PER_KIB = 1
/** Of twice the size. */
const TARGET_RATIO = 2.2
/** The best of so many: what disturbs a measurement makes it longer. */
const ROUNDS = 4
/** Each measurement takes so long at least. */
const BATCH_MS = 160

export interface HostileCost {
  readonly name: string
  readonly outcome: string
  readonly msPerKib: number
  /** Time of twice as much, as a multiple. */
  readonly ratio: number
}

export function measureHostile(tell: (line: string) => void): HostileCost[] {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
  const scanner = new Scanners([]).for(rules)
  const asked: Asked = { scanner, rules, book: REDACTING, restored: [], schema: undefined, binary: 'pass' }
  const mask = (message: Uint8Array) => () => maskMessage(message, asked)
  return HOSTILE.map(({ name, make }) => {
    tell(name)
    const [one, two] = [encodeUtf8(make(BYTES)), encodeUtf8(make(2 * BYTES))]
    const times = { one: Infinity, two: Infinity }
    const sizes = { one: batchSize(mask(one), BATCH_MS), two: batchSize(mask(two), BATCH_MS) }
    for (let round = 0; round < ROUNDS; round += 1) {
      times.one = Math.min(times.one, cpuMs(mask(one), sizes.one) / one.length)
      times.two = Math.min(times.two, cpuMs(mask(two), sizes.two) / two.length)
    }
    const result = maskMessage(one, asked)
    const outcome = result.kind === 'refused' ? result.why : result.kind
    return { name, outcome, msPerKib: times.one * KIB, ratio: (2 * times.two) / times.one }
  })
}

export function printedHostile(costs: readonly HostileCost[]): string {
  const slow = costs.filter(({ msPerKib }) => msPerKib > TARGET_MS_PER_KIB)
  const steep = costs.filter(({ ratio }) => ratio > TARGET_RATIO)
  return [
    `Messages of ${BYTES / KIB} KiB of one thing, masked with the default profile.`,
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
