import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import { toBase64 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { ownRecord } from './own-record.ts'
import type { Maker } from './session-records.ts'

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
  return ownRecord('log.witnessed', { dir: 'gw', log: { ...named(head), by } }, maker)
}

/** This head was left at an anchor. */
export function anchoredOf(
  head: HeadNamed,
  anchor: { readonly kind: string; readonly place: string },
  maker: Maker,
): Entry<'log.witnessed'> {
  const { kind, place } = anchor
  return ownRecord('log.witnessed', { dir: 'gw', log: { ...named(head), anchor: { kind, place } } }, maker)
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
  return ownRecord('alert', { dir: 'gw', alert: { by, detector, evidence, severity, what, why } }, maker)
}

function named({ origin, root, size }: HeadNamed): JsonObject {
  return { origin, size, root: toBase64(root) }
}
