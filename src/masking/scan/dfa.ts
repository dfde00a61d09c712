import { assert, GatewayError } from '../../base/assert.ts'
import { encodeUtf8 } from '../../base/bytes.ts'

/** 16 MiB of table. States are 16-bit numbers, and far more of them would fall out of every cache. */
export const DFA_STATES_MAX = 32_768

/** All words in one automaton: a state for each way into a word, 256 edges each, no way back to walk. */
export interface Dfa {
  /** The next state, by `state << 8 | byte`. State 0 is the beginning. */
  readonly next: Uint16Array
  /** From this state on, each is the end of a word. */
  readonly firstHit: number
  /** Words that end in a state, by `state - firstHit`, as places in the list of words; the longest first. */
  readonly hits: readonly (readonly number[])[]
  /** Bytes of the longest word: what a scan must see before a place to be in the right state there. */
  readonly overlap: number
}

/**
 * Builds the automaton of Aho and Corasick for words of one byte or more. ASCII letters match in either case, all other
 * letters as they are. Words may be the same or inside one another. Throws config_invalid where they need too many states.
 */
export function buildDfa(words: readonly string[]): Dfa {
  const trie = buildTrie(words)
  const order = complete(trie)
  return renumber(trie, order)
}

interface Trie {
  /** The state that a byte leads to, by `state << 8 | byte`; 0 where none does, as no edge leads back to the beginning. */
  readonly edges: Uint16Array
  readonly hits: number[][]
  readonly overlap: number
}

function buildTrie(words: readonly string[]): Trie {
  const spelled = words.map(spell)
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
      if (hits.length === DFA_STATES_MAX) throw tooMany(words.length)
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
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))
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
function renumber({ edges, hits, overlap }: Trie, order: readonly number[]): Dfa {
  const isHit = (state: number): boolean => (hits[state] ?? []).length > 0
  const ends = order.filter(isHit)
  const states = [...order.filter((state) => !isHit(state)), ...ends]
  const rank = new Uint16Array(states.length)
  for (const [place, state] of states.entries()) rank[state] = place
  const next = new Uint16Array(states.length << 8)
  for (const [place, state] of states.entries()) {
    for (let byte = 0; byte < 256; byte += 1) next[(place << 8) | byte] = rank[edges[(state << 8) | byte] ?? 0] ?? 0
    next.copyWithin((place << 8) | 0x41, (place << 8) | 0x61, (place << 8) | 0x7b)
  }
  return { next, firstHit: states.length - ends.length, hits: ends.map((state) => hits[state] ?? []), overlap }
}
