// What the log costs by itself: group commit with commitments, tree, tiles and heads on, and a restart of a large one.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { EPOCH } from '../test/failures/audit-support.ts'
import { Unmasked, mask, maskText } from '../src/masking/masked.ts'
import type { Entry } from '../src/audit/log.ts'
import { clock } from '../src/base/clock.ts'
import { BatchWriter } from '../src/store/segments/batch.ts'
import { diskIo, UNFINISHED } from '../src/store/segments/io.ts'
import { LIMITS, SEGMENT_BYTES } from '../src/store/segments/options.ts'
import { openSegmentLog, type SegmentLog } from '../src/store/segments/segment-log.ts'
import { nameStream, openStream } from '../src/store/segments/stream.ts'
import { Writer } from '../src/store/segments/writer.ts'
import { measureDisk, measureNewFile, setApart } from './disk.ts'
import { table } from './report.ts'
import { percentile } from './statistics.ts'

export interface LogMeasured {
  readonly disk: { readonly p50Ms: number; readonly p99Ms: number }
  /** CPU to make a file; the log makes two for 256 records. */
  readonly newFileMicros: number
  readonly busy: readonly Busy[]
  readonly restart: { readonly records: number; readonly builtSeconds: number; readonly readySeconds: number }
}

interface Busy {
  readonly writers: number
  readonly recordsPerS: number
  /** For each record, in all threads: of ours, and of the system, which writes, syncs, makes zeros and the files of tiles. */
  readonly userMicros: number
  readonly systemMicros: number
  /** How much of the time the main thread works, which encodes and waits. */
  readonly mainBusy: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly recordsPerCommit: number
  /** Mean of a sync while it was under load. */
  readonly syncMs: number
}

const RECORD_BYTES = 1536
const ENVELOPE_BYTES = 420
const WARM_UP_S = 2
const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }

export async function measureLog(tell: (line: string) => void, quick: boolean): Promise<LogMeasured> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-log-'))
  try {
    setApart(folder)
    const disk = measureDisk(folder)
    const newFileMicros = await measureNewFile(folder, tell)
    const busy: Busy[] = []
    for (const writers of [64, 1000]) {
      tell(`${writers} writers …`)
      busy.push(await load(join(folder, String(writers)), writers, quick ? 3 : 10))
    }
    return {
      disk,
      newFileMicros,
      busy,
      restart: await restart(join(folder, 'large'), quick ? 1_000_000 : 10_000_000, tell),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each writer makes calls: it waits for the intent to be durable, then for the outcome, and begins anew. */
async function load(folder: string, writers: number, seconds: number): Promise<Busy> {
  const log = await openSegmentLog({ folder, policyEpoch: EPOCH, onFatal: fail })
  const waited: number[] = []
  let until = performance.now() + WARM_UP_S * 1000
  const write = async (call: Call, times: number[] | undefined): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now()
      const { index } = await log.append(call.intent())
      const between = performance.now()
      await log.append(call.outcome(index))
      times?.push(between - began, performance.now() - between)
    }
  }
  const all = (times: number[] | undefined) =>
    Promise.all(Array.from({ length: writers }, (_, writer) => write(callsOf(writer), times)))
  await all(undefined)
  until = performance.now() + seconds * 1000
  const before = {
    at: performance.now(),
    cpu: process.cpuUsage(),
    main: performance.eventLoopUtilization(),
    ...log.stats,
  }
  await all(waited)
  const took = (performance.now() - before.at) / 1000
  const { system, user } = process.cpuUsage(before.cpu)
  const after: SegmentLog['stats'] = log.stats
  const mainBusy = performance.eventLoopUtilization(before.main).utilization
  await log.close()
  rmSync(folder, { recursive: true })
  const records = after.records - before.records
  const commits = after.commits - before.commits
  return {
    writers,
    recordsPerS: records / took,
    userMicros: user / records,
    systemMicros: system / records,
    mainBusy,
    p50Ms: percentile(waited, 50),
    p99Ms: percentile(waited, 99),
    recordsPerCommit: records / commits,
    syncMs: (after.syncMicros - before.syncMicros) / commits / 1000,
  }
}

interface Call {
  intent(): Entry<'intent'>
  outcome(of: number): Entry<'outcome'>
}

/** Records of a session of its own, with an intent and an outcome of the same size. */
function callsOf(writer: number): Call {
  const body = mask(new Unmasked(new Uint8Array(RECORD_BYTES - ENVELOPE_BYTES).fill(0x61)), NOTHING_HIDDEN)
  const text = 'x'.repeat(ENVELOPE_BYTES - 48)
  const session = `ses_${(writer + 1).toString(16).padStart(32, '0')}` as const
  const intent = maskText(new Unmasked(`{"kind":"intent","text":"${text}","v":1}`), NOTHING_HIDDEN)
  return {
    intent: () => ({ kind: 'intent', time: clock.nowMicros(), session, envelope: intent, request: body }),
    outcome(of) {
      const envelope = maskText(new Unmasked(`{"kind":"outcome","of":${of},"text":"${text}","v":1}`), NOTHING_HIDDEN)
      return { kind: 'outcome', time: clock.nowMicros(), session, envelope, response: body }
    },
  }
}

/** A log of many small records, written without a sync, closed, and opened again. */
async function restart(folder: string, records: number, tell: (line: string) => void) {
  const began = performance.now()
  const stream = openStream(folder)
  const options = {
    ...stream,
    segmentBytes: SEGMENT_BYTES,
    policyEpoch: EPOCH,
    spareRetryMs: LIMITS.retryMs,
    heartbeatMs: LIMITS.heartbeatMs,
    sealAfterMs: LIMITS.sealAfterMs,
    keys: { write: undefined, read: [] },
  }
  const quiet = { onDurable: () => undefined, onRoom: () => undefined, onHeads: () => undefined }
  const writer = await Writer.open({ ...diskIo, fdatasync: () => undefined }, options, quiet)
  for (let at = 0; at < records; at += BATCH) {
    const batch = new BatchWriter(BATCH * 200)
    for (let i = 0; i < BATCH; i++) batch.add(small())
    await writer.append(batch.take())
    // Spares and tiles are made between the commits.
    await new Promise((resolve) => setImmediate(resolve))
    if ((at / BATCH) % 100 === 0) {
      await writer.publish()
      tell(`${at} records written …`)
    }
  }
  await writer.close()
  await finished(stream.folder)
  nameStream(folder, stream.origin)
  const builtSeconds = (performance.now() - began) / 1000
  const since = performance.now()
  const log = await openSegmentLog({ folder, policyEpoch: EPOCH, onFatal: fail })
  const readySeconds = (performance.now() - since) / 1000
  await log.close()
  return { records, builtSeconds, readySeconds }
}

/** A spare that is being made is no part of a restart. */
async function finished(folder: string): Promise<void> {
  while (readdirSync(folder).some((name) => name.endsWith(UNFINISHED)))
    await new Promise((resolve) => setTimeout(resolve, 50))
}

const BATCH = 10_000

function small() {
  const envelope = '{"kind":"notification","v":1}'
  return { kind: 'notification' as const, time: clock.nowMicros(), session: undefined, policyEpoch: EPOCH, envelope }
}

function fail(failure: Error): void {
  throw failure
}

/** What is asked at 64 writers (audit.md, 20.4), and of a start. */
const RECORDS_PER_S_MIN = 40_000
const CPU_MICROS_MAX = 16
const P99_MS = 5
const READY_S_MAX = 3

function cpu(one: Busy | undefined): number {
  return one === undefined ? NaN : one.userMicros + one.systemMicros
}

/** Each number beside the one that is asked for, and how many times that it is. */
export function printedLog({ busy, disk, newFileMicros, restart: large }: LogMeasured): string {
  const p99Max = P99_MS + 2 * disk.p99Ms
  const [first] = busy
  const asked = [
    ['records/s at 64 writers', first?.recordsPerS ?? NaN, RECORDS_PER_S_MIN, 'at least'],
    ['CPU of a record, µs', cpu(first), CPU_MICROS_MAX, 'at most'],
    ['p99, ms (5 and two syncs)', first?.p99Ms ?? NaN, p99Max, 'at most'],
    [`ready with ${large.records} records, s`, large.readySeconds, READY_S_MAX, 'at most'],
  ] as const
  return [
    `fdatasync of this disk: p50 ${disk.p50Ms.toFixed(2)} ms, p99 ${disk.p99Ms.toFixed(2)} ms; to make a file: ${newFileMicros.toFixed(0)} µs CPU`,
    `records of ${RECORD_BYTES} bytes; commitments, tree, tiles and heads on`,
    '',
    table([
      ['writers', 'records/s', 'µs CPU', 'of it system', 'p50 ms', 'p99 ms', 'main busy', 'a commit', 'sync ms'],
      ...busy.map((one) => [
        String(one.writers),
        one.recordsPerS.toFixed(0),
        cpu(one).toFixed(1),
        one.systemMicros.toFixed(1),
        one.p50Ms.toFixed(1),
        one.p99Ms.toFixed(1),
        `${(100 * one.mainBusy).toFixed(0)} %`,
        one.recordsPerCommit.toFixed(0),
        one.syncMs.toFixed(2),
      ]),
    ]),
    '',
    table([
      ['', 'measured', 'asked', 'times'],
      ...asked.map(([what, measured, limit, how]) => [
        what,
        measured.toFixed(1),
        `${how} ${limit.toFixed(1)}`,
        (measured / limit).toFixed(2),
      ]),
    ]),
    '',
    `${large.records} small records were made in ${large.builtSeconds.toFixed(0)} s, without syncs. Each 256 records make two files; where one takes`,
    'hundreds of microseconds, many were removed nearby lately, on ext4 without a journal: see decisions/069.',
  ].join('\n')
}
