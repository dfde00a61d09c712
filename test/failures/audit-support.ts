import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntryKind } from '../../src/audit/entry.ts'
import type { Entry } from '../../src/audit/log.ts'
import { clock } from '../../src/base/clock.ts'
import type { EntryIndex, SessionId } from '../../src/base/ids.ts'
import { mask, maskText, Unmasked } from '../../src/masking/masked.ts'
import { type Envelope, writeEnvelope } from '../../src/recording/envelope.ts'
import type { SegmentLogOptions } from '../../src/store/segments/options.ts'
import { openSegmentLog, type SegmentLog } from '../../src/store/segments/segment-log.ts'
import { FaultSwitch } from './audit-faults.ts'

const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }
export const EPOCH = new Uint8Array(16).fill(0xe0)
export const SESSION: SessionId = `ses_${'5e'.repeat(16)}`

/** A data folder of its own, removed with the scope it is in. */
export class DataFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))

  /** Of the stream; those of the log of logs are not among them. */
  get segments(): string[] {
    const audit = join(this.path, 'audit')
    return readdirSync(audit, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.seg') && !name.includes('/all/'))
      .toSorted()
      .map((name) => join(audit, name))
  }

  [Symbol.dispose](): void {
    // A thread that has just ended may still have had a file under way.
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

export interface LogWorld {
  readonly log: SegmentLog
  readonly disk: FaultSwitch
  readonly fatal: string[]
}

export async function openLog(folder: DataFolder, options: Partial<SegmentLogOptions> = {}): Promise<LogWorld> {
  const disk = new FaultSwitch()
  return { ...(await openFaultyLog(folder, disk, options)), disk }
}

export async function openFaultyLog(folder: DataFolder, disk: FaultSwitch, options: Partial<SegmentLogOptions> = {}) {
  const fatal: string[] = []
  const log = await openSegmentLog({
    folder: folder.path,
    policyEpoch: EPOCH,
    segmentBytes: 64 * 1024,
    onFatal: (failure) => fatal.push(failure.message),
    faults: disk.faults,
    ...options,
    limits: { retryMs: 50, ...options.limits },
  })
  return { log, fatal }
}

export function entry<Kind extends EntryKind>(
  kind: Kind,
  more: { of?: EntryIndex; session?: SessionId; body?: string } = {},
): Entry<Kind> {
  const time = clock.nowMicros()
  const session = more.session ?? SESSION
  const envelope: Envelope = {
    id: '019aaa00-0000-7000-8000-000000000000',
    kind,
    dir: 'c2s',
    of: more.of,
    ts: time,
    mono_us: clock.monoMicros(),
    session: { id: session, basis: 'window', n: 1 },
  }
  const body = mask(new Unmasked(new TextEncoder().encode(more.body ?? `{"kind":"${kind}"}`)), NOTHING_HIDDEN)
  return {
    kind,
    time,
    session,
    envelope: maskText(new Unmasked(writeEnvelope(envelope)), NOTHING_HIDDEN),
    ...(kind === 'outcome' ? { response: body } : { request: body }),
  }
}

export async function until(what: () => boolean, withinMs = 10_000): Promise<void> {
  const end = clock.nowMs() + withinMs
  while (!what()) {
    if (clock.nowMs() > end) throw new Error(`not in ${withinMs} ms: ${what.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
