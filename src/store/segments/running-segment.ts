import { clock } from '../../base/clock.ts'
import { encodeHeader, HEADER_BYTES, type SegmentHeader } from './header.ts'
import { END_BODY_BYTES, END_FRAME_BYTES, FRAME, FRAME_HEAD_BYTES, saltCrc, sealFrame } from './frame.ts'
import { type Io, writeAll } from './io.ts'
import { newSegmentKey, SegmentCipher, type WrappingKey } from './segment-key.ts'
import { asBuffer } from './walk.ts'

interface Begun {
  readonly header: SegmentHeader
  readonly bytes: number
  readonly cipher: SegmentCipher | undefined
}

/** The segment that commits go to. Its only writer is the writer's thread. After any error it is not touched again. */
export class RunningSegment {
  readonly number: number
  readonly saltCrc: number
  readonly cipher: SegmentCipher | undefined
  readonly #io: Io
  readonly #fd: number
  readonly #bytes: number
  #position = HEADER_BYTES

  private constructor(io: Io, fd: number, of: Begun) {
    this.#io = io
    this.#fd = fd
    this.#bytes = of.bytes
    this.number = of.header.number
    this.saltCrc = saltCrc(of.header.salt)
    this.cipher = of.cipher
  }

  /** Turns a spare into the running segment. The header is durable before the first commit, so that a torn one never had any. */
  static begin(
    io: Io,
    path: string,
    of: { header: SegmentHeader; bytes: number; under: WrappingKey | undefined },
  ): RunningSegment {
    const { salt } = of.header
    const made = of.under && newSegmentKey(of.under, salt)
    const header = { ...of.header, sealing: made?.sealing }
    const fd = io.open(path, 'r+')
    writeAll(io, fd, encodeHeader(header), 0)
    io.fdatasync(fd)
    return new RunningSegment(io, fd, { ...of, header, cipher: made && SegmentCipher.of(made.key, salt, path) })
  }

  get position(): number {
    return this.#position
  }
  /** Bytes that a commit may still take; the end frame always fits behind it. */
  get room(): number {
    return this.#bytes - this.#position - END_FRAME_BYTES
  }

  /** From here on the commit survives a crash; before this returns, nobody may be told. Returns how long the sync took, in microseconds. */
  commit(bytes: Uint8Array): number {
    writeAll(this.#io, this.#fd, bytes, this.#position)
    const since = clock.monoMicros()
    this.#io.fdatasync(this.#fd)
    this.#position += bytes.length
    return clock.monoMicros() - since
  }

  /** Says that the next segment goes on. */
  end(nextSeq: number): void {
    const frame = asBuffer(new Uint8Array(END_FRAME_BYTES))
    frame.writeBigUInt64BE(BigInt(nextSeq), FRAME_HEAD_BYTES)
    const head = { type: FRAME.end, seq: nextSeq, records: 0, bodyBytes: END_BODY_BYTES, saltCrc: this.saltCrc }
    sealFrame(frame, 0, head)
    this.commit(frame)
    this.#io.close(this.#fd)
  }

  close(): void {
    this.#io.close(this.#fd)
  }
}
