import type { Span } from '../decoded-view.ts'
import { WasmMachine, wasmCode } from '../scan/wasm.ts'
import { base64Value } from './base64.ts'
import {
  BASE64_RUNS_WAT,
  CHUNK_AT,
  CHUNK_BYTES,
  GROUP_BITS_MAX,
  GROUPS_AT,
  MEMORY_BYTES,
  PADDING_BYTES,
  PAIRS_AT,
  RUN_CHARS_MIN,
  RUNS_AT,
  VALUES_AT,
} from './base64-runs-wat.ts'

interface Functions {
  readonly runs: (length: number) => number
  readonly group: (at: number, end: number, shift: number) => number
}

const CHUNK = { at: CHUNK_AT, bytes: CHUNK_BYTES, padding: PADDING_BYTES }
const TABLE_BYTES = 2 ** (GROUP_BITS_MAX - 3)
const VALUE_MAX = 63

/**
 * Finds the runs of base64 of some bytes, and groups of a table in them, in WebAssembly (`base64-runs-wat.ts`): sixteen bytes
 * are looked at with one instruction, and the tables are there already, whatever message comes.
 */
export class Base64Machine {
  static #one: Base64Machine | undefined
  /** Tables of one bit each: groups, and pairs of them. Whoever searches fills them before. */
  readonly groups: Uint8Array
  readonly pairs: Uint8Array
  readonly #wasm: WasmMachine<Functions>
  readonly #runs: Int32Array

  /** The one for all searches: to make it takes some milliseconds, and whoever hides nothing does without. */
  static get one(): Base64Machine {
    Base64Machine.#one ??= new Base64Machine()
    return Base64Machine.#one
  }

  private constructor() {
    this.#wasm = new WasmMachine(wasmCode(BASE64_RUNS_WAT), MEMORY_BYTES, CHUNK)
    const { buffer } = this.#wasm
    this.groups = new Uint8Array(buffer, GROUPS_AT, TABLE_BYTES)
    this.pairs = new Uint8Array(buffer, PAIRS_AT, TABLE_BYTES)
    new Uint8Array(buffer, VALUES_AT, 256).set(Array.from({ length: 256 }, (_, byte) => base64Value(byte) & VALUE_MAX))
    this.#runs = new Int32Array(buffer, RUNS_AT, 2 * (CHUNK_BYTES / RUN_CHARS_MIN + 1))
  }

  /**
   * Every run of sixteen characters or more, in order. `onRun` may ask for groups of a run, and not for runs: of that the part
   * of the bytes is there that the run begins in.
   */
  runs(bytes: Uint8Array, onRun: (run: LoadedRun) => void): void {
    for (let from = 0; from < bytes.length;) {
      const end = Math.min(bytes.length, from + CHUNK_BYTES)
      this.#wasm.load(bytes.subarray(from, end))
      const count = this.#wasm.functions.runs(end - from)
      let to = 0
      for (let i = 0; i < 2 * count; i += 2) {
        to = from + (this.#runs[i + 1] ?? 0)
        const known = to
        if (to === end) to = endOfRun(bytes, to)
        onRun({ start: from + (this.#runs[i] ?? 0), end: to, from, known })
      }
      // A run that is too short to be seen may go on behind the chunk.
      from = end === bytes.length ? end : Math.max(to, end - RUN_CHARS_MIN + 1)
    }
  }

  /** The first place from `at` on, in the run, at which a group of the table may end; -1 where none does. `shift`: of its hash. */
  group({ from, known }: LoadedRun, at: number, shift: number): number {
    const place = this.#wasm.functions.group(at - from, known - from, shift)
    return place < 0 ? -1 : place + from
  }
}

/** A run, and the part of the bytes that is loaded: from `from` on, and up to `known` of the run. */
export interface LoadedRun extends Span {
  readonly from: number
  readonly known: number
}

function endOfRun(bytes: Uint8Array, from: number): number {
  let end = from
  while (end < bytes.length && base64Value(bytes[end] ?? 0) <= VALUE_MAX) end++
  return end
}
