/** An address or a network as a number. IPv4 inside of IPv6 (RFC 4291, 2.5.5.2) is IPv4: sockets report it either way. */
interface Address {
  readonly value: bigint
  readonly width: 32 | 128
}

export interface Network extends Address {
  readonly prefix: number
}

/** The longest spelling of an IPv6 address, with an IPv4 tail and a zone. */
const ADDRESS_CHARS_MAX = 100

/** A network such as `10.0.0.0/8`; a text that says what is wrong where it is none. */
export function parseNetwork(text: string): Network | string {
  const [base = '', prefixText, ...more] = text.split('/')
  const address = parseAddress(base)
  if (address === undefined || more.length > 0) return `"${text}" is no network`
  if (prefixText === undefined) return `"${text}" is an address: a network ends in /${address.width}`
  const prefix = /^[0-9]{1,3}$/.test(prefixText) ? Number(prefixText) : Number.NaN
  if (!(prefix <= address.width)) return `"/${prefixText}" is no prefix: it goes from /0 to /${address.width}`
  const hostBits = BigInt(address.width - prefix)
  if ((address.value >> hostBits) << hostBits !== address.value) return `"${text}" has bits beyond its prefix`
  return { ...address, prefix }
}

/** Undefined where `text` is no address. */
export function isInNetwork(text: string, network: Network): boolean | undefined {
  const address = parseAddress(text)
  if (address === undefined) return undefined
  const hostBits = BigInt(network.width - network.prefix)
  return address.width === network.width && address.value >> hostBits === network.value >> hostBits
}

function parseAddress(text: string): Address | undefined {
  if (text.length > ADDRESS_CHARS_MAX) return undefined
  if (!text.includes(':')) return ipv4(text)
  const [plain = ''] = text.split('%')
  return ipv6(plain)
}

/** Four decimal numbers; no leading zeros, which some readers take for octal. */
function ipv4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined
  }
  return { value: BigInt(parts.reduce((sum, part) => sum * 256 + Number(part), 0)), width: 32 }
}

function ipv6(text: string): Address | undefined {
  const groups = ipv6Groups(text)
  if (groups === undefined) return undefined
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n)
  return value >> 32n === 0xffffn ? { value: value & 0xffff_ffffn, width: 32 } : { value, width: 128 }
}

function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split('::')
  const [first, second] = halves.map((half, i) => groupsOf(half, i === halves.length - 1))
  if (first === undefined || halves.length > 2) return undefined
  if (halves.length === 1) return first.length === 8 ? first : undefined
  if (second === undefined || first.length + second.length > 7) return undefined
  return [...first, ...Array.from({ length: 8 - first.length - second.length }, () => 0), ...second]
}

/** Only at the end of the address may there be an IPv4 one. */
function groupsOf(half: string, isEnd: boolean): number[] | undefined {
  if (half === '') return []
  const parts = half.split(':')
  const groups: number[] = []
  for (const [i, part] of parts.entries()) {
    const tail = isEnd && i === parts.length - 1 && part.includes('.') ? ipv4(part)?.value : undefined
    if (tail !== undefined) groups.push(Number(tail >> 16n), Number(tail & 0xffffn))
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}
