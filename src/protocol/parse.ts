// What a client posts, read once and strictly, before anybody looks at what it wants (protocol.md, 6.1 and 7.2).
// What policy sees in the messages made here is what the upstream will read: the bytes are theirs.
import { type JsonLimits, scanJson } from '../base/json-scan.ts'
import type { ClientMessage, WireFault } from './message.ts'
import type { ClientHeaders } from './mirrored-headers.ts'
import { itemsAt, valueAt } from './places.ts'
import { readClientMessage } from './read-client.ts'
import { invalidRequest, scanFault } from './wire-fault.ts'

export type BodyLimits = JsonLimits

/** Elements of a batch are judged alone: one may be refused for a method or params that the others do not have. */
export type ClientBody =
  | { readonly kind: 'one'; readonly message: ClientMessage }
  | { readonly kind: 'batch'; readonly messages: readonly (ClientMessage | WireFault)[] }
  | WireFault

// Each element is decided, recorded and sent on its own, so an array multiplies the work of one request.
const BATCH_MAX = 100
const OPEN_ARRAY = 0x5b

/** Reads a body. `batchAllowed`: 2025-03-26 was negotiated, the one revision with arrays. Never throws. */
export function readClientBody(
  bytes: Uint8Array,
  headers: ClientHeaders,
  options: BodyLimits & { readonly batchAllowed: boolean },
): ClientBody {
  if (bytes[valueAt(bytes)] === OPEN_ARRAY) return readBatch(bytes, headers, options)
  const message = readClientMessage(bytes, headers, options)
  return message.kind === 'fault' ? message : { kind: 'one', message }
}

function readBatch(
  bytes: Uint8Array,
  headers: ClientHeaders,
  options: BodyLimits & { readonly batchAllowed: boolean },
): ClientBody {
  const scan = scanJson(bytes, options)
  if (scan.kind === 'fault') return scanFault(bytes, scan)
  if (!options.batchAllowed) return refuse('Send one message at a time: this protocol version has no arrays.')
  const items = itemsAt(bytes, scan.start)
  if (items.length === 0) return refuse('The array is empty.')
  if (items.length > BATCH_MAX) return refuse(`The array has more than ${BATCH_MAX} messages.`)
  const messages = items.map(({ start, end }) => readClientMessage(bytes.subarray(start, end), headers, options))
  return messages.every(mayBeInBatch)
    ? { kind: 'batch', messages }
    : refuse('The array holds a message that is malformed, or that may not be in an array.')
}

/** One malformed, modern or opening element refuses the whole array (protocol.md, 2.4). */
function mayBeInBatch(message: ClientMessage | WireFault): boolean {
  if (message.kind === 'fault') return message.reason === 'unknown_method' || message.reason === 'invalid_params'
  return message.era === 'legacy' && !(message.kind === 'request' && message.method === 'initialize')
}

function refuse(message: string): WireFault {
  return invalidRequest(message, undefined, 'batch')
}
