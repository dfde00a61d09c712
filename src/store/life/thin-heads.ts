import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseCheckpoints, type SignedCheckpoint } from '../../audit/checkpoint.ts'
import { writeNote } from '../../audit/note.ts'
import { decodeUtf8, encodeUtf8, toHex } from '../../base/bytes.ts'
import { DAY_MS } from '../../base/units.ts'
import { tailOf } from '../../witness/head-file.ts'
import { syncFolder, UNFINISHED } from '../segments/io.ts'
import { readAt } from '../segments/segment-file.ts'
import { findThinned, thinnedName } from '../segments/thinned-heads.ts'
import { HeadsOfLog } from './heads-of-log.ts'

export interface HeadFile {
  /** Of the stream. */
  readonly folder: string
  /** `checkpoints` or `witnessed`. */
  readonly name: string
}

/** Younger heads are all kept. */
const KEPT_MS = 30 * DAY_MS
const READ_BYTES = 1024 * 1024
/** To write a large file anew for less than this share of it does not pay. */
const WORTH = 1 / 64

/**
 * Leaves out old heads: of each hour stays the one that most have signed, and whatever is first, does not fit its log, or is
 * signed by other keys of the log than its neighbours (audit.md, 7.3). Makes the file beside; who appends lets it take the
 * place. Returns how many are left out.
 */
export async function thinHeads(file: HeadFile, nowMs: number): Promise<number> {
  if (findThinned(readdirSync(file.folder), file.name) !== undefined) return 0
  const path = join(file.folder, file.name)
  const from = await settledEnd(path)
  if (from === 0) return 0
  const fd = openSync(path, 'r')
  try {
    return await thin(fd, { ...file, from, oldBefore: nowMs - KEPT_MS })
  } finally {
    closeSync(fd)
  }
}

/** Where the newest head begins: those before it are synced, since none is appended before the one before it is. */
async function settledEnd(path: string): Promise<number> {
  const { end, heads } = await tailOf(path)
  const newest = heads.at(-1)?.head
  return newest === undefined ? 0 : end - encodeUtf8(writeNote(newest.note)).length
}

interface Thinning extends HeadFile {
  readonly from: number
  readonly oldBefore: number
}

async function thin(fd: number, { folder, from, name, oldBefore }: Thinning): Promise<number> {
  const path = join(folder, `${name}.thinned`) + UNFINISHED
  const out = openSync(path, 'w', 0o600)
  let bytes = 0
  const write = (some: Uint8Array): void => {
    for (let at = 0; at < some.length;) at += writeSync(out, some, at)
    bytes += some.length
  }
  try {
    const sieve = new Sieve(write)
    const log = new HeadsOfLog(folder)
    let upTo = 0
    for (const head of headsIn(fd, from)) {
      const hour = head.head && log.hourOf(head.head, oldBefore)
      if (head.head !== undefined && hour === undefined) break
      sieve.add({ ...head, hour, keep: upTo === 0 || head.head === undefined || !log.fits(head.head) })
      upTo = head.end
      await nextTurn()
    }
    sieve.flush()
    if (upTo - bytes < from * WORTH || sieve.leftOut === 0) return 0
    for (let at = upTo; at < from; at += READ_BYTES) {
      write(readAt(fd, at, Math.min(READ_BYTES, from - at)))
      await nextTurn()
    }
    fsyncSync(out)
    renameSync(path, join(folder, thinnedName(name, { from, bytes })))
    syncFolder(folder)
    return sieve.leftOut
  } finally {
    closeSync(out)
    rmSync(path, { force: true })
  }
}

interface Found {
  /** Undefined: what stands there is no head. It is for `audit verify` to say so, and stays. */
  readonly head: SignedCheckpoint | undefined
  readonly bytes: Uint8Array
  readonly end: number
}

/** Heads below that end, in their order. */
function* headsIn(fd: number, end: number): Generator<Found, void, undefined> {
  for (let at = 0; at < end;) {
    const bytes = readAt(fd, at, Math.min(READ_BYTES, end - at))
    const { heads, end: whole } = parseCheckpoints(decodeUtf8(bytes))
    // More signatures of the last one may follow.
    const settled = at + bytes.length < end ? heads.slice(0, -1) : heads
    const ends = [...heads.slice(1).map(({ offset }) => offset), whole]
    for (const [i, { head, offset }] of settled.entries())
      yield { head, bytes: bytes.subarray(offset, ends[i]), end: at + (ends[i] ?? whole) }
    if (settled.length === 0) return
    at += ends[settled.length - 1] ?? whole
  }
}

interface Held extends Found {
  readonly hour: string | undefined
  keep: boolean
}

/** Heads of one hour at a time, until it is known which of them stay. */
class Sieve {
  leftOut = 0
  readonly #write: (bytes: Uint8Array) => void
  #held: Held[] = []

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  add(head: Held): void {
    const before = this.#held.at(-1)
    // Which head covers the announcement of a key, signed by the key before, is what makes the new one count.
    if (before !== undefined && ownKeysOf(before) !== ownKeysOf(head)) before.keep = head.keep = true
    if (before !== undefined && before.hour !== head.hour) this.flush()
    this.#held.push(head)
  }

  flush(): void {
    const best = this.#held.reduce<Held | undefined>(
      (most, one) => (signers(one) >= signers(most) ? one : most),
      undefined,
    )
    for (const one of this.#held)
      if (one.keep || one === best) this.#write(one.bytes)
      else this.leftOut++
    this.#held = []
  }
}

function signers(held: Held | undefined): number {
  return held?.head?.note.signatures.length ?? 0
}

/** Of the log itself: witnesses come and go. */
function ownKeysOf({ head }: Held): string {
  const own = head?.note.signatures.filter(({ name }) => name === head.origin) ?? []
  return own.map(({ keyId }) => toHex(keyId)).join()
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
