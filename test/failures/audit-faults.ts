import type { Io } from '../../src/store/segments/io.ts'

/** What goes wrong in the writer's thread; the test changes it while the thread runs. */
export const FAULT = {
  none: 0,
  /** Nothing is written, and the write fails. */
  writeLost: 1,
  /** All is written, and the write fails nevertheless. */
  writeKept: 2,
  /** `amount` bytes are written, then the write fails. */
  writeTorn: 3,
  /** `amount` bytes are written, then the rest in a second call. */
  writeShort: 4,
  /** The sync fails, and what was written is gone. */
  syncLost: 5,
  /** The sync fails, though everything reached the disk. */
  syncKept: 6,
  /** The sync takes `amount` milliseconds. */
  syncSlow: 7,
  /** No further segment can be made. */
  full: 8,
  /** Every write fails with ENOSPC. */
  writeFull: 9,
  /** Every open for writing fails with EROFS, and every write. */
  readOnly: 10,
  /** No tile can be written. */
  tileLost: 11,
  /** No head can be put into the file of heads. */
  headLost: 12,
} as const

export class FaultSwitch {
  readonly data = new SharedArrayBuffer(16)
  readonly #cells = new Int32Array(this.data)

  /** From now on `times` times; for ever without. Writes of a segment's header do not count. */
  set(fault: keyof typeof FAULT, { amount = 0, times = -1 } = {}): void {
    Atomics.store(this.#cells, 1, amount)
    Atomics.store(this.#cells, 2, times)
    Atomics.store(this.#cells, 0, FAULT[fault])
  }

  get faults() {
    return { module: import.meta.url, data: this.data }
  }
}

const HEADER_BYTES = 4096

/** @public Loaded by name, by the writer's thread. */
export function wrapIo(io: Io, data: unknown): Io {
  if (!(data instanceof SharedArrayBuffer)) throw new TypeError('faults come in shared memory')
  const cells = new Int32Array(data)
  let written: { position: number; length: number } | undefined
  const amount = (): number => Atomics.load(cells, 1)
  const fires = (fault: number): boolean => {
    if (Atomics.load(cells, 0) !== fault || Atomics.load(cells, 2) === 0) return false
    if (Atomics.load(cells, 2) > 0) Atomics.sub(cells, 2, 1)
    return true
  }
  return {
    ...io,
    open: (path, flags) => {
      if (flags === 'r+' && fires(FAULT.readOnly)) throw failure('EROFS')
      return io.open(path, flags)
    },
    write: (fd, bytes, position) => {
      if (position < HEADER_BYTES) return io.write(fd, bytes, position)
      written = { position, length: bytes.length }
      if (fires(FAULT.writeLost)) throw failure('EIO')
      if (fires(FAULT.writeFull)) throw failure('ENOSPC')
      if (fires(FAULT.readOnly)) throw failure('EROFS')
      if (fires(FAULT.writeShort)) return io.write(fd, bytes.subarray(0, amount()), position)
      if (fires(FAULT.writeTorn)) {
        io.write(fd, bytes.subarray(0, amount()), position)
        throw failure('EIO')
      }
      const count = io.write(fd, bytes, position)
      if (fires(FAULT.writeKept)) throw failure('EIO')
      return count
    },
    fdatasync: (fd) => {
      if (written !== undefined && fires(FAULT.syncLost)) {
        io.write(fd, new Uint8Array(written.length), written.position)
        throw failure('EIO')
      }
      if (fires(FAULT.syncSlow)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, amount())
      io.fdatasync(fd)
      if (written !== undefined && fires(FAULT.syncKept)) throw failure('EIO')
    },
    put: (path, bytes) =>
      path.includes('/tile/') && fires(FAULT.tileLost) ? Promise.reject(failure('EIO')) : io.put(path, bytes),
    appendDurably: (path, end, bytes) => {
      if (fires(FAULT.headLost)) throw failure('EIO')
      io.appendDurably(path, end, bytes)
    },
    makeZeros: (path, bytes) => (fires(FAULT.full) ? Promise.reject(failure('ENOSPC')) : io.makeZeros(path, bytes)),
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code })
}
