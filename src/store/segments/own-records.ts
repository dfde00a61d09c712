import { Buffer } from 'node:buffer'
import { randomFillSync } from 'node:crypto'
import { clock } from '../../base/clock.ts'
import { sessionId } from '../../base/ids.ts'
import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'
import { isoMicros } from '../../audit/iso-time.ts'
import type { Origin } from '../../audit/origin.ts'
import { RECORD_ID_RANDOM_BYTES, recordId } from '../../audit/record-id.ts'
import type { NewRecord } from './batch.ts'
import type { OpenIntent } from './running.ts'

/** The log that a new one follows: lost, restored from a backup, or given up (audit.md, 4.3). */
export interface Predecessor {
  readonly origin: string
  /** The newest head known of it, as it was signed. */
  readonly checkpoint?: string | undefined
}

/** What the log has to say about itself. Members stand in sorted order, as in every envelope (audit.md, 4.5). */
export class OwnRecords {
  readonly #policyEpoch: Uint8Array

  constructor(policyEpoch: Uint8Array) {
    this.#policyEpoch = policyEpoch
  }

  /** First record of an incarnation: who writes, and with which key its heads will be signed. */
  opened(origin: Origin, keys: readonly string[], after?: Predecessor): NewRecord {
    const predecessor = after && { checkpoint: after.checkpoint, origin: after.origin }
    return this.#record('log.open', { log: { keys, leaf: 'record', open: [], origin, predecessor } })
  }

  /** The heads are signed with that key too, from here on. Heads up to here were signed by those before it. */
  key(verifierKey: string): NewRecord {
    return this.#record('log.key', { log: { key: verifierKey } })
  }

  /** Nothing happened, and that is on record: a log that falls silent is seen (audit.md, 7.5). */
  alive(counts: { readonly everyMs: number; readonly records: number; readonly signed: number }): NewRecord {
    const { everyMs, records, signed } = counts
    return this.#record('log.heartbeat', { log: { every_s: Math.ceil(everyMs / 1000), records, signed } })
  }

  /** In the log of logs: a stream begins to hand in its heads, and these keys sign them. */
  joined(origin: Origin, keys: readonly string[]): NewRecord {
    return this.#record('node.join', { node: { keys, origin } })
  }

  /** In the log of logs: that head of that stream. */
  checkpoint(origin: Origin, head: { readonly size: number; readonly note: string }): NewRecord {
    return this.#record('node.checkpoint', { node: { checkpoint: head.note, origin, size: head.size } })
  }

  /** Content of class 1. Its days are promised from here on (audit.md, 4.9). */
  standardClass(): NewRecord {
    return this.#record('log.class', {
      class: {
        encrypt: false,
        entry_days: 400,
        index_days: 400,
        keys: 'session',
        max_body: 67_108_864,
        n: 1,
        name: 'standard',
        on_full: 'reject-new',
        over_limit: 'block',
        payload_days: 400,
        version: 1,
        worm: false,
      },
    })
  }

  /** After recovery. `open` are the intents that the records after it close. */
  resumed(
    from: { segment: number; offset: number; seq: number; records: number },
    open: JsonValue | undefined,
  ): NewRecord {
    const { offset, records, segment, seq } = from
    return this.#record('log.resume', { log: { from: { offset, segment, seq }, open, records } })
  }

  /** First record of each further segment, so that a restart has to read only the last one. */
  heartbeat(segment: number, open: JsonValue | undefined): NewRecord {
    return this.#record('log.heartbeat', { log: { open, segment } })
  }

  closed(records: number): NewRecord {
    return this.#record('log.close', { log: { records } })
  }

  /** Nobody knows how that call ended: the gateway went down before its outcome was durable. */
  unknownOutcome({ seq, session }: OpenIntent): NewRecord {
    const id = session === '' ? undefined : sessionId(Buffer.from(session, 'latin1'))
    const outcome = { detail: 'the log was not closed before its outcome was recorded', status: 'unknown' }
    return this.#record('outcome', { of: seq, outcome, session: id && { id } }, id)
  }

  #record(kind: EntryKind, members: JsonObject, session?: NewRecord['session']): NewRecord {
    const time = clock.nowMicros()
    const { class: defined, log, node, of, outcome, session: inSession } = members
    const envelope: JsonObject = {
      class: defined,
      dir: 'gw',
      id: recordId(time, randomFillSync(new Uint8Array(RECORD_ID_RANDOM_BYTES))),
      kind,
      log,
      mono_us: clock.monoMicros(),
      node,
      of,
      outcome,
      session: inSession,
      ts: isoMicros(time),
      v: 1,
    }
    return { kind, time, session, policyEpoch: this.#policyEpoch, envelope: stringifyJson(envelope) }
  }
}

/** What `open` says in a record at the head of a segment; undefined in any other record. */
export function openListOf(kind: EntryKind, envelope: Uint8Array): JsonValue | undefined {
  if (kind !== 'log.open' && kind !== 'log.resume' && kind !== 'log.heartbeat') return undefined
  const parsed = parseJson(envelope)
  const log = isObject(parsed) ? parsed['log'] : undefined
  return isObject(log) ? log['open'] : undefined
}
