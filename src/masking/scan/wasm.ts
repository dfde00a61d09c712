import compile from 'watr/compile'

/** What is used here of the JavaScript API of WebAssembly: TypeScript has its types only along with those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => { readonly kind: 'module' }
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  // oxlint-disable-next-line no-unnecessary-type-parameters -- what a text exports is for its author to say
  readonly Instance: new <Functions>(module: WasmCode, imports: object) => { readonly exports: Functions }
}

/** Code that machines with memories of their own may share. */
export interface WasmCode {
  readonly kind: 'module'
}

/** Where a part of a text is put, and how many zeros stand behind it. */
export interface ChunkLayout {
  readonly at: number
  readonly bytes: number
  readonly padding: number
}

const PAGE_BYTES = 65_536

/** Takes some milliseconds: whoever hides nothing does without. `wat` reads and writes one memory, and reaches nothing else. */
export function wasmCode(wat: string): WasmCode {
  return new WebAssembly.Module(compile(`(module (import "masking" "memory" (memory 1)) ${wat})`))
}

/** Functions of WebAssembly beside a memory of one size, into which a text is loaded part by part. */
export class WasmMachine<Functions> {
  readonly buffer: ArrayBuffer
  readonly functions: Functions
  readonly #chunk: Uint8Array
  readonly #padding: number

  /** `bytes`: of the memory. The caller says which functions the text exports. */
  constructor(code: WasmCode, bytes: number, { at, bytes: chunkBytes, padding }: ChunkLayout) {
    const pages = Math.ceil(bytes / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.buffer = memory.buffer
    this.functions = new WebAssembly.Instance<Functions>(code, { masking: { memory } }).exports
    this.#chunk = new Uint8Array(memory.buffer, at, chunkBytes + padding)
    this.#padding = padding
  }

  load(chunk: Uint8Array): void {
    this.#chunk.set(chunk)
    this.#chunk.fill(0, chunk.length, chunk.length + this.#padding)
  }
}
