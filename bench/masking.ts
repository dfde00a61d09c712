// `npm run bench -- masking`: what it costs to look through a message and to hide what it holds, as multiples of what
// JSON.parse and JSON.stringify of the same message cost in the same run.
import { type Asked, maskMessage } from '../src/masking/engine.ts'
import { makeRuleSet } from '../src/masking/rule-set.ts'
import { Scanners } from '../src/masking/scanners.ts'
import { MessageBook } from '../src/masking/surrogates/message-book.ts'
import { scopeBook } from '../test/support/masking/scope-book.ts'
import { batchSize, cpuMs } from './cpu-time.ts'
import { type Density, readAndWrite, toolResult } from './masking-messages.ts'
import { measurePasses, type PassCost } from './masking-passes.ts'
import { median } from './statistics.ts'

const SIZES = [4 * 1024, 64 * 1024, 1024 * 1024]
const DENSITIES: readonly Density[] = ['clean', 'one', 'sparse', 'dense']
/** Of JSON.parse and JSON.stringify, with the search of what leaves. */
const TARGETS: Partial<Record<Density, number>> = { clean: 0.7, dense: 2 }
const ROUNDS = 15
/** Each round measures so long at least. */
const BATCH_MS = 40
/** There is more code than is compiled in a second where other things run too. A gateway has masked for longer than that. */
const WARM_MS = 5_000

export interface MaskingCost {
  readonly density: Density
  readonly bytes: number
  /** Milliseconds. */
  readonly floor: number
  /** Multiples of the floor: the median over rounds of the ratio in one round. */
  readonly ratio: number
  /** Values hidden. */
  readonly hidden: number
  /** What each pass over a dense message costs alone, before any value is judged. */
  readonly passes: readonly PassCost[]
}

export function measureMasking(tell: (line: string) => void): MaskingCost[] {
  return SIZES.flatMap((size) =>
    DENSITIES.map((density) => {
      tell(`${density}, ${size / 1024} KiB`)
      return measure(toolResult(size, density), density)
    }),
  )
}

export function printedMasking(costs: readonly MaskingCost[]): string {
  return [
    'One message looked through, masked and searched again; 1 is JSON.parse and JSON.stringify of the same message.',
    row(['bytes', 'values', 'floor, ms', 'hidden', 'multiple', 'asked']),
    ...costs.map(({ bytes, density, floor, hidden, ratio }) =>
      row([bytes, density, floor.toFixed(3), hidden, ratio.toFixed(2), TARGETS[density] ?? '-'].map(String)),
    ),
    ...costs.flatMap(({ density, bytes, ratio }) => verdict(density, bytes, ratio)),
    ...costs.filter(({ passes }) => passes.length > 0).map(passesLine),
  ].join('\n')
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(10)).join('')
}

function verdict(density: Density, bytes: number, ratio: number): string[] {
  const target = TARGETS[density]
  return target === undefined
    ? []
    : [`${ratio <= target ? 'met   ' : 'MISSED'}  ${density}, ${bytes} bytes: ${ratio.toFixed(2)} of ${target}`]
}

function passesLine({ bytes, density, passes }: MaskingCost): string {
  const each = passes.map(({ pass, ratio }) => `${pass} ${ratio.toFixed(2)}`).join(', ')
  const all = passes.reduce((sum, { ratio }) => sum + ratio, 0)
  return `of ${density}, ${bytes} bytes, without judging any value: ${all.toFixed(2)} (${each})`
}

function measure(message: Uint8Array, density: Density): MaskingCost {
  const masked = masking(message)
  const floor = (): unknown => readAndWrite(message)
  const sizes = { floor: batchSize(floor, BATCH_MS), masked: batchSize(masked, BATCH_MS, WARM_MS) }
  const rounds = Array.from({ length: ROUNDS }, () => ({
    floor: cpuMs(floor, sizes.floor),
    masked: cpuMs(masked, sizes.masked),
  }))
  return {
    density,
    bytes: message.length,
    floor: median(rounds.map((round) => round.floor)),
    ratio: median(rounds.map((round) => round.masked / round.floor)),
    hidden: masked(),
    passes: density === 'dense' ? measurePasses(message, asker()()) : [],
  }
}

/** Masks the message as the gateway masks a reply. Gives how many values it hid. */
function masking(message: Uint8Array): () => number {
  const asking = asker()
  return () => {
    const result = maskMessage(message, asking())
    if (result.kind === 'refused') throw new Error(`refused: ${result.why}`)
    return Object.values(result.evidence.counts).reduce(
      (sum, actions) => sum + Object.values(actions).reduce((all, one) => all + one, 0),
      0,
    )
  }
}

/** What each message is masked by: the default profile, and values that are already known to the scope. */
function asker(): () => Asked {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
  const scanner = new Scanners([]).for(rules)
  const scope = scopeBook()
  const origin = { upstream: 'db', tool: 'find', path: '', atMs: 0 }
  const shared = { scanner, rules, restored: [], schema: undefined, binary: 'pass' } as const
  return () => ({ ...shared, book: new MessageBook(scope, origin) })
}
