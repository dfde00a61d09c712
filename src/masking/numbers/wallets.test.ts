import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seeded, valueFinder } from '../../../test/support/masking/values.ts'
import { toHex } from '../../base/bytes.ts'
import { passesBech32 } from './bech32.ts'
import { keccak256 } from './keccak.ts'
import { passesEip55 } from './wallets.ts'

const find = valueFinder()
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** From the definition: version, hash, and the first four bytes of the double SHA-256 of both. */
function base58Address(version: number, seed: number): string {
  const random = seeded(seed)
  const body = Uint8Array.of(version, ...Array.from({ length: 20 }, () => random(256)))
  const bytes = Uint8Array.of(...body, ...sha256(sha256(body)).subarray(0, 4))
  let number = BigInt(`0x${toHex(bytes)}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = (ALPHABET[Number(number % 58n)] ?? '') + text
  return version === 0 ? `1${text}` : text
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** From the definition of BIP 173: six values more, so that the rest of the polynomial is the constant. */
function bech32Address(prefix: string, values: readonly number[], constant: number): string {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  const head = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]
  const rest = polymod([...head, 0, 0, 0, 0, 0, 0]) ^ constant
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (rest >> shift) & 31)
  return `${prefix}1${[...values, ...check].map((value) => BECH32.charAt(value)).join('')}`
}

function polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  return values.reduce((check, value) => {
    const top = check >> 25
    const next = ((check & 0x1ffffff) << 5) ^ value
    return generators.reduce((sum, generator, i) => (((top >> i) & 1) === 1 ? sum ^ generator : sum), next)
  }, 1)
}

describe('an address of a wallet', () => {
  it('in base58 is found at the start of a text, after an escape and between words', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const address = base58Address(seed % 2 === 0 ? 0 : 5, seed)
      for (const text of [address, `send to ${address}, please`, String.raw`{"t":"a\n${address}\nb"}`])
        expect(find(text, 'crypto_wallet')).toEqual([address])
    }
  })

  it('in base58 is none with one character changed or added', () => {
    const address = base58Address(0, 99)
    expect(find(`${address}2`, 'crypto_wallet')).toEqual([])
    for (let at = 1; at < address.length; at += 1) {
      const other = address[at] === 'a' ? 'b' : 'a'
      expect(find(address.slice(0, at) + other + address.slice(at + 1), 'crypto_wallet')).toEqual([])
    }
  })

  it('in bech32 is found in either case but not in both, and not with a character changed', () => {
    // BIP 173 and BIP 350, test vectors.
    const addresses = [
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    ]
    for (const address of addresses) {
      expect(find(`to ${address}.`, 'crypto_wallet')).toEqual([address])
      expect(find(address.toUpperCase(), 'crypto_wallet')).toEqual([address.toUpperCase()])
      expect(find(`B${address.slice(1)}`, 'crypto_wallet')).toEqual([])
      expect(passesBech32(address.replace('0', '9'))).toBe(false)
    }
  })

  it('in bech32 passes its check as by the definition, with whatever it begins', () => {
    const random = seeded(5)
    for (let i = 0; i < 300; i += 1) {
      const prefix = ['bc', 'ltc', 'tb1', 'x'][random(4)] ?? ''
      const values = Array.from({ length: 1 + random(40) }, () => random(32))
      const address = bech32Address(prefix, values, random(2) === 0 ? 1 : 0x2bc830a3)
      expect(passesBech32(address)).toBe(true)
      const at = prefix.length + 1 + random(address.length - prefix.length - 1)
      for (const other of [BECH32[(BECH32.indexOf(address.charAt(at)) + 1) % 32] ?? '', 'b', 'é'])
        expect(passesBech32(address.slice(0, at) + other + address.slice(at + 1))).toBe(false)
    }
  })

  it('of Ethereum is found, and its capitals are its check', () => {
    // EIP-55, test case.
    const body = '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    expect(passesEip55(body)).toBe(true)
    expect(passesEip55(body.replace('aA', 'Aa'))).toBe(false)
    expect(find(`0x${body} 0x${body.toLowerCase()}`, 'crypto_wallet')).toEqual([`0x${body}`, `0x${body.toLowerCase()}`])
    expect(find(`0x${body}0`, 'crypto_wallet')).toEqual([])
  })

  it('is not a hash', () => expect(find(toHex(sha256(Uint8Array.of(1))), 'crypto_wallet')).toEqual([]))
})

describe('Keccak-256', () => {
  it('gives what is published for no bytes', () => {
    expect(toHex(keccak256(new Uint8Array(0)))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  })
})
