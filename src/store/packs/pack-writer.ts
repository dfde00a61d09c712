import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { assert } from '../../base/assert.ts'
import { syncFolder, UNFINISHED } from '../segments/io.ts'
import { encodeBlockHead, encodeGroup, encodeHead, encodeIndex, type PackHead, type SealedGroup } from './format.ts'

const BLOCK_HEAD = encodeBlockHead({ firstSeq: 0, records: 0, groups: 0, bodyBytes: 0 }, () => 0)
const WINDOW_BYTES = 1024 * 1024

/**
 * Writes a pack group by group, so that no more than one of them is in memory, however large a block is. It is there whole or not
 * at all, also after a power cut: written beside, synced, renamed, folder synced.
 */
export class PackWriter implements Disposable {
  readonly path: string
  readonly #head: PackHead
  readonly #fd: number
  readonly #blocks: { readonly firstSeq: number; readonly at: number }[] = []
  #at = 0
  #open = true

  constructor(path: string, head: PackHead) {
    this.path = path
    this.#head = head
    this.#fd = openSync(path + UNFINISHED, 'w+', 0o600)
    this.#at = this.#write(encodeHead(head, 0), 0)
  }

  /** Blocks come in the order of their first seq. One without a group is left out. */
  add(block: { readonly firstSeq: number; readonly records: number }, groups: Iterable<SealedGroup>): void {
    const bodyAt = this.#at + BLOCK_HEAD.length
    let at = bodyAt
    let count = 0
    for (const group of groups) {
      at = this.#write(encodeGroup(group), at)
      count++
    }
    if (count === 0) return
    const of = { ...block, groups: count, bodyBytes: at - bodyAt }
    this.#write(
      encodeBlockHead(of, (crc) => this.#crc(bodyAt, at, crc)),
      this.#at,
    )
    this.#blocks.push({ firstSeq: block.firstSeq, at: this.#at })
    this.#at = at
  }

  get blocks(): number {
    return this.#blocks.length
  }

  finish(): void {
    assert(this.#blocks.length > 0, 'a pack has a block')
    this.#write(encodeIndex(this.#blocks, this.#at), this.#at)
    this.#write(encodeHead(this.#head, this.#blocks.length), 0)
    fsyncSync(this.#fd)
    this.#close()
    renameSync(this.path + UNFINISHED, this.path)
    syncFolder(dirname(this.path))
  }

  /** What was not finished goes at once: on a full disk it may be what an outcome needs. */
  [Symbol.dispose](): void {
    if (!this.#open) return
    this.#close()
    rmSync(this.path + UNFINISHED, { force: true })
  }

  #close(): void {
    this.#open = false
    closeSync(this.#fd)
  }

  /** Gives where it ends. */
  #write(bytes: Uint8Array, position: number): number {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at, bytes.length - at, position + at)
    return position + bytes.length
  }

  /** Of what was written, from the file: its head, which comes first, could not be known before. */
  #crc(from: number, end: number, before: number): number {
    let crc = before
    const window = new Uint8Array(Math.min(WINDOW_BYTES, end - from))
    for (let at = from; at < end;) {
      const count = readSync(this.#fd, window, 0, Math.min(window.length, end - at), at)
      assert(count > 0, 'what was written can be read')
      crc = crc32(window.subarray(0, count), crc)
      at += count
    }
    return crc
  }
}
