// The package types its own front, which keeps one instance for ever; `engine.ts` needs the module behind it.
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface PgQuery {
    readonly HEAPU8: Uint8Array
    getValue(pointer: number, type: 'i32'): number
    UTF8ToString(pointer: number): string
    stringToUTF8(text: string, pointer: number, bytesMax: number): void
    lengthBytesUTF8(text: string): number
    _malloc(bytes: number): number
    _free(pointer: number): void
    _wasm_parse_query_raw(query: number): number
    _wasm_free_parse_result(result: number): void
    _wasm_parse_plpgsql(query: number): number
    _wasm_fingerprint(query: number): number
    _wasm_scan(query: number): number
    _wasm_free_string(text: number): void
  }
  const makeModule: (options: { print(line: string): void; printErr(line: string): void }) => Promise<PgQuery>
  export default makeModule
}
