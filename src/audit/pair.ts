const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
// `{` and `[`, `}` and `]` differ in one bit.
const OPENS = 0x7b
const CLOSES = 0x7d

/**
 * The member `of` of an envelope: seq of the intent that the record belongs to. Walks the bytes instead of parsing them,
 * since the writer asks for each outcome. `io.part.of` stands deeper and is another thing.
 */
export function intentOf(envelope: Uint8Array): number | undefined {
  let depth = 0
  for (let at = 0; at < envelope.length; at++) {
    const byte = envelope[at] ?? 0
    if (byte === QUOTE) {
      if (depth === 1 && isKeyOf(envelope, at)) return digits(envelope, at + 5)
      at = endOfString(envelope, at + 1)
    } else if ((byte | 0x20) === OPENS) depth++
    else if ((byte | 0x20) === CLOSES) depth--
  }
  return undefined
}

/** Only a key is followed by a colon, so `"of":` is never a value. */
function isKeyOf(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x6f && bytes[at + 2] === 0x66 && bytes[at + 3] === QUOTE && bytes[at + 4] === COLON
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function digits(bytes: Uint8Array, from: number): number | undefined {
  let value = 0
  let at = from
  for (let byte = bytes[at]; byte !== undefined && byte >= 0x30 && byte <= 0x39; byte = bytes[++at])
    value = value * 10 + byte - 0x30
  return at > from && Number.isSafeInteger(value) ? value : undefined
}
