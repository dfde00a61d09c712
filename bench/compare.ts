// Interleaved rounds: A B C, A B C, ... Whatever disturbs the machine disturbs all of them; medians and ratios remain.
import { startProgram } from '../test/support/process.ts'
import { measureDisk } from './disk.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import { median } from './statistics.ts'
import { startTargets, type Target, type TargetName } from './targets.ts'

export interface Plan {
  readonly rounds: number
  readonly seconds: number
}

/** Medians over the rounds. */
export interface Measured {
  /** Closed loop, 64 concurrent. */
  readonly busy: Readonly<Record<TargetName, LoadResult>>
  /** Open loop, 10 concurrent, at a rate that none of them notices. */
  readonly calm: Readonly<Record<TargetName, LoadResult>>
  readonly calmPerS: number
  /**
   * Open loop, 64 concurrent, the same rate for both. A process that is busier pays less for each call, since it serves
   * more of them per wake-up, so costs are compared at equal load.
   */
  readonly even: Readonly<Record<EvenName, LoadResult>>
  readonly evenPerS: number
  readonly disk: { readonly p50Ms: number; readonly p99Ms: number }
  readonly rounds: number
}

const BUSY_CONCURRENT = 64
const CALM_CONCURRENT = 10
/** Share of Sallyport's own throughput: at more, its queue is measured instead of its work. */
const CALM_SHARE = 0.3
/** High enough to be at work, low enough for Sallyport to keep up. */
const EVEN_SHARE = 0.6
const EVEN_NAMES = ['pass-through', 'sallyport'] as const
type EvenName = (typeof EVEN_NAMES)[number]

/** Before the first round every process compiles its hot paths; that belongs to the start, not to a call. */
const COLD_S = 8

/** Runs the plan and ends everything it started. `tell` gets a line of progress at a time. */
export async function compare({ rounds, seconds }: Plan, tell: (line: string) => void): Promise<Measured> {
  await using targets = await startTargets()
  const busy: Record<TargetName, LoadResult[]> = { direct: [], 'pass-through': [], sallyport: [] }
  const calm: Record<TargetName, LoadResult[]> = { direct: [], 'pass-through': [], sallyport: [] }
  const disk: { p50Ms: number; p99Ms: number }[] = []
  const even: Record<EvenName, LoadResult[]> = { 'pass-through': [], sallyport: [] }
  let perSecond = Number.NaN
  let evenPerS = Number.NaN

  tell('warming up …')
  for (const target of targets.all) await load(target, { concurrent: BUSY_CONCURRENT, seconds: COLD_S })
  for (let round = 1; round <= rounds; round++) {
    disk.push(measureDisk(targets.dataFolder))
    for (const target of targets.all) {
      const result = await load(target, { concurrent: BUSY_CONCURRENT, seconds })
      busy[target.name].push(result)
      tell(
        `round ${round}/${rounds}  busy  ${target.name.padEnd(12)} ${result.callsPerS.toFixed(0).padStart(6)} calls/s`,
      )
    }
    if (round === 1) {
      const capacity = busy.sallyport[0]?.callsPerS ?? 0
      perSecond = Math.max(1, Math.round(capacity * CALM_SHARE))
      evenPerS = Math.max(1, Math.round(capacity * EVEN_SHARE))
    }
    for (const target of targets.all) {
      if (!isEven(target.name)) continue
      const result = await load(target, { concurrent: BUSY_CONCURRENT, seconds, perSecond: evenPerS })
      even[target.name].push(result)
      tell(
        `round ${round}/${rounds}  even  ${target.name.padEnd(12)} ${result.cpuMsPerCall.toFixed(3)} CPU-ms per call`,
      )
    }
    for (const target of targets.all) {
      const result = await load(target, { concurrent: CALM_CONCURRENT, seconds, perSecond })
      calm[target.name].push(result)
      tell(`round ${round}/${rounds}  calm  ${target.name.padEnd(12)} p50 ${result.p50Ms.toFixed(2).padStart(6)} ms`)
    }
  }
  return {
    busy: mapValues(busy, mediansOf),
    calm: mapValues(calm, mediansOf),
    calmPerS: perSecond,
    even: mapValues(even, mediansOf),
    evenPerS,
    disk: { p50Ms: median(disk.map(({ p50Ms }) => p50Ms)), p99Ms: median(disk.map(({ p99Ms }) => p99Ms)) },
    rounds,
  }
}

function isEven(name: TargetName): name is EvenName {
  return name !== 'direct'
}

async function load(
  { url, token, pid }: Target,
  how: Pick<LoadOrder, 'concurrent' | 'seconds' | 'perSecond'>,
): Promise<LoadResult> {
  const order: LoadOrder = { url, token, pid, ...how }
  const program = await startProgram({
    args: ['bench/load.ts', JSON.stringify(order)],
    isReady: ({ event }) => event === 'ready',
  })
  await program.stop()
  return program.ready as unknown as LoadResult
}

function mediansOf(results: readonly LoadResult[]): LoadResult {
  const of = (key: keyof LoadResult) => median(results.map((result) => result[key]))
  return {
    calls: of('calls'),
    callsPerS: of('callsPerS'),
    cpuMsPerCall: of('cpuMsPerCall'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
  }
}

function mapValues<K extends string, A, B>(record: Readonly<Record<K, A>>, map: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, map(value)])) as Record<K, B>
}
