// What is hidden. Raw data of an upstream is Unmasked and cannot be read by accident; what left the
// masking rules is Masked, and only that may be recorded, logged, shown or released.
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { Sealed } from '../base/sealed.ts'
import { type SseEvent, writeEvent } from '../protocol/sse.ts'
import type { Evidence } from './evidence.ts'

/** Data as an upstream or a client sent it. */
export class Unmasked<T> extends Sealed<T> {
  get label(): string {
    return '[unmasked]'
  }
}

/**
 * What goes to a server: a client's message, with values in place of their stand-ins. It is never on record; the headers
 * that must repeat parts of it are made by `derive`.
 */
export class Dispatch extends Sealed<Uint8Array> {
  get label(): string {
    return '[dispatch]'
  }
  /** Makes what goes to the same server beside it. */
  derive<T>(make: (bytes: Uint8Array) => T): T {
    return make(Sealed.open(this))
  }
}

/** What is left once the masking rules have been applied. Only this file makes one. */
export class Masked<T> {
  readonly #value: T
  private constructor(value: T) {
    this.#value = value
  }
  /** @internal Called in this file alone. */
  static seal<T>(value: T): Masked<T> {
    return new Masked(value)
  }
  /** Throws on a look-alike: neither JSON nor a cast can make the private field. */
  static read<T>(masked: Masked<T>): T {
    if (!(#value in masked)) throw new TypeError('not a Masked value')
    return masked.#value
  }
}

/**
 * The rules of one connection. Returns the very same array when nothing was found, so that the
 * original bytes are what goes on. Throws `masking_blocked` when what it found cannot be hidden.
 */
export interface Hide {
  readonly bytes: (raw: Uint8Array) => Uint8Array
  readonly text: (raw: string) => string
  /** As `bytes`, for the data of one event of a stream: what came before on it may tell what this is a piece of. */
  readonly event?: (raw: Uint8Array) => Uint8Array
  /** What was done since somebody asked last; undefined where nothing was found. */
  readonly takeEvidence?: () => Evidence | undefined
  /** Places that were hidden since somebody asked last. */
  readonly takeHits?: () => number
}

/** Applies the rules to one message. Pure: same bytes and rules, same result. */
export function mask(raw: Unmasked<Uint8Array>, hide: Hide): Masked<Uint8Array> {
  return Masked.seal(hide.bytes(Sealed.open(raw)))
}

/** Applies the rules to a line of text: a header value, an error message, a line of stderr. */
export function maskText(raw: Unmasked<string>, hide: Pick<Hide, 'text'>): Masked<string> {
  return Masked.seal(hide.text(Sealed.open(raw)))
}

/** Applies the rules to those headers that are named; the others are left behind. */
export function maskHeaders(
  raw: Unmasked<Readonly<Record<string, string>>>,
  names: readonly string[],
  hide: Hide,
): Masked<Readonly<Record<string, string>>> {
  const headers = Sealed.open(raw)
  const shown: Record<string, string> = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) shown[name] = hide.text(value)
  }
  return Masked.seal(shown)
}

/**
 * Applies the rules to one event of a stream: `hide` to its data and to what else it says, `frame` to its id, which must come
 * back from the client as it is. What did not change leaves as it came.
 */
export function maskEvent(raw: Unmasked<SseEvent>, hide: Hide, frame: Hide): Masked<SseEvent> {
  const event = Sealed.open(raw)
  const data = event.data === undefined ? undefined : (hide.event?.(event.data) ?? hide.bytes(event.data))
  const fields = maskFields(frame.bytes(event.fields), hide)
  if (data === event.data && fields === event.fields) return Masked.seal(event)
  const id = event.id === undefined ? undefined : frame.text(event.id)
  return Masked.seal({ fields, data, id, raw: writeEvent({ fields, data }) })
}

/** Lines of an event that hold words: its name and comments. Clients pass over both, and whoever records them does not. */
function maskFields(fields: Uint8Array, hide: Hide): Uint8Array {
  const text = decodeUtf8(fields)
  const masked = text.replaceAll(WORDY_LINE, (line) => hide.text(line))
  return masked === text ? fields : encodeUtf8(masked)
}

/** All but `id`, `retry`, and the name that every message has. */
const WORDY_LINE = /^(?!id:|retry:|event: ?message$)[^\r\n]+/gm

/** The data of an event, still as it came. */
export function dataOf(raw: Unmasked<SseEvent>): Unmasked<Uint8Array> {
  return new Unmasked(Sealed.open(raw).data ?? new Uint8Array(0))
}

/** Leaves things out of what is masked already, takes a part of it, or writes it in another form; it cannot bring anything back. */
export function narrow<T, U>(masked: Masked<T>, less: (value: T) => U): Masked<U> {
  return Masked.seal(less(Masked.read(masked)))
}
