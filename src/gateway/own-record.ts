import type { EntryKind } from '../audit/entry.ts'
import type { Entry } from '../audit/log.ts'
import { maskText, Unmasked } from '../masking/masked.ts'
import { type Envelope, writeEnvelope } from '../recording/envelope.ts'
import { type Maker, NOTHING_HIDDEN } from './session-records.ts'

/** A record of no session and of no call. What it says was hidden before, where there was anything to hide. */
export function ownRecord<Kind extends EntryKind>(
  kind: Kind,
  said: Omit<Envelope, 'id' | 'kind' | 'ts' | 'mono_us'>,
  { now, ids }: Maker,
): Entry<Kind> {
  const time = now.micros()
  const envelope = writeEnvelope({ ...said, id: ids.record(), kind, ts: time, mono_us: now.mono() })
  return { kind, time, session: undefined, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}
