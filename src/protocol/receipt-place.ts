// Where a client receipt stands in a message, and how it is taken out again: the record is of the message without it
// (audit.md, 4.10). What is written around it stays byte for byte as it was.
import { concat, decodeUtf8, equal } from '../base/bytes.ts'
import { findMember, type JsonMember } from '../base/json-scan.ts'
import { membersAt, type Span, splice, valueAt } from './places.ts'
import { SseSplitter, writeEvent } from './sse.ts'

const KEY = 'sallyport/receipt'

/**
 * The message with a receipt in `_meta` of its result, or of its params. An error has no such place, and neither has a message
 * without params or one with a receipt of somebody else: they stay as they are.
 */
export function messageWithReceipt(message: Uint8Array, receipt: string): Uint8Array {
  const holder = holderIn(message)
  if (holder === undefined) return message
  const meta = findMember(membersAt(message, holder.start), '_meta')
  if (meta === undefined) return insert(message, holder, `"_meta":{"${KEY}":${receipt}}`)
  // What is no object is no place for it, and of two equal keys each reader would take another one.
  const taken = findMember(membersAt(message, meta.start), KEY) !== undefined
  return message[meta.start] === BRACE && !taken ? insert(message, meta, `"${KEY}":${receipt}`) : message
}

/** The same for an event of a stream; one without a message stays as it is. */
export function eventWithReceipt(event: Uint8Array, receipt: string): Uint8Array {
  const events = new SseSplitter({ eventBytesMax: Infinity }).push(event)
  return concat(
    events.map(({ data, fields, raw }) => {
      if (data === undefined || data.byteLength === 0) return raw
      const written = messageWithReceipt(data, receipt)
      return written === data ? raw : writeEvent({ fields, data: written })
    }),
  )
}

/** A receipt that stands in a message, and what the message may have been before: with an empty `_meta`, or without one. */
export interface ReceiptFound {
  readonly receipt: Uint8Array
  readonly without: readonly Uint8Array[]
}

/** The message must have been scanned. Undefined where no receipt stands in it. */
export function findReceipt(message: Uint8Array): ReceiptFound | undefined {
  const holder = holderIn(message)
  const meta = holder && findMember(membersAt(message, holder.start), '_meta')
  const member = meta && findMember(membersAt(message, meta.start), KEY)
  if (holder === undefined || meta === undefined || member === undefined) return undefined
  const receipt = message.subarray(member.start, member.end)
  const without = [removed(message, meta, member.end), removed(message, holder, meta.end)]
  // The gateway writes it first. What somebody put before it would be taken out along with it, and must not go unseen.
  const isBack = (one: Uint8Array): boolean => equal(messageWithReceipt(one, decodeUtf8(receipt)), message)
  return { receipt, without: without.filter(isBack) }
}

const BRACE = 0x7b
const COMMA = 0x2c

/** The object that can hold it: of a reply its result, of a request or notification its params. */
function holderIn(message: Uint8Array): JsonMember | undefined {
  const members = membersAt(message, valueAt(message))
  const holder = findMember(members, 'result') ?? findMember(members, 'params')
  return holder !== undefined && message[holder.start] === BRACE ? holder : undefined
}

/** As the first member of an object. */
function insert(message: Uint8Array, object: Span, member: string): Uint8Array {
  const at = object.start + 1
  const comma = membersAt(message, object.start).length === 0 ? '' : ','
  return splice(message, [{ start: at, end: at, text: member + comma }])
}

/** From the beginning of an object to the end of its first member, and the comma that `insert` wrote. */
function removed(message: Uint8Array, object: Span, end: number): Uint8Array {
  const next = message[end] === COMMA ? end + 1 : end
  return splice(message, [{ start: object.start + 1, end: next, text: '' }])
}
