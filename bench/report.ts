// The table that people read, and what was asked beside what was measured.
import type { Measured } from './compare.ts'
import { NAMES } from './targets.ts'

export interface Verdict {
  readonly what: string
  readonly measured: number
  readonly asked: string
  readonly met: boolean
}

const CALLS_PER_S_MIN = 2500
const CPU_MS_MAX = 0.3
const TIMES_PASS_THROUGH_MAX = 3
/** Added latency allowed over two durable records. */
const ADDED_MS_MAX = 2
const RECORDS_PER_CALL = 2

/** Each number that was asked for. A figure that could not be measured is not met. */
export function verdicts({ busy, calm, even, disk }: Measured): Verdict[] {
  const addedMax = ADDED_MS_MAX + RECORDS_PER_CALL * disk.p50Ms
  const rows: readonly [what: string, measured: number, isMet: (value: number) => boolean, asked: string][] = [
    ['calls/s at 64 concurrent', busy.sallyport.callsPerS, (v) => v >= CALLS_PER_S_MIN, `>= ${CALLS_PER_S_MIN}`],
    ['CPU-ms per call', busy.sallyport.cpuMsPerCall, (v) => v <= CPU_MS_MAX, `<= ${CPU_MS_MAX}`],
    [
      'CPU, times the pass-through at equal load',
      even.sallyport.cpuMsPerCall / even['pass-through'].cpuMsPerCall,
      (v) => v <= TIMES_PASS_THROUGH_MAX,
      `<= ${TIMES_PASS_THROUGH_MAX}`,
    ],
    [
      'added p50 at 10 concurrent, ms',
      calm.sallyport.p50Ms - calm.direct.p50Ms,
      (v) => v <= addedMax,
      `<= ${addedMax.toFixed(2)} (${ADDED_MS_MAX} + ${RECORDS_PER_CALL} x fdatasync)`,
    ],
  ]
  return rows.map(([what, measured, isMet, asked]) => ({ what, measured, asked, met: isMet(measured) }))
}

/** The whole report as text. */
export function printed(measured: Measured): string {
  const { busy, calm, even, disk, rounds, calmPerS, evenPerS } = measured
  const head = ['', 'calls/s', 'CPU-ms/call', 'x pass-thr.', 'p50 ms', 'p99 ms', 'added p50', 'added p99']
  const rows = NAMES.map((name) => [
    name,
    busy[name].callsPerS.toFixed(0),
    number(busy[name].cpuMsPerCall, 3),
    number(busy[name].cpuMsPerCall / busy['pass-through'].cpuMsPerCall, 2),
    number(calm[name].p50Ms, 2),
    number(calm[name].p99Ms, 2),
    number(calm[name].p50Ms - calm.direct.p50Ms, 2),
    number(calm[name].p99Ms - calm.direct.p99Ms, 2),
  ])
  return [
    `Medians of ${rounds} interleaved rounds. Throughput and CPU: 64 concurrent, closed loop.`,
    `Latency: 10 concurrent, open loop, ${calmPerS} calls/s. CPU of "direct" is the MCP server's own.`,
    '',
    table([head, ...rows]),
    '',
    `At equal load, 64 concurrent, ${evenPerS} calls/s: pass-through ${number(even['pass-through'].cpuMsPerCall, 3)} CPU-ms per call, sallyport ${number(even.sallyport.cpuMsPerCall, 3)}.`,
    `fdatasync of 1.5 KiB on the disk of the data folder: p50 ${disk.p50Ms.toFixed(2)} ms, p99 ${disk.p99Ms.toFixed(2)} ms`,
    '',
    table([
      ['asked of Sallyport', 'measured', 'asked', 'met'],
      ...verdicts(measured).map(({ what, measured: value, asked, met }) => [
        what,
        number(value, 2),
        asked,
        met ? 'yes' : 'NO',
      ]),
    ]),
  ].join('\n')
}

/** Columns under each other; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n')
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'unknown'
}
