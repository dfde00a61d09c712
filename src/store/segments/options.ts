import type { GatewayError } from '../../base/assert.ts'
import type { SegmentKeys } from './segment-key.ts'
import type { Faults } from './writer-messages.ts'

export interface SegmentLogOptions {
  /** The data folder. */
  readonly folder: string
  /** 16 bytes: what is in force from the first record on. */
  readonly policyEpoch: Uint8Array
  /** Called once, when the log is past helping: the process must end. Nothing passes any more in any case. */
  readonly onFatal: (failure: GatewayError) => void
  /** Told why no signed head can be published, and with nothing once it can again. */
  readonly onHeads?: ((trouble: string | undefined) => void) | undefined
  readonly segmentBytes?: number | undefined
  /** Of encrypted segments; none without. */
  readonly keys?: SegmentKeys | undefined
  readonly limits?: Partial<SegmentLogLimits> | undefined
  /** For tests. */
  readonly faults?: Faults | undefined
}

export interface SegmentLogLimits {
  /** Records that were handed over and are not durable yet. Above it the log is `pressed`. */
  readonly queueBytesMax: number
  /** How long an append waits while the log is pressed. */
  readonly pressedWaitMs: number
  /** How long a record may take to become durable. */
  readonly syncDeadlineMs: number
  /** How often a full or read-only disk is tried again. */
  readonly retryMs: number
  /** At most one signed head in that time. */
  readonly headMs: number
  /** How often the newest head goes to the log of logs. */
  readonly handInMs: number
  /** How often the log says that it is alive. */
  readonly heartbeatMs: number
  /** A segment with records for a block is ended after so long, so that it can be sealed. */
  readonly sealAfterMs: number
}

const MIB = 1024 * 1024
/** 64 MiB hold some 30,000 records; larger ones make a restart slower, smaller ones cost a sync more often. */
export const SEGMENT_BYTES = 64 * MIB
/** A queue as long as a segment; waits shorter than the time-outs of common clients, 60 s; a full disk is asked as often as a person would. */
export const LIMITS: SegmentLogLimits = {
  queueBytesMax: 64 * MIB,
  pressedWaitMs: 5_000,
  syncDeadlineMs: 30_000,
  retryMs: 5_000,
  headMs: 1_000,
  handInMs: 10_000,
  heartbeatMs: 60_000,
  sealAfterMs: 300_000,
}
