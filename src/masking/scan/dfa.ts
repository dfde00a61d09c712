import { assert, GatewayError } from '../../base/assert.ts'
import { encodeUtf8 } from '../../base/bytes.ts'
import { PAGE_COLUMNS } from './machine-layout.ts'

/** Some megabytes of table. States are 16-bit numbers, and far more of them would fall out of every cache. */
export const DFA_STATES_MAX = 32_768

/** What the states of an automaton mean. */
export interface WordEnds {
  /** From this state on, each is the end of a word. */
  readonly firstHit: number
  /** Words that end in a state, by `state - firstHit`, as places in the list of words; the longest first. */
  readonly hits: readonly (readonly number[])[]
  /** Bytes of the longest word: what a scan must see before a place to be in the right state there. */
  readonly overlap: number
}

/** All words in one automaton: a state for each way into a word, an edge for every byte, no way back to walk. */
export interface Dfa extends WordEnds {
  readonly states: number
  /**
   * By byte: its column. Bytes that no word has share one, a capital has that of its small letter, and ASCII comes first: what
   * most texts are made of lies close together, and stays in the fastest memory of the processor.
   */
  readonly columns: Uint8Array
  /** Twice the next state, and one more where it ends a word; by `nextAt`. State 0 is the beginning. */
  readonly next: Uint16Array
}

/**
 * Where in the table the edge of a column leaves a state: pages of sixty-four columns, in each the rows of states in order. Rows
 * of those that end a word begin half a row later, so that what the table says of a state is the place of its row.
 */
export function nextAt({ states, firstHit }: Pick<Dfa, 'states' | 'firstHit'>, state: number, column: number): number {
  const page = Math.floor(column / PAGE_COLUMNS) * (states * PAGE_COLUMNS + PAGE_COLUMNS / 2)
  const row = state * PAGE_COLUMNS + (state >= firstHit ? PAGE_COLUMNS / 2 : 0)
  return page + row + (column % PAGE_COLUMNS)
}

/**
 * Builds the automaton of Aho and Corasick for words of one byte or more. ASCII letters match in either case, all other
 * letters as they are. Words may be the same or inside one another. Throws config_invalid where they need too many states.
 */
export function buildDfa(words: readonly string[]): Dfa {
  const spelled = words.map(spell)
  const trie = buildTrie(spelled)
  const order = complete(trie)
  return renumber(trie, order, columnsOf(spelled))
}

const FIRST_CAPITAL = 0x41
const LAST_CAPITAL = 0x5a
/** The bit that makes a small letter of a capital. */
const TO_SMALL = 0x20

interface Trie {
  /** The state that a byte leads to, by `state << 8 | byte`; 0 where none does, as no edge leads back to the beginning. */
  readonly edges: Uint16Array
  readonly hits: number[][]
  readonly overlap: number
}

function buildTrie(spelled: readonly Uint8Array[]): Trie {
  const statesMax = Math.min(DFA_STATES_MAX, 1 + spelled.reduce((sum, bytes) => sum + bytes.length, 0))
  const edges = new Uint16Array(statesMax << 8)
  const hits: number[][] = [[]]
  let overlap = 0
  for (const [word, bytes] of spelled.entries()) {
    overlap = Math.max(overlap, bytes.length)
    let state = 0
    for (const byte of bytes) {
      const edge = (state << 8) | byte
      state = edges[edge] ?? 0
      if (state !== 0) continue
      if (hits.length === DFA_STATES_MAX) throw tooMany(spelled.length)
      state = hits.length
      edges[edge] = state
      hits.push([])
    }
    hits[state]?.push(word)
  }
  return { edges, hits, overlap }
}

function spell(word: string): Uint8Array {
  const bytes = encodeUtf8(word)
  assert(bytes.length > 0, 'a word of the scan has a letter at least')
  return bytes.map((byte) => (isCapital(byte) ? byte | TO_SMALL : byte))
}

function isCapital(byte: number): boolean {
  return byte >= FIRST_CAPITAL && byte <= LAST_CAPITAL
}

function tooMany(words: number): GatewayError {
  return new GatewayError(
    'config_invalid',
    `the words that messages are searched for (${words} of them) need more than ${DFA_STATES_MAX} states; ` +
      'take out word lists or path rules, or shorten long words',
  )
}

/** Adds the edges that a trie lacks: those of the longest ending that begins a word too. Gives the states by depth. */
function complete({ edges, hits }: Trie): readonly number[] {
  const suffix = new Uint16Array(hits.length)
  const order = [0]
  for (const state of order) {
    const row = state << 8
    const back = (suffix[state] ?? 0) << 8
    for (let byte = 0; byte < 256; byte += 1) {
      const target = edges[row | byte] ?? 0
      const fallback = state === 0 ? 0 : (edges[back | byte] ?? 0)
      if (target === 0) edges[row | byte] = fallback
      else {
        suffix[target] = fallback
        hits[target]?.push(...(hits[fallback] ?? []))
        order.push(target)
      }
    }
  }
  return order
}

/** Puts states that end a word last, so that one comparison finds them, and the others by depth: most bytes stay near 0. */
function renumber({ edges, hits, overlap }: Trie, order: readonly number[], columns: Uint8Array): Dfa {
  const isHit = (state: number): boolean => (hits[state] ?? []).length > 0
  const ends = order.filter(isHit)
  const sorted = [...order.filter((state) => !isHit(state)), ...ends]
  const states = sorted.length
  const firstHit = states - ends.length
  const rank = new Uint16Array(states)
  for (const [place, state] of sorted.entries()) rank[state] = 2 * place + (place >= firstHit ? 1 : 0)
  const pages = Math.ceil((1 + Math.max(...columns)) / PAGE_COLUMNS)
  const next = new Uint16Array(nextAt({ states, firstHit }, 0, pages * PAGE_COLUMNS))
  const bytes = Uint8Array.from(columns.keys()).filter((byte) => columns[byte] !== 0 && !isCapital(byte))
  const firsts = Int32Array.from(bytes, (byte) => nextAt({ states, firstHit }, 0, columns[byte] ?? 0))
  for (const [place, state] of sorted.entries()) {
    const row = nextAt({ states, firstHit }, place, 0)
    for (let i = 0; i < bytes.length; i += 1)
      next[(firsts[i] ?? 0) + row] = rank[edges[(state << 8) | (bytes[i] ?? 0)] ?? 0] ?? 0
  }
  return {
    states,
    columns,
    next,
    firstHit,
    hits: ends.map((state) => hits[state] ?? []),
    overlap,
  }
}

/** Column 0 is of bytes that lead to the beginning from everywhere. */
function columnsOf(words: readonly Uint8Array[]): Uint8Array {
  const isUsed = new Uint8Array(256)
  for (const word of words) for (const byte of word) isUsed[byte] = 1
  const columns = new Uint8Array(256)
  let count = 1
  for (let byte = 0; byte < 256; byte += 1) {
    if (isUsed[byte] !== 1) continue
    columns[byte] = count
    count += 1
  }
  columns.copyWithin(FIRST_CAPITAL, FIRST_CAPITAL | TO_SMALL, (LAST_CAPITAL | TO_SMALL) + 1)
  return columns
}
