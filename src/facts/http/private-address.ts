// Which hosts a stranger must not make a server talk to. Ranges are those that the IANA special-purpose registries
// (RFC 6890) do not call globally reachable; names are those that resolve to such an address by design.

/** First address and prefix length, as numbers. */
const V4_RANGES: readonly (readonly [number, number])[] = [
  [v4('0.0.0.0'), 8],
  [v4('10.0.0.0'), 8],
  [v4('100.64.0.0'), 10],
  [v4('127.0.0.0'), 8],
  [v4('168.63.129.16'), 32], // the host of an Azure machine
  [v4('169.254.0.0'), 16], // link-local, and where clouds hand out credentials
  [v4('172.16.0.0'), 12],
  [v4('192.0.0.0'), 24],
  [v4('192.0.2.0'), 24],
  [v4('192.88.99.0'), 24],
  [v4('192.168.0.0'), 16],
  [v4('198.18.0.0'), 15],
  [v4('198.51.100.0'), 24],
  [v4('203.0.113.0'), 24],
  [v4('224.0.0.0'), 4],
  [v4('240.0.0.0'), 4],
]

const LOCAL_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'localdomain',
  'home.arpa',
  'lan',
  'intranet',
  'corp',
  'home',
  'private',
] as const
/** Domains whose names resolve to the address that is written in them, or to loopback. */
const WILDCARD_DNS = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'traefik.me',
  'rbndr.us',
  '1u.ms',
] as const

/** `host` is that of a WHATWG URL: lower case, an IPv4 address in four decimal parts, an IPv6 address in brackets. */
export function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) return isPrivateV6(host.slice(1, -1))
  const name = host.replace(/\.+$/, '')
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return isPrivateV4(v4(name))
  // A single label is found through the search list of whoever resolves it.
  if (!name.includes('.')) return true
  return [...LOCAL_SUFFIXES, ...WILDCARD_DNS].some((suffix) => name === suffix || name.endsWith(`.${suffix}`))
}

function isPrivateV4(address: number): boolean {
  return V4_RANGES.some(([start, bits]) => {
    const size = 2 ** (32 - bits)
    return address >= start && address < start + size
  })
}

function isPrivateV6(text: string): boolean {
  const groups = v6(text)
  const inside = embeddedV4(groups)
  if (inside !== undefined) return isPrivateV4(inside)
  const [a = 0, b = 0] = groups
  // 2001::/23 has Teredo, whose addresses hide another, 2001:db8::/32 and 3fff::/20 are for documents.
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return true
  if (a === 0x3fff && b < 0x1000) return true
  // Global unicast is 2000::/3; unique local, link-local, site-local, multicast and the rest are not.
  return a < 0x2000 || a > 0x3fff
}

/**
 * The IPv4 address in an IPv6 address that is only a form of it: compatible and mapped (RFC 4291, 2.5.5), translated
 * (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056), ISATAP (RFC 5214).
 */
function embeddedV4(groups: readonly number[]): number | undefined {
  const [a = 0, b = 0, c = 0] = groups
  if (a === 0x2002) return b * 65_536 + c
  const start = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')
  const isForm = V4_IN_V6.has(start) || /:(?:0|200):5efe$/.test(start)
  return isForm ? (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0) : undefined
}

/** The first six groups. */
const V4_IN_V6: ReadonlySet<string> = new Set(['0:0:0:0:0:0', '0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'])

function v4(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** The eight groups of an address as WHATWG serialises it: hexadecimal, at most one `::`, no dots. */
function v6(text: string): readonly number[] {
  const [head = '', tail] = text.split('::')
  const first = groupsOf(head)
  if (tail === undefined) return first
  const second = groupsOf(tail)
  return [...first, ...Array.from({ length: 8 - first.length - second.length }, () => 0), ...second]
}

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
