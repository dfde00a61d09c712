import { Receipt } from '../audit/log.ts'
import type { EntryKind } from '../audit/entry.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { writeEvent } from '../protocol/sse.ts'
import type { Exchange, FlatHeaders } from '../downstream/exchange.ts'
import { Masked } from '../masking/masked.ts'
import { eventWithReceipt, messageWithReceipt } from '../protocol/receipt-place.ts'

/** The only way out for what an upstream said: what leaves is masked, and its entry is on disk. */
export function release(
  body: Masked<Uint8Array>,
  proof: Receipt<ReleaseKind>,
  to: Exchange,
  head: { status: number; headers: FlatHeaders },
): Promise<void> | undefined {
  Receipt.check(proof)
  const { clientReceipt } = proof
  if (to.state === 'streaming') return releaseAsEvent(Masked.read(body), clientReceipt, to)
  const headers = clientReceipt === undefined ? head.headers : [...head.headers, RECEIPT_HEADER, clientReceipt]
  return to.answer(head.status, headers, Masked.read(body))
}

/** The client of a held call waits on a stream: what would have been a whole answer is the last event of it. */
function releaseAsEvent(body: Uint8Array, receipt: string | undefined, to: Exchange): Promise<void> | undefined {
  const data = receipt === undefined ? body : messageWithReceipt(body, receipt)
  const room = to.event(writeEvent({ fields: MESSAGE, data }), 0)
  to.end()
  return room
}

const MESSAGE = encodeUtf8('event: message\n')

/** The same for one event of a stream; the first one opens the stream, headers included. */
export function releaseEvent(
  event: Masked<Uint8Array>,
  proof: Receipt<ReleaseKind>,
  to: Exchange,
  head: { status: number; headers: FlatHeaders; nowMs: number },
): Promise<void> | undefined {
  Receipt.check(proof)
  if (to.state === 'waiting') to.begin(head.status, head.headers)
  const { clientReceipt } = proof
  const bytes = Masked.read(event)
  return to.event(clientReceipt === undefined ? bytes : eventWithReceipt(bytes, clientReceipt), head.nowMs)
}

export const RECEIPT_HEADER = 'Sallyport-Receipt'

/** Opens the stream of a session: its headers say something of the upstream too, so they need their entry. */
export function releaseHead(
  proof: Receipt<'outcome'>,
  to: Exchange,
  head: { status: number; headers: FlatHeaders },
): void {
  Receipt.check(proof)
  to.begin(head.status, head.headers)
}

/**
 * Kinds of entries that let something out: a request of the server goes out on its intent, the bare id of a dropped event on its
 * refusal, and what a task came to on the decision about whoever asks for it.
 */
export type ReleaseKind = Extract<EntryKind, 'outcome' | 'part' | 'notification' | 'intent' | 'refused' | 'decision'>
