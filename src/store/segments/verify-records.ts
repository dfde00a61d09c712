import { Buffer } from 'node:buffer'
import { dirname } from 'node:path'
import { equal } from '../../base/bytes.ts'
import { CompactRange, emptyRoot, leafHash } from '../../audit/tree.ts'
import type { Finding, RecordChecker } from '../../audit/verify.ts'
import type { HeadsReport } from '../../audit/verify-heads.ts'
import type { PackKeys } from '../packs/keys.ts'
import type { PackDamage } from '../packs/pack-file.ts'
import { minimumIndex, SealedBlocks, type SealedOptions } from '../packs/sealed.ts'
import { BLOCK_RECORDS, bundlePath } from '../packs/block-files.ts'
import { LogDamage } from './damage.ts'
import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { diskIo, readAll } from './io.ts'
import { listSegments } from './segment-chain.ts'
import { SegmentFile } from './segment-file.ts'
import type { Stream } from './stream.ts'
import { StreamCheck, type StreamCheckOptions } from './verify-stream.ts'
import { asBuffer, commitLiesAfter, type RawCommit, walkCommits, type Within } from './walk.ts'

/** Bytes of a commit that was cut off; it was never acknowledged, unless someone altered it: only a head can tell. */
export interface TornTail {
  readonly file: string
  readonly offset: number
}

/** One stream, as it was found. */
export interface StreamReport {
  readonly size: number
  /** Entries below it were pruned. */
  readonly start: number
  readonly root: Uint8Array
  readonly records: RecordChecker['records']
  readonly heads: HeadsReport
  readonly tornTail: TornTail | undefined
}

/**
 * Checks one stream whole: records in packs and segments, headers, frames, footers, commitments, gaps, chains, pairs, tiles,
 * heads. Reads only, and can run beside a gateway.
 */
export function verifyStream(
  stream: Stream,
  options: Omit<StreamCheckOptions, 'wal' | 'start' | 'origin'>,
  keys?: PackKeys,
): StreamReport {
  const sealed = { folder: dirname(stream.folder), origin: stream.origin, keys }
  const start = minimumIndex(sealed.folder)
  const verifier = new Verifier({ ...options, origin: stream.origin, wal: stream.folder, start })
  try {
    const segments = listSegments(stream, keys)
    verifier.sealed(sealed, segments[0])
    verifier.walk(segments)
  } catch (failure) {
    if (!(failure instanceof LogDamage)) throw failure
    const code = failure.code === 'segment_missing' ? failure.code : 'segment_damaged'
    verifier.find(code, failure.message, { file: failure.file, offset: failure.offset })
  }
  return verifier.finish()
}

const BRING_BACK = 'Bring the file back from a backup; do not start the gateway on it before.'

class Verifier {
  readonly #report: (finding: Finding) => void
  readonly #checker: StreamCheck
  readonly #start: number
  #tree = new CompactRange()
  #tornTail: TornTail | undefined

  constructor(options: StreamCheckOptions) {
    this.#start = options.start
    this.#report = options.report
    this.#checker = new StreamCheck(options)
  }

  find(code: Finding['code'], what: string, where: { file: string; offset?: number | undefined }): void {
    this.#report({ code, what, ...where, do: BRING_BACK })
  }

  /** What lies in bundles and packs: everything before the first segment. */
  sealed(options: SealedOptions, first: Segment | undefined): void {
    using blocks = new SealedBlocks(options)
    const end = first?.header.firstSeq ?? 0
    for (let block = this.#start / BLOCK_RECORDS; block * BLOCK_RECORDS < end; block++) {
      let found = 0
      const told = new Set<PackDamage>()
      for (const record of blocks.find(block)) {
        found++
        this.#tell(record.damage, told)
        if (record.seq >= end) continue
        this.#checker.check(record)
        if (this.#start === 0) this.#tree.append(leafHash(record.entry))
      }
      if (found === 0)
        this.find('segment_missing', 'the entries of a block are not there', {
          file: bundlePath(options.folder, block),
        })
    }
  }

  #tell(damage: PackDamage | undefined, told: Set<PackDamage>): void {
    if (damage === undefined || told.has(damage)) return
    told.add(damage)
    this.find('payload_altered', damage.message, { file: damage.file, offset: damage.offset })
  }

  walk(segments: readonly Segment[]): void {
    const begun = segments.filter((segment) => hasCommit(segment))
    for (const [i, segment] of begun.entries()) this.#segment(segment, begun[i + 1])
    // What was begun last and holds nothing was never acknowledged; before others it cannot stand.
    const last = begun.at(-1)
    for (const { header, path } of segments)
      if (last !== undefined && header.number < last.header.number && !begun.some((one) => one.path === path))
        this.find('segment_damaged', 'the segment holds no complete commit', { file: path, offset: HEADER_BYTES })
  }

  finish(): StreamReport {
    const heads = this.#checker.finish()
    const root = this.#tree.size === 0 ? emptyRoot() : this.#tree.root()
    return {
      size: this.#tree.size,
      start: this.#start,
      root,
      records: this.#checker.records,
      heads,
      tornTail: this.#tornTail,
    }
  }

  #segment(segment: Segment, next: Segment | undefined): void {
    const { header, path: file } = segment
    const bytes = readSettled(segment)
    // Below the minimum index there are no leaves to count from.
    const known = this.#start === 0 || this.#tree.size > 0
    if (known && !sameRange(this.#tree, header.firstSeq, header.range))
      this.find('root_mismatch', 'the tree at the head of the segment is not that of the records before it', {
        file,
        offset: 0,
      })
    this.#tree = new CompactRange(header.firstSeq, header.range)
    const { cipher, saltCrc } = segment
    const within = { end: Math.min(bytes.length, next?.header.voidFrom ?? Infinity), saltCrc, cipher }
    const walk = walkCommits(bytes, HEADER_BYTES, { ...within, seq: header.firstSeq })
    let step = walk.next()
    for (; step.done !== true; step = walk.next()) this.#commit(step.value, file)
    const end = step.value
    if (next === undefined) this.#tail(bytes, end, { ...within, file })
    else if (end !== within.end)
      this.find('segment_damaged', 'records that were acknowledged cannot be read', { file, offset: end })
  }

  #commit(commit: RawCommit, file: string): void {
    for (const { at, entry, parts, seq } of commit.records) {
      this.#checker.check({ seq, entry, parts, file, offset: at })
      this.#tree.append(leafHash(entry))
    }
    if (commit.treeSize !== this.#tree.size || !equal(commit.root, this.#tree.root()))
      this.find('root_mismatch', 'the root beside a commit is not that of its records', { file, offset: commit.at })
  }

  #tail(bytes: Buffer, at: number, of: Omit<Within, 'seq'> & { file: string }): void {
    const { file } = of
    if (commitLiesAfter(bytes, at, of))
      this.find('segment_damaged', 'a complete commit lies behind a place that cannot be read', { file, offset: at })
    else if (!isZero(bytes.subarray(at))) this.#tornTail = { file, offset: at }
  }
}

/** A gateway may write while we read, so that a later commit is seen and the one before it not yet. A second look settles it. */
function readSettled({ cipher, header, path, saltCrc }: Segment): Buffer {
  for (let looks = 1; ; looks++) {
    const bytes = asBuffer(readAll(diskIo, path))
    const within = { end: bytes.length, saltCrc, cipher, seq: header.firstSeq }
    const walk = walkCommits(bytes, HEADER_BYTES, within)
    let step = walk.next()
    while (step.done !== true) step = walk.next()
    if (looks === LOOKS_MAX || !commitLiesAfter(bytes, step.value, within)) return bytes
  }
}

const LOOKS_MAX = 3

/** What is left of a file is megabytes, and mostly zeros. */
function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length)
    if (!ZEROS.subarray(0, bytes.length - at).equals(bytes.subarray(at, at + ZEROS.length))) return false
  return true
}

const ZEROS = Buffer.alloc(64 * 1024)

function hasCommit(segment: Segment): boolean {
  const { cipher, header, path, saltCrc } = segment
  using file = new SegmentFile(segment)
  if (file.commit(HEADER_BYTES, { end: file.size, seq: header.firstSeq })?.kind === 'commit') return true
  const bytes = asBuffer(readAll(diskIo, path))
  return commitLiesAfter(bytes, HEADER_BYTES, { end: bytes.length, saltCrc, cipher })
}

function sameRange(tree: CompactRange, size: number, hashes: readonly Uint8Array[]): boolean {
  return tree.size === size && hashes.every((hash, i) => equal(hash, tree.hashes[i] ?? new Uint8Array(0)))
}
