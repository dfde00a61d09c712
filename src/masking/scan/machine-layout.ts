// Where in the memory of the scan's WebAssembly what stands, in bytes. The code in `words-wat.ts` and `rows-wat.ts` reads and
// writes these places, `machine.ts` fills and empties them.

/** Of a longer text so much is looked at at once: the memory is as large as it is, however long a message is. */
export const CHUNK_BYTES = 65_536
/** Zeros behind the text, as far as any part reads: whole blocks of sixteen bytes, and eight bytes of bits more. */
export const PADDING_BYTES = 192

/** For each byte, the place of its column in the automaton's table. */
export const COLUMNS_AT = 0
/** Where what each of the four lanes has found ends. */
export const LANE_ENDS_AT = 1_024
export const CHUNK_AT = 2_048

/** One bit for each byte of the text: whether it belongs. */
const BITS_BYTES = (CHUNK_BYTES + PADDING_BYTES) / 8
const BITS_AT = CHUNK_AT + CHUNK_BYTES + PADDING_BYTES
export const DIGIT_BITS_AT = BITS_AT
export const CAPITAL_BITS_AT = BITS_AT + BITS_BYTES
export const NUMBER_BITS_AT = BITS_AT + 2 * BITS_BYTES
export const WORD_BITS_AT = BITS_AT + 3 * BITS_BYTES
export const BASE64_BITS_AT = BITS_AT + 4 * BITS_BYTES
export const DASH_BITS_AT = BITS_AT + 5 * BITS_BYTES

/** A place and a state for every byte at most; the last lane has the bytes that no four equal quarters have. */
export const LANE_BYTES = 8 * (CHUNK_BYTES / 4 + 64)
export const LANES_AT = BITS_AT + 6 * BITS_BYTES
/** Rows are told one kind after the other: no kind has more than one in eight bytes. */
export const ROWS_AT = LANES_AT + 4 * LANE_BYTES
export const ROW_NUMBERS = 4
const ROWS_BYTES = 4 * ROW_NUMBERS * (CHUNK_BYTES / 8 + 1)

/** Two bytes for each column of each state, sixty-four columns side by side; two of the processor's lines of memory for a state. */
export const TABLE_AT = Math.ceil((ROWS_AT + ROWS_BYTES) / 128) * 128
export const PAGE_COLUMNS = 64
