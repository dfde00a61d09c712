import type { FailureCode, GatewayError } from '../base/assert.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import type { ClientHeaders } from '../downstream/headers.ts'
import type { Exchange, FlatHeaders } from '../downstream/exchange.ts'
import { errorReply, OUR_CODES } from '../protocol/errors.ts'
import type { IdText } from '../protocol/message.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { writeEvent } from '../protocol/sse.ts'

const JSON_TYPE: FlatHeaders = ['Content-Type', 'application/json']
const NO_FIELDS = encodeUtf8('event: message\n')

/** An answer in the gateway's own words. It says nothing of what an upstream said. */
export function say(exchange: Exchange, status: number, body: Uint8Array | undefined, headers: FlatHeaders = []): void {
  if (exchange.state === 'streaming') {
    if (body !== undefined) void exchange.event(writeEvent({ fields: NO_FIELDS, data: body }), 0)
    exchange.end()
    return
  }
  void exchange.answer(status, body === undefined ? headers : [...JSON_TYPE, ...headers], body)
}

/** Something broke. The client gets a sentence and what to do, never a byte of data. */
export function sayFailure(
  exchange: Exchange,
  failure: GatewayError,
  id: IdText | undefined,
  headers: ClientHeaders,
): void {
  const { status, code, sentence } = FAILURES[failure.code]
  const retry = failure.code === 'log_unavailable' || failure.code === 'upstream_busy' ? ['Retry-After', '5'] : []
  const message = sentence ?? failure.message
  say(exchange, status, errorReply(id, code, message), [...corsHeaders(headers), ...retry])
}

interface Failure {
  readonly status: number
  readonly code: number
  /** Undefined: the failure's own message is written for clients. */
  readonly sentence: string | undefined
}

const FAILURES: Readonly<Record<FailureCode, Failure>> = {
  log_unavailable: {
    status: 503,
    code: OUR_CODES.logUnavailable,
    sentence:
      'The audit log cannot be written, so nothing may pass. Try again in a moment; tell whoever runs the gateway if it lasts.',
  },
  upstream_unreachable: { status: 502, code: OUR_CODES.upstreamFailed, sentence: undefined },
  upstream_timeout: { status: 504, code: OUR_CODES.upstreamFailed, sentence: undefined },
  upstream_protocol: { status: 502, code: OUR_CODES.upstreamFailed, sentence: undefined },
  upstream_too_large: { status: 502, code: OUR_CODES.upstreamFailed, sentence: undefined },
  upstream_busy: { status: 503, code: OUR_CODES.upstreamFailed, sentence: undefined },
  masking_blocked: { status: 502, code: OUR_CODES.blocked, sentence: undefined },
  recording_limit: { status: 502, code: OUR_CODES.blocked, sentence: undefined },
  client_gone: { status: 499, code: OUR_CODES.upstreamFailed, sentence: 'The client went away.' },
  config_invalid: { status: 500, code: OUR_CODES.upstreamFailed, sentence: 'The gateway is not configured for this.' },
  credential_unreadable: {
    status: 502,
    code: OUR_CODES.upstreamFailed,
    sentence: 'The credential of this connection cannot be read. Tell whoever runs the gateway.',
  },
}
