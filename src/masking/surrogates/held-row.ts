import { decodeUtf8, encodeUtf8, toHex } from '../../base/bytes.ts'
import { isObject, type JsonValue, parseJson, stringifyJson } from '../../base/json.ts'
import { seal, unseal } from '../../base/sealed-box.ts'
import { ENTITY_NAMES, type EntityName, findEntity } from '../entities.ts'
import type { BookRow } from './book.ts'
import type { SealedRow } from './rows.ts'
import type { ScopeKeys } from './scope.ts'

/** Where a value came from. It holds names of tools and a path, so it is at rest like the value itself. */
export interface Origin {
  readonly upstream: string
  readonly tool: string | undefined
  readonly path?: string | undefined
  readonly atMs: number
}

/** A row in memory. Its scope book alone changes it. */
export interface HeldRow extends BookRow {
  readonly index: Uint8Array
  readonly createdMs: number
  readonly expiresMs: number
  readonly origins: Origin[]
  /** Other texts that stand for it, and marks of spellings (`~1`), each with what comes back for it. */
  readonly aliases: Map<string, string>
}

/** Rows differ in how often their values occur; of a thousand places the first few and every upstream are kept. */
const ORIGINS_MAX = 32

/** Notes where a value came from; false if that is known already. */
export function addOrigin(row: HeldRow, origin: Origin): boolean {
  const { origins } = row
  let knowsUpstream = false
  for (const known of origins) {
    if (known.upstream !== origin.upstream) continue
    if (known.tool === origin.tool && known.path === origin.path) return false
    knowsUpstream = true
  }
  // The upstream is what restoring asks for, so a new one always finds room.
  if (origins.length >= ORIGINS_MAX && knowsUpstream) return false
  origins.push(origin)
  return true
}

/** Value, origins and aliases in one box, which opens only as this row of this scope. */
export function sealRow(keys: Pick<ScopeKeys, 'seal'>, row: HeldRow): SealedRow {
  const { id, entity, index, createdMs, expiresMs, value, origins, aliases } = row
  const plain = encodeUtf8(
    stringifyJson({
      value,
      origins: origins.map(({ upstream, tool, path, atMs }) => ({ upstream, tool, path, atMs })),
      aliases: [...aliases].map(([text, spelling]) => [text, spelling]),
    }),
  )
  const box = seal(keys.seal, plain, context(row))
  plain.fill(0)
  return { ...box, id, entity, index, createdMs, expiresMs }
}

/** Undefined where the row was altered, or is not of this scope. */
export function openRow(keys: Pick<ScopeKeys, 'seal'>, row: SealedRow): HeldRow | undefined {
  const { id, index, createdMs, expiresMs } = row
  const entity = nameOf(row.entity)
  const plain = unseal(keys.seal, row, context(row))
  if (plain === undefined || entity === undefined) return undefined
  const box = parseJson(decodeUtf8(plain))
  plain.fill(0)
  if (!isObject(box) || typeof box['value'] !== 'string') return undefined
  const origins = listOf(box['origins']).flatMap(toOrigin)
  return {
    id,
    entity,
    value: box['value'],
    index,
    createdMs,
    expiresMs,
    origins,
    aliases: new Map(listOf(box['aliases']).flatMap(toAlias)),
  }
}

/**
 * The seal's key is of one scope and epoch, so those are under the tag too. With the times nobody can make a row live
 * longer, with the index nobody can give a value the row of another one.
 */
function context({ id, entity, index, createdMs, expiresMs }: Omit<SealedRow, 'nonce' | 'ciphertext'>): string[] {
  return ['sallyport surrogate 1', id, entity, toHex(index), `${createdMs}`, `${expiresMs}`]
}

function nameOf(entity: string): EntityName | undefined {
  const id = findEntity(entity)
  return id === undefined ? undefined : ENTITY_NAMES[id]
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function toOrigin(value: JsonValue): Origin[] {
  if (!isObject(value)) return []
  const { upstream, tool, path, atMs } = value
  if (typeof upstream !== 'string' || typeof atMs !== 'number') return []
  return [{ upstream, tool: textOf(tool), path: textOf(path), atMs }]
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function toAlias(value: JsonValue): [string, string][] {
  const [text, spelling] = listOf(value)
  return typeof text === 'string' && typeof spelling === 'string' ? [[text, spelling]] : []
}
