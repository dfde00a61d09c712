// Check characters, written from their definitions and apart from those of the product, so that the two prove each other.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'

export const digitsOf = (text: string): number[] => Array.from(text.replaceAll(/\D/g, ''), Number)

export function sum(text: string, weights: readonly number[]): number {
  return weights.reduce((total, weight, i) => total + weight * Number(text.charAt(i)), 0)
}

export function luhn(text: string): boolean {
  const total = digitsOf(text)
    .toReversed()
    .reduce((all, digit, i) => {
      const doubled = i % 2 === 1 ? digit * 2 : digit
      return all + (doubled > 9 ? doubled - 9 : doubled)
    }, 0)
  return total % 10 === 0
}

const TURN = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
const SWAP = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
  [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
  [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
  [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
  [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
  [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
]

export function verhoeff(text: string): boolean {
  return (
    digitsOf(text)
      .toReversed()
      .reduce((state, digit, i) => TURN[state]?.[SWAP[i % 8]?.[digit] ?? 0] ?? 0, 0) === 0
  )
}

/** ISO 7064, MOD 11,10. */
export function mod11and10(text: string): boolean {
  const digits = digitsOf(text)
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const rest = (digit + product) % 10 || 10
    product = (2 * rest) % 11
  }
  return (11 - product) % 10 === digits.at(-1)
}

/** ISO 7064, MOD 97-10, as IBANs have it. */
export function ibanCheck(country: string, account: string): string {
  const number = Array.from(`${account}${country}00`, (character) => String(Number.parseInt(character, 36))).join('')
  return String(98n - (BigInt(number) % 97n)).padStart(2, '0')
}

/** ICAO 9303: weights 7, 3, 1. */
export function icao(text: string): boolean {
  const total = Array.from(
    text.slice(0, -1),
    (character, i) => Number.parseInt(character, 36) * ([7, 3, 1][i % 3] ?? 0),
  )
  return total.reduce((a, b) => a + b, 0) % 10 === Number(text.at(-1))
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export function base58Check(payload: Uint8Array): string {
  const once = createHash('sha256').update(payload).digest()
  const check = createHash('sha256').update(once).digest().subarray(0, 4)
  let number = BigInt(`0x${Buffer.from([...payload, ...check]).toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text
  return (payload[0] === 0 ? '1' : '') + text
}
