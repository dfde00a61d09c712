import type { Micros } from '../../base/clock.ts'
import type { JsonObject } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'
import type { Entry } from '../../audit/log.ts'
import { maskText, Unmasked } from '../../masking/masked.ts'
import { writeEnvelope } from '../../recording/envelope.ts'

/** What says when and under which id. */
export interface LifeMaker {
  readonly now: { readonly micros: () => Micros; readonly mono: () => Micros }
  readonly ids: { readonly record: () => string }
}

/** A record of the log about its own life. It holds counts, seqs and ids; nothing of anybody's content. */
export function lifeEntry<Kind extends EntryKind>(
  kind: Kind,
  members: JsonObject,
  { ids, now }: LifeMaker,
): Entry<Kind> {
  const time = now.micros()
  const envelope = writeEnvelope({ id: ids.record(), kind, dir: 'gw', ts: time, mono_us: now.mono(), ...members })
  return { kind, time, session: undefined, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}

const NOTHING_HIDDEN = { bytes: (raw: Uint8Array) => raw, text: (raw: string) => raw }
