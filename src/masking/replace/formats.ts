import { emailText, ipv4Text, ipv6Text, MASK_DOMAIN, uriText } from './forms.ts'
import type { Stand } from './stand.ts'

/** Formats of JSON Schema (2020-12, Validation, 7.3) for which texts are made, by their several names. */
const KINDS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['email', 'email'],
  ['idn-email', 'email'],
  ['uri', 'uri'],
  ['iri', 'uri'],
  ['url', 'uri'],
  ['uuid', 'uuid'],
  ['date', 'date'],
  ['date-time', 'date-time'],
  ['iso-date-time', 'date-time'],
  ['time', 'time'],
  ['iso-time', 'time'],
  ['duration', 'duration'],
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['hostname', 'hostname'],
  ['idn-hostname', 'hostname'],
])

export type Format =
  | 'email'
  | 'uri'
  | 'uuid'
  | 'date'
  | 'date-time'
  | 'time'
  | 'duration'
  | 'ipv4'
  | 'ipv6'
  | 'hostname'

/** Undefined for formats that any text of ours has, and for those that nobody knows. */
export function formatOf(name: string): Format | undefined {
  return KINDS.get(name)
}

const SHAPES: Readonly<Record<Format, RegExp>> = {
  email: /^[^\s@"\\]{1,64}@[^\s@"\\]{1,255}$/,
  uri: /^[a-z][a-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d[t\s]\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)$/i,
  time: /^\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i,
  duration: /^P[\dYMWDTHS.]+$/,
  ipv4: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  ipv6: /^[0-9a-f:.]+$/i,
  hostname: /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i,
}

/** Whether a text that holds a replacement is still of its format: the validator may not look at formats, but clients do. */
export function isOfFormat(format: Format, text: string): boolean {
  return SHAPES[format].test(text)
}

/** What of a time is shown at most is its year; the second text is for a value that is the first one. */
const TIMES: ReadonlyMap<Format, (year: string) => readonly string[]> = new Map([
  ['date', (year: string) => [`${year}-01-01`, `${year}-01-02`]],
  ['date-time', (year: string) => [`${year}-01-01T00:00:00Z`, `${year}-01-02T00:00:00Z`]],
  ['time', () => ['00:00:00Z', '00:00:01Z']],
  ['duration', () => ['P1D', 'P2D']],
])

/** Texts of a format of times that stand for a value; none for other formats. */
export function timeTexts(format: Format, value: string, { keepsYear }: { keepsYear: boolean }): readonly string[] {
  const year = keepsYear ? /(?<!\d)(?:1[89]|20)\d{2}(?!\d)/.exec(value)?.[0] : undefined
  return TIMES.get(format)?.(year ?? '1970') ?? []
}

export interface ShapedText {
  readonly text: string
  /** `itself`: the id is read from it. `alias`: it must be kept with its row. `no`: nothing comes back. */
  readonly back: 'itself' | 'alias' | 'no'
}

/** The text of a format that stands for a value; undefined for those of times. */
export function shapedText(format: Format, stand: Stand): ShapedText | undefined {
  switch (format) {
    case 'email':
      return { text: emailText(stand.local), back: 'itself' }
    case 'uri':
      return { text: uriText(stand.path), back: 'itself' }
    case 'uuid':
      return { text: stand.uuid, back: 'itself' }
    case 'ipv4':
      return { text: ipv4Text(stand.bits), back: 'no' }
    case 'ipv6':
      return { text: ipv6Text(stand.bits), back: 'no' }
    case 'hostname':
      return { text: `${stand.local}.${MASK_DOMAIN}`, back: 'alias' }
    case 'date':
    case 'date-time':
    case 'time':
    case 'duration':
      return undefined
  }
}
