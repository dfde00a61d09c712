import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { assert } from '../../base/assert.ts'
import {
  decodeBlock,
  decodeIndex,
  HEAD_BYTES_MAX,
  indexAt,
  PACK_TRAILER_BYTES,
  type PackBlock,
  type PackIndex,
} from './format.ts'

/** What of a pack cannot be read. */
export class PackDamage extends Error {
  readonly file: string
  readonly offset: number

  constructor(what: string, where: { file: string; offset: number }) {
    super(`${what} (${where.file}, offset ${where.offset})`)
    this.name = 'PackDamage'
    this.file = where.file
    this.offset = where.offset
  }
}

/** One pack on disk, open for reading. */
export class PackFile implements Disposable {
  readonly path: string
  readonly index: PackIndex
  readonly #fd: number
  #open = true

  private constructor(path: string, fd: number, index: PackIndex) {
    this.path = path
    this.#fd = fd
    this.index = index
  }

  /** Throws PackDamage, and what the system says where it is not there. */
  static open(path: string): PackFile {
    const fd = openSync(path, 'r')
    try {
      const { size } = fstatSync(fd)
      const trailer = readExactly(fd, size - PACK_TRAILER_BYTES, PACK_TRAILER_BYTES)
      const at = trailer && indexAt(trailer)
      const head = readExactly(fd, 0, Math.min(HEAD_BYTES_MAX, size))
      const rest = at === undefined || at > size ? undefined : readExactly(fd, at, size - at)
      const index = head && rest && at !== undefined ? decodeIndex(head, rest, at) : undefined
      if (index === undefined) throw new PackDamage('this is not a pack of version 1', { file: path, offset: 0 })
      return new PackFile(path, fd, index)
    } catch (failure) {
      closeSync(fd)
      throw failure
    }
  }

  /** The block that begins at this seq; undefined where the pack has none. Its groups can be read as long as this is open. Throws PackDamage. */
  read(firstSeq: number): PackBlock | undefined {
    const place = this.index.blocks.find((one) => one.firstSeq === firstSeq)
    if (place === undefined) return undefined
    const damage = (): PackDamage =>
      new PackDamage('a block of a pack was altered', { file: this.path, offset: place.at })
    const length = place.end - place.at
    const whole = length <= AT_ONCE_BYTES ? readExactly(this.#fd, place.at, length) : undefined
    const read = (at: number, bytes: number): Uint8Array => {
      assert(this.#open, 'a pack that is read is open')
      const found = whole?.subarray(at, at + bytes) ?? readExactly(this.#fd, place.at + at, bytes)
      if (found?.length !== bytes) throw damage()
      return found
    }
    const block = decodeBlock(length, read)
    if (block?.firstSeq !== firstSeq) throw damage()
    return block
  }

  [Symbol.dispose](): void {
    this.#open = false
    closeSync(this.#fd)
  }
}

/** A block of common size is read at once, larger ones group by group. */
const AT_ONCE_BYTES = 1024 * 1024

function readExactly(fd: number, position: number, length: number): Uint8Array | undefined {
  if (position < 0 || length < 0) return undefined
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length;) {
    const count = readSync(fd, bytes, at, length - at, position + at)
    if (count === 0) return undefined
    at += count
  }
  return bytes
}
