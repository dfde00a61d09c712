// What somebody can do to a log who has all of its files, and perhaps its keys: everything is written anew by the code that the
// gateway itself writes with, so that nothing but what is tampered with is wrong.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseCheckpoints, writeCheckpoint } from '../../src/audit/checkpoint.ts'
import { commit, type PartName } from '../../src/audit/commitment.ts'
import { decodeEntry, encodeEntry, type EntryFields } from '../../src/audit/entry.ts'
import { LogTree, type Tile } from '../../src/audit/log-tree.ts'
import { writeNote } from '../../src/audit/note.ts'
import { tilePath } from '../../src/audit/tile.ts'
import { leafHash } from '../../src/audit/tree.ts'
import { concat, encodeUtf8 } from '../../src/base/bytes.ts'
import { FOOTER_BODY_BYTES, FRAME, frameBytes, saltCrc, sealFrame } from '../../src/store/segments/frame.ts'
import { encodeHeader, HEADER_BYTES, segmentName } from '../../src/store/segments/header.ts'
import { takeInventory } from '../../src/store/segments/inventory.ts'
import { diskIo } from '../../src/store/segments/io.ts'
import { NoteKeys } from '../../src/store/segments/note-keys.ts'
import type { Stream } from '../../src/store/segments/stream.ts'
import { asBuffer, walkCommits } from '../../src/store/segments/walk.ts'

type Parts = { readonly [Name in PartName]?: { readonly salt: Uint8Array; readonly content: Uint8Array } | undefined }

/** A record, free to be changed. */
export interface Forged {
  readonly fields: EntryFields
  readonly parts: Parts
}

export const SEGMENT = 64 * 1024

/** The records of a stream as they lie in its segments. */
export function recordsOf(stream: Stream): Forged[] {
  const { segments } = takeInventory(diskIo, stream.folder, { origin: stream.origin, segmentBytes: SEGMENT })
  const records = new Map<number, Forged>()
  for (const { header, path, saltCrc: crc } of segments) {
    const bytes = asBuffer(Uint8Array.from(readFileSync(path)))
    const within = { end: bytes.length, saltCrc: crc, cipher: undefined, seq: header.firstSeq }
    for (const found of walkCommits(bytes, HEADER_BYTES, within))
      for (const { entry, parts, seq } of found.records) {
        const fields = decodeEntry(entry)
        if (fields !== undefined) records.set(seq, { fields, parts })
      }
  }
  return [...records.values()]
}

/** A record with other content, its commitment made anew. */
export function withContent(record: Forged, part: PartName, content: Uint8Array): Forged {
  const salt = record.parts[part]?.salt ?? new Uint8Array(32)
  const parts = { ...record.parts, [part]: { salt, content } }
  return { parts, fields: { ...record.fields, [part]: commit(part, salt, content) } }
}

export interface Rewrite {
  /** Numbers and chains are made to fit. */
  readonly renumber?: boolean
  /** `keep`: those that are there. `resign`: one new head, signed with the stolen key. */
  readonly heads: 'keep' | 'resign'
}

/** Writes the whole stream anew with these records: one segment, all checksums, roots and tiles right. */
export function rewrite(dataFolder: string, stream: Stream, records: readonly Forged[], how: Rewrite): void {
  const folder = dirname(stream.folder)
  const fitting = how.renumber === false ? records : renumbered(records)
  const tree = LogTree.empty()
  rmSync(stream.folder, { recursive: true })
  rmSync(join(folder, 'tile'), { recursive: true })
  const entries = fitting.map(({ fields }) => encodeEntry(fields))
  const sizes = sizesOf(folder)
  for (const entry of entries) {
    tree.append(leafHash(entry), entry)
    writeTiles(folder, tree.takeFull())
    if (sizes.has(tree.size)) writeTiles(folder, tree.partial())
  }
  writeSegment(stream, fitting, { entries, root: tree.root() })
  writeTiles(folder, tree.partial())
  if (how.heads === 'resign') resign(dataFolder, stream, tree)
}

function writeTiles(folder: string, tiles: readonly Tile[]): void {
  for (const { at, bytes } of tiles) diskIo.replace(join(folder, tilePath(at)), bytes)
}

/** Of the heads that are there: each has tiles of its own. */
function sizesOf(folder: string): ReadonlySet<number> {
  const { heads } = parseCheckpoints(readFileSync(join(folder, 'checkpoints'), 'utf8'))
  return new Set(heads.flatMap(({ head }) => head?.size ?? []))
}

function renumbered(records: readonly Forged[]): Forged[] {
  const last = new Map<string, Uint8Array>()
  return records.map(({ fields, parts }, seq) => {
    const session = fields.session === undefined ? '' : String(fields.session)
    const prev = session === '' ? undefined : last.get(session)
    const flags = (fields.flags & ~1) | (prev === undefined ? 0 : 1)
    const fitting = { ...fields, seq, prev, flags }
    last.set(session, leafHash(encodeEntry(fitting)))
    return { fields: fitting, parts }
  })
}

function writeSegment(
  { folder, origin }: Stream,
  records: readonly Forged[],
  of: { entries: readonly Uint8Array[]; root: Uint8Array },
): void {
  const salt = new Uint8Array(16).fill(7)
  const header = {
    number: 0,
    firstSeq: 0,
    salt,
    created: 0,
    previous: undefined,
    voidFrom: undefined,
    origin,
    range: [],
  }
  const bodies = records.map(({ parts }, i) => bodyOf(of.entries[i] ?? new Uint8Array(0), parts))
  const size = bodies.reduce((sum, body) => sum + frameBytes(body.length), HEADER_BYTES)
  const file = asBuffer(new Uint8Array(Math.max(SEGMENT, size + 4096)))
  file.set(encodeHeader(header), 0)
  let at = HEADER_BYTES
  for (const [i, body] of bodies.entries()) {
    file.set(body, at + 24)
    const head = { type: FRAME.record, seq: records[i]?.fields.seq ?? 0, records: 1, saltCrc: saltCrc(salt) }
    at = sealFrame(file, at, { ...head, bodyBytes: body.length })
  }
  file.writeBigUInt64BE(0n, at + 24)
  file.writeBigUInt64BE(BigInt(records.length - 1), at + 32)
  file.writeBigUInt64BE(BigInt(records.length), at + 40)
  file.set(of.root, at + 48)
  const footer = { type: FRAME.footer, seq: 0, records: records.length, saltCrc: saltCrc(salt) }
  sealFrame(file, at, { ...footer, bodyBytes: FOOTER_BODY_BYTES })
  diskIo.replace(join(folder, segmentName(0)), file)
}

function bodyOf(entry: Uint8Array, parts: Parts): Uint8Array {
  const pieces: Uint8Array[] = [Uint8Array.of(entry.length >>> 8, entry.length & 0xff), entry]
  for (const [name, number] of [
    ['envelope', 1],
    ['request', 2],
    ['response', 3],
  ] as const) {
    const part = parts[name]
    if (part === undefined) continue
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, part.content.length)
    pieces.push(Uint8Array.of(number), part.salt, length, part.content)
  }
  return concat(pieces)
}

/** One head of that tree, by the stream's own key, as if there had never been another. */
function resign(dataFolder: string, { folder, origin }: Stream, tree: LogTree): void {
  const keys = NoteKeys.load(dataFolder, origin, { algorithms: ['ed25519'], missing: 'refuse' })
  const text = writeCheckpoint({ origin, size: tree.size, root: tree.root() })
  const note = writeNote({ text, signatures: keys.all.map((signer) => signer.sign(text, 1_795_341_600)) })
  for (const file of ['checkpoints', 'checkpoint']) writeFileSync(join(dirname(folder), file), note)
}

/** A copy of a data folder that may be damaged, removed with its scope. */
export class Copy implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sallyport-copy-'))

  constructor(of: string) {
    cpSync(of, this.path, { recursive: true })
  }
  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

/** An envelope in which one text is another. */
export function envelopeWith(record: Forged, from: string, to: string): Uint8Array {
  const text = new TextDecoder().decode(record.parts.envelope?.content)
  return encodeUtf8(text.replace(from, to))
}
