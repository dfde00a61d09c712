import { decodeUtf8 } from '../base/bytes.ts'
import { parseJson, stringifyJson } from '../base/json.ts'
import { itemsAt, membersAt, valueAt } from '../protocol/places.ts'

/** Deeper requests do not come through the strict scan. */
const DEPTH_MAX = 256

/**
 * One text for all spellings of a JSON value that mean the same: keys in order, strings as JSON.stringify writes them, no
 * white space. Unlike RFC 8785 it keeps the digits of numbers as they stand: `JSON.parse` reads 12345678901234567890 and
 * 12345678901234567000 as one number, and a server may read them as two.
 */
export function canonicalText(bytes: Uint8Array): string {
  return textAt(bytes, valueAt(bytes), 0)
}

function textAt(bytes: Uint8Array, start: number, depth: number, end = bytes.length): string {
  if (depth > DEPTH_MAX) throw new RangeError('the request is nested too deeply to be approved')
  const first = bytes[start]
  if (first === 0x7b) {
    const members = membersAt(bytes, start).toSorted((a, b) => (a.key < b.key ? -1 : 1))
    const texts = members.map((one) => `${stringifyJson(one.key)}:${textAt(bytes, one.start, depth + 1, one.end)}`)
    return `{${texts.join(',')}}`
  }
  if (first === 0x5b) {
    const items = itemsAt(bytes, start).map((item) => textAt(bytes, item.start, depth + 1, item.end))
    return `[${items.join(',')}]`
  }
  const word = decodeUtf8(bytes, start, end).trim()
  return first === 0x22 ? stringifyJson(parseJson(word)) : word
}
