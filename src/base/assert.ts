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
  | 'recording_limit'
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

/** Frames of a stack that are told: enough to find the line. */
const FRAMES_MAX = 6

/** Type and place of an error, for the log of the operator, without its message: that may quote what it choked on. */
export function placeOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { stack = '', message } = error
  const [, ...frames] = stack.slice(stack.indexOf(message) + message.length).split('\n    at ')
  return `${error.name} at ${frames.slice(0, FRAMES_MAX).join(' < ')}`
}
