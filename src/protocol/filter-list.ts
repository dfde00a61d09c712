// Lists as one caller may see them (protocol.md, 6.5 and 6.7). All functions take replies that were scanned, and return
// the very same array when they leave everything as it is.
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { findMember, type JsonMember } from '../base/json-scan.ts'
import { handlingOf, isRevision, type ListShape, type Method } from './methods.ts'
import { findLookAlike, keyNames } from './look-alike.ts'
import { decodeUtf8 } from '../base/bytes.ts'
import { type Edit, itemsAt, membersAt, type Span, splice, valueAt } from './places.ts'

// A change of policy shows within a minute, and a shared cache is asked again.
const TTL_MS_MAX = 60_000

/** Leaves items out of a list, in their order, everything else as written. An item that names nothing is left out. */
export function filterList(
  replyBytes: Uint8Array,
  method: Method,
  keep: (key: string, item: JsonObject) => boolean,
): { bytes: Uint8Array; leftOut: number } {
  const { list } = handlingOf(method)
  const member = list === undefined ? undefined : findMember(resultOf(replyBytes), list.items)
  if (list === undefined || member === undefined) return { bytes: replyBytes, leftOut: 0 }
  const items = itemsAt(replyBytes, member.start)
  const kept = items.filter((item) => mayStay(replyBytes, item, { list, keep }))
  const leftOut = items.length - kept.length
  return { bytes: leftOut === 0 ? replyBytes : withItems(replyBytes, member, kept), leftOut }
}

/** Adds items, as JSON texts, at the end of the last page of a list. */
export function addToList(replyBytes: Uint8Array, method: Method, more: readonly string[]): Uint8Array {
  const { list } = handlingOf(method)
  const result = resultOf(replyBytes)
  const member = list === undefined ? undefined : findMember(result, list.items)
  if (more.length === 0 || member === undefined || findMember(result, 'nextCursor') !== undefined) return replyBytes
  const items = itemsAt(replyBytes, member.start).map(({ start, end }) => decodeUtf8(replyBytes, start, end))
  return splice(replyBytes, [edit(member, `[${[...items, ...more].join(',')}]`)])
}

/**
 * Makes a result of the modern era one that no shared cache keeps: another caller may get another one. Caches of the
 * caller's own ask again within a minute, so that a change of policy takes effect.
 */
export function privateCache(replyBytes: Uint8Array): Uint8Array {
  const result = resultOf(replyBytes)
  const edits: Edit[] = []
  for (const member of result) {
    if (member.key === 'cacheScope' && textOf(replyBytes, member) !== '"private"') edits.push(edit(member, '"private"'))
    // What is no number is left to the client to refuse.
    if (member.key === 'ttlMs' && Number(textOf(replyBytes, member)) > TTL_MS_MAX)
      edits.push(edit(member, String(TTL_MS_MAX)))
  }
  return edits.length === 0 ? replyBytes : splice(replyBytes, edits)
}

/** Leaves versions that this gateway does not speak out of a DiscoverResult: it could not judge what is said in them. */
export function knownVersionsOnly(replyBytes: Uint8Array): Uint8Array {
  const versions = findMember(resultOf(replyBytes), 'supportedVersions')
  if (versions === undefined) return replyBytes
  const items = itemsAt(replyBytes, versions.start)
  const kept = items.filter(({ start, end }) => {
    const version = parseJson(replyBytes.subarray(start, end))
    return typeof version === 'string' && isRevision(version)
  })
  return kept.length === items.length ? replyBytes : withItems(replyBytes, versions, kept)
}

function mayStay(
  bytes: Uint8Array,
  item: Span,
  { list, keep }: { list: ListShape; keep: (key: string, item: JsonObject) => boolean },
): boolean {
  const value = parseJson(bytes.subarray(item.start, item.end))
  if (!isObject(value)) return false
  const key = value[list.key]
  // `Name` beside `name`: some clients would take the other one for the item's name.
  return typeof key === 'string' && !hasLookAlike(bytes, item, list.key) && keep(key, value)
}

function hasLookAlike(bytes: Uint8Array, item: Span, key: string): boolean {
  return findLookAlike(membersAt(bytes, item.start), keyNames(key)) !== undefined
}

function withItems(bytes: Uint8Array, list: Span, kept: readonly Span[]): Uint8Array {
  const text = kept.map(({ start, end }) => decodeUtf8(bytes, start, end)).join(',')
  return splice(bytes, [edit(list, `[${text}]`)])
}

/** Members of `result`; none in an error. */
function resultOf(bytes: Uint8Array): readonly JsonMember[] {
  const result = findMember(membersAt(bytes, valueAt(bytes)), 'result')
  return result === undefined ? [] : membersAt(bytes, result.start)
}

function edit({ start, end }: Span, text: string): Edit {
  return { start, end, text }
}

function textOf(bytes: Uint8Array, { start, end }: Span): string {
  return decodeUtf8(bytes, start, end)
}
