import type { Chance } from '../support/masking/random.ts'

/** What breaks readers of JSON, of text, and of the encodings in it. */
const PIECES = [
  '"',
  '\\',
  '\\"',
  '\\u',
  '\\u0040',
  '\\ud83d',
  '\\/',
  '\\n',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '%',
  '%4',
  '%40',
  '&#',
  '&#64;',
  '=',
  '@',
  '-',
  '.',
  '0',
  '4111111111111111',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '|',
  '\u200b',
  '\ufeff',
  '\uff14',
  'password=',
  '"password":',
  'sur_email_',
  'redacted:secret',
  '-----BEGIN ',
  'eyJ',
  '1e400',
].map((piece) => new TextEncoder().encode(piece))
const CHANGES_MAX = 4
const SLICE_MAX = 40

/** The bytes with some of them changed, taken away, doubled or put in. */
export function broken(chance: Chance, bytes: Uint8Array): Uint8Array {
  let some = bytes
  for (let i = 1 + chance.below(CHANGES_MAX); i > 0; i -= 1) some = brokenOnce(chance, some)
  return some
}

function brokenOnce(chance: Chance, bytes: Uint8Array): Uint8Array {
  const at = chance.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + chance.below(SLICE_MAX))
  const slice = bytes.subarray(at, end)
  switch (chance.below(6)) {
    case 0:
      return joined(bytes.subarray(0, at), bytes.subarray(end))
    case 1:
      return joined(bytes.subarray(0, end), slice, bytes.subarray(end))
    case 2: {
      const to = chance.below(bytes.length + 1)
      return joined(bytes.subarray(0, to), slice, bytes.subarray(to))
    }
    case 3: {
      const changed = Uint8Array.from(bytes)
      if (at < changed.length) changed[at] = chance.below(256)
      return changed
    }
    case 4:
      return bytes.subarray(0, Math.max(1, at))
    default:
      return joined(bytes.subarray(0, at), chance.pick(PIECES), bytes.subarray(at))
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
