import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import { toBase64 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { maskText, Unmasked } from '../masking/masked.ts'
import { writeEnvelope } from '../recording/envelope.ts'
import { type Maker, NOTHING_HIDDEN } from './session-records.ts'

/** A head of the log, as records name it. */
interface HeadNamed {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A quorum of witnesses has cosigned this head. */
export function witnessedOf(
  head: HeadNamed,
  cosigned: readonly { readonly witness: string; readonly seconds: number }[],
  maker: Maker,
): Entry<'log.witnessed'> {
  const by = cosigned.map(({ seconds, witness }) => ({ at: isoMicros(seconds * 1_000_000), witness }))
  return entryOf('log.witnessed', { log: { ...named(head), by } }, maker)
}

/** This head was left at an anchor. */
export function anchoredOf(
  head: HeadNamed,
  anchor: { readonly kind: string; readonly place: string },
  maker: Maker,
): Entry<'log.witnessed'> {
  return entryOf(
    'log.witnessed',
    { log: { ...named(head), anchor: { kind: anchor.kind, place: anchor.place } } },
    maker,
  )
}

/** What somebody has to look into. */
export function outsiderAlertOf(
  alert: {
    readonly detector: 'witness' | 'anchor'
    readonly severity: 'critical' | 'high' | 'info'
    readonly what: string
    readonly by?: string | undefined
    readonly why?: string | undefined
    readonly evidence?: string | undefined
  },
  maker: Maker,
): Entry<'alert'> {
  const { by, detector, evidence, severity, what, why } = alert
  return entryOf('alert', { alert: { by, detector, evidence, severity, what, why } }, maker)
}

function named({ origin, root, size }: HeadNamed): JsonObject {
  return { origin, size, root: toBase64(root) }
}

function entryOf<Kind extends 'log.witnessed' | 'alert'>(
  kind: Kind,
  content: { readonly log?: JsonObject; readonly alert?: JsonObject },
  { now, ids }: Maker,
): Entry<Kind> {
  const time = now.micros()
  const envelope = writeEnvelope({ id: ids.record(), kind, dir: 'gw', ts: time, mono_us: now.mono(), ...content })
  return { kind, time, session: undefined, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}
