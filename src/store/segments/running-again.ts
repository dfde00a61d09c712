import { decodeEntry } from '../../audit/entry.ts'
import { intentOf } from '../../audit/pair.ts'
import type { Io } from './io.ts'
import { openListOf } from './own-records.ts'
import type { Segment } from './inventory.ts'
import { Running } from './running.ts'
import { asBuffer } from './walk.ts'
import { type Walked, walkSegment } from './walk-segment.ts'

/** Sessions and open intents, read back to the newest record that lists what was open before it: for a segment that has none. */
export function readRunning(io: Io, segments: readonly Segment[]): Running {
  const read: (readonly Walked[])[] = []
  for (let i = segments.length - 1, listed = false; i >= 0 && !listed; i--) {
    const walked = [...walkSegment(io, segments[i], segments[i + 1]?.header.voidFrom)]
    read.unshift(walked)
    const scratch = new Running()
    listed = walked.some((one) => noteWalked(scratch, one))
  }
  const running = new Running()
  for (const records of read) for (const walked of records) noteWalked(running, walked)
  return running
}

/** Returns whether the record lists what was open before it. */
export function noteWalked(running: Running, { leaf, record }: Walked): boolean {
  const entry = decodeEntry(record.entry)
  const envelope = record.parts.envelope?.content
  if (entry === undefined || envelope === undefined) return false
  const list = openListOf(entry.kind, envelope)
  running.load(list)
  running.note({
    kind: entry.kind,
    seq: record.seq,
    session: entry.session === undefined ? '' : asBuffer(entry.session).toString('latin1'),
    leaf,
    of: entry.kind === 'outcome' ? intentOf(envelope) : undefined,
  })
  return list !== undefined
}
