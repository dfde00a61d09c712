import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { ALNUM, HEX, endsWord, startsWord } from '../scan/bytes-tables.ts'
import type { Rows } from '../scan/rows.ts'
import { isBase58, passesBase58Check } from './base58.ts'
import { passesBech32 } from './bech32.ts'
import { keccak256 } from './keccak.ts'

const CRYPTO_WALLET = entityId('crypto_wallet')
const SCORE_CHECKED = 0.9
/** Forty hexadecimal digits after `0x`, all small or all capital: nothing to check. */
const SCORE_HEX = 0.7
/** Addresses of Bitcoin in base58 have 26 to 35 characters and begin with a 1 or a 3. */
export const BASE58_BYTES_MIN = 26
const BASE58_BYTES_MAX = 35
/** BIP 173: 90 characters at most. */
const BECH32_BYTES_MAX = 90
const BECH32_BYTES_MIN = 14
const ETHEREUM_BYTES = 42

/** Addresses with a prefix: `bc1`, `ltc1`, `tb1` (bech32), `0x` (Ethereum). */
export const WALLETS: WordDetector = { words: ['bc1', 'tb1', 'ltc1', '0x'], verify }

/** Finds addresses in base58, which have no prefix that a word could be, among rows of letters and digits that are long enough. */
export function findBase58Wallets(view: View, rows: Rows, sink: Sink): void {
  if (rows.length === 0 || !sink.may(CRYPTO_WALLET, SCORE_CHECKED)) return
  for (let i = 0; i < rows.length; i += 1) {
    const start = rows.start(i)
    const end = rows.end(i)
    // The letter of an escape may stand before it.
    if (end - start <= BASE58_BYTES_MAX + 1) tryBase58(view, { start: wordStart(view, start), end }, sink)
  }
}

function tryBase58(view: View, { start, end }: { start: number; end: number }, sink: Sink): void {
  const length = end - start
  const first = view.bytes[start]
  if (length < BASE58_BYTES_MIN || length > BASE58_BYTES_MAX || (first !== 0x31 && first !== 0x33)) return
  const text = view.bytes.subarray(start, end)
  if (!text.every(isBase58) || !passesBase58Check(text)) return
  sink.add({ entity: CRYPTO_WALLET, start, end, score: SCORE_CHECKED, by: 'checksum', rule: 'wallet.base58' })
}

/** The letter of an escape before an address is no part of it: `\n1BvB…`. */
function wordStart(view: View, from: number): number {
  return startsWord(view, from + 1) ? from + 1 : from
}

function verify({ view, start, word }: Hit, sink: Sink): void {
  if (!sink.may(CRYPTO_WALLET, SCORE_HEX) || !startsWord(view, start)) return
  const { bytes } = view
  let end = start
  while (end - start <= BECH32_BYTES_MAX && ALNUM[bytes[end] ?? 0] === 1) end += 1
  if (!endsWord(view, end)) return
  const isEthereum = WALLETS.words[word] === '0x'
  const score = isEthereum ? scoreOfEthereum(bytes, start, end) : scoreOfBech32(bytes, start, end)
  if (score === 0) return
  const rule = isEthereum ? 'wallet.ethereum' : 'wallet.bech32'
  sink.add({ entity: CRYPTO_WALLET, start, end, score, by: score === SCORE_CHECKED ? 'checksum' : 'shape', rule })
}

function scoreOfBech32(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < BECH32_BYTES_MIN || end - start > BECH32_BYTES_MAX) return 0
  const text = decodeLatin1(bytes, start, end)
  const small = text.toLowerCase()
  // BIP 173: both cases in one address are refused.
  return (text === small || text === text.toUpperCase()) && passesBech32(small) ? SCORE_CHECKED : 0
}

function scoreOfEthereum(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== ETHEREUM_BYTES) return 0
  for (let at = start + 2; at < end; at += 1) if (HEX[bytes[at] ?? 0] === 0) return 0
  return passesEip55(decodeLatin1(bytes, start + 2, end)) ? SCORE_CHECKED : SCORE_HEX
}

/** EIP-55: a letter is a capital where its half byte of the hash of the address in small letters is 8 or more. */
export function passesEip55(address: string): boolean {
  const hash = keccak256(encodeUtf8(address.toLowerCase()))
  return Array.from(address).every((character, i) => {
    const half = i % 2 === 0 ? (hash[i >> 1] ?? 0) >> 4 : (hash[i >> 1] ?? 0) & 0x0f
    return character === (half >= 8 ? character.toUpperCase() : character.toLowerCase())
  })
}
