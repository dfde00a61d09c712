import { encodeUtf8 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import type { Document } from './document.ts'
import { hasBackslash } from './scan/bytes-tables.ts'
import type { Located } from './structure/locate.ts'

/** The text of a place without its escapes: as many layers are taken off as it lies deep. */
export function valueOf(document: Document, place: { start: number; end: number; at: Located | undefined }): string {
  const { start, end, at } = place
  let text = document.text(start, end)
  if (at === undefined || !hasBackslash(document.bytes, start, end)) return text
  for (let level = 0; level <= at.structure.level; level++) {
    const once = unescape(text)
    if (once === undefined) break
    text = once
  }
  return text
}

/** Undefined where a place begins or ends within an escape, or has none left. */
function unescape(text: string): string | undefined {
  if (!text.includes('\\')) return undefined
  try {
    const read = parseJson(encodeUtf8(`"${text}"`))
    return typeof read === 'string' ? read : undefined
  } catch {
    return undefined
  }
}
