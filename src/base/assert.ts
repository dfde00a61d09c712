/** A bug, not a refusal: ends what it happens in. */
export function assert(condition: unknown, what: string): asserts condition {
  if (condition !== true) throw new Error(`assertion failed: ${what}`)
}

/** Codes of failures: something broke. A refusal is a value, never one of these. */
export type FailureCode =
  | 'log_unavailable'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_protocol'
  | 'upstream_too_large'
  | 'upstream_busy'
  | 'masking_blocked'
  | 'client_gone'
  | 'config_invalid'
  | 'credential_unreadable'

/** Something broke (disk, network, time). Caught once per edge; the client gets no data with it. */
export class GatewayError extends Error {
  readonly code: FailureCode
  constructor(code: FailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'GatewayError'
    this.code = code
  }
}
