import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { isObject, type JsonValue, parseJson, stringifyJson } from '../../base/json.ts'
import type { PartName } from '../../audit/commitment.ts'
import { covers, isTombstoneKind, readTombstone, type Tombstone, tombstoneJson } from '../../audit/tombstone.ts'
import { isEntryKind } from '../../audit/entry.ts'
import { syncFolder } from '../segments/io.ts'
import { readIfThere } from './block-files.ts'

/**
 * A list of all tombstones of a stream, so that a reader who finds nothing in a pack can say at once whether that is accounted
 * for. It is derived: `audit verify` believes the records in the log and not this file.
 */
export class Tombstones {
  readonly #folder: string
  #all: readonly Tombstone[] | undefined

  constructor(streamFolder: string) {
    this.#folder = streamFolder
  }

  covers(record: { readonly seq: number; readonly retentionClass: number }, parts: readonly PartName[]): boolean {
    this.#all ??= readAll(this.#folder)
    return parts.every((part) => this.#all?.some((one) => covers(one, record, [part])))
  }
}

/** Called once the record of it is durable, and again after a crash: a line that is there twice says the same twice. */
export function listTombstone(streamFolder: string, tombstone: Tombstone): void {
  const path = fileOf(streamFolder)
  const fd = openSync(path, 'a', 0o600)
  try {
    const line = encodeUtf8(`\n${stringifyJson({ kind: tombstone.kind, tombstone: tombstoneJson(tombstone) })}\n`)
    for (let at = 0; at < line.length;) at += writeSync(fd, line, at)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  syncFolder(dirname(path))
}

/** A line that was cut off by a crash is not one; the next begins on a line of its own. */
function readAll(streamFolder: string): readonly Tombstone[] {
  const bytes = readIfThere(fileOf(streamFolder))
  if (bytes === undefined) return []
  return decodeUtf8(bytes)
    .split('\n')
    .flatMap((line) => {
      const value = parsed(line)
      const kind = isObject(value) ? value['kind'] : undefined
      if (!isObject(value) || typeof kind !== 'string' || !isEntryKind(kind) || !isTombstoneKind(kind)) return []
      const tombstone = readTombstone(kind, value['tombstone'])
      return tombstone === undefined ? [] : [tombstone]
    })
}

function parsed(line: string): JsonValue {
  try {
    return line === '' ? null : parseJson(line)
  } catch {
    return null
  }
}

function fileOf(streamFolder: string): string {
  return join(streamFolder, 'tombstones')
}
