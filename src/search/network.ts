/** A range of addresses, such as 10.0.0.0/8 or fd00::/8. */
export interface Network {
  readonly bits: readonly number[]
  readonly length: number
}

/** Undefined for what is no range: an address, or part of one, is compared as a text. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', length, ...more] = text.split('/')
  const bits = bitsOf(address)
  if (bits === undefined || length === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return undefined
  return Number(length) > bits.length ? undefined : { bits, length: Number(length) }
}

/** An IPv4 address is in a network of its own kind only, also where it is written as `::ffff:10.0.0.1`. */
export function contains(network: Network, address: string): boolean {
  const bits = bitsOf(address.replace(/^::ffff:(?=\d+\.)/i, ''))
  if (bits?.length !== network.bits.length) return false
  return network.bits.slice(0, network.length).every((bit, i) => bits[i] === bit)
}

function bitsOf(address: string): readonly number[] | undefined {
  if (!address.includes(':')) return v4(address)
  const [head = '', tail, ...more] = address.split('::')
  if (more.length > 0) return undefined
  const [before, after] = [groups(head), groups(tail ?? '')]
  if (before === undefined || after === undefined) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...before, ...Array.from({ length: tail === undefined ? 0 : missing }, () => 0), ...after]
  return all.flatMap((group) => toBits(group, 16))
}

function v4(address: string): readonly number[] | undefined {
  const numbers = address.split('.')
  if (numbers.length !== 4 || !numbers.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return numbers.flatMap((part) => toBits(Number(part), 8))
}

function groups(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined
}

function toBits(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => (value >> (width - 1 - i)) & 1)
}
