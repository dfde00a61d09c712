import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../base/units.ts'
import { isInNetwork } from './cidr.ts'
import { pathGlob } from './path-glob.ts'
import type { Run } from './run.ts'

/** Longer texts are not searched: at a microsecond per character this is what one call may cost. */
const SEARCHED_CHARS_MAX = 64 * 1024

/** Up to here a glob takes a few nanoseconds per character, beyond it some hundred. */
const SHORT_GLOB_CHARS = 30

const TIME = 'google.protobuf.Timestamp'
const SPAN = 'google.protobuf.Duration'

/** Functions that are called with what they are about in brackets. */
export const CALLS: readonly string[] = [
  'has',
  'size',
  'type',
  'dyn',
  'int',
  'double',
  'string',
  'bool',
  'timestamp',
  'duration',
  'glob',
  'inCidr',
]

/** Functions that stand after a dot. */
export const METHODS: readonly string[] = [
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'size',
  'contains',
  'startsWith',
  'endsWith',
  're',
  'lowerAscii',
  'upperAscii',
  'trim',
  'indexOf',
  'lastIndexOf',
  'substring',
  'split',
  'join',
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getHours',
  'getMinutes',
  'getSeconds',
  'getMilliseconds',
]

/** Functions of ours that rules call, as the check at load sees them. */
export const DECLARED: readonly string[] = [
  'glob(string, string): bool',
  'inCidr(string, string): bool',
  'string.re(string): bool',
]

type Handler = (...args: never[]) => unknown

/**
 * What is really called: the same functions under another name, with the run as last argument. Each pays for the length
 * of its texts, which callers choose; the engine's own would run over a megabyte in every turn of a loop for free.
 */
export const METERED: Readonly<Record<string, Handler>> = {
  'our__glob(string, string, Run): bool': (text: string, glob: string, run: Run) => {
    run.charge(glob.length > SHORT_GLOB_CHARS ? text.length * 30 : text.length)
    return (run.prepared.globs.get(glob) ?? madeHere(glob, text, run))(text)
  },
  'our__inCidr(string, string, Run): bool': (text: string, cidr: string, run: Run) => {
    run.charge(100)
    const network = run.prepared.networks.get(cidr)
    const held = network === undefined ? undefined : isInNetwork(text, network)
    if (held === undefined) throw new Error('this is no address')
    return held
  },
  'string.our__re(string, Run): bool': (text: string, pattern: string, run: Run) => {
    if (text.length > SEARCHED_CHARS_MAX) throw new Error('the text is longer than 64 KiB')
    run.charge(text.length + 20)
    const re = run.prepared.patterns.get(pattern)
    if (re === undefined) throw new Error('the pattern was not compiled')
    return re.test(text)
  },
  'string.our__contains(string, Run): bool': (text: string, part: string, run: Run) => {
    scan(text, run)
    return text.includes(part)
  },
  'string.our__indexOf(string, Run): int': (text: string, part: string, run: Run) => {
    scan(text, run)
    return BigInt(text.indexOf(part))
  },
  'string.our__lastIndexOf(string, Run): int': (text: string, part: string, run: Run) => {
    scan(text, run)
    return BigInt(text.lastIndexOf(part))
  },
  'string.our__indexOf(string, int, Run): int': (text: string, part: string, from: bigint, run: Run) => {
    scan(text, run)
    return BigInt(text.indexOf(part, indexIn(text, from)))
  },
  'string.our__lastIndexOf(string, int, Run): int': (text: string, part: string, from: bigint, run: Run) => {
    scan(text, run)
    return BigInt(text.lastIndexOf(part, indexIn(text, from)))
  },
  'string.our__lowerAscii(Run): string': (text: string, run: Run) => {
    scan(text, run)
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  },
  'string.our__upperAscii(Run): string': (text: string, run: Run) => {
    scan(text, run)
    return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
  },
  'string.our__trim(Run): string': (text: string, run: Run) => {
    scan(text, run)
    return text.trim()
  },
  'string.our__split(string, Run): list<string>': (text: string, separator: string, run: Run) => {
    run.charge(text.length)
    return text.split(separator)
  },
  'string.our__split(string, int, Run): list<string>': (text: string, separator: string, most: bigint, run: Run) => {
    run.charge(text.length)
    const parts = text.split(separator)
    if (most < 0n || parts.length <= Number(most)) return parts
    return most === 0n ? [] : [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(separator)]
  },
  'list<string>.our__join(Run): string': (texts: readonly string[], run: Run) => joined(texts, '', run),
  'list<string>.our__join(string, Run): string': joined,
  ...sizes('our__size(', ', '),
  ...sizes('', '.our__size('),
  'our__timestamp(string, Run): google.protobuf.Timestamp': (text: string) => readTimestamp(text),
  'our__timestamp(int, Run): google.protobuf.Timestamp': (seconds: bigint) => dateOf(Number(seconds) * 1000),
  ...clockReadings(),
}

/** Names that are called under another name. */
export const METERED_NAMES: ReadonlySet<string> = new Set(
  Object.keys(METERED).flatMap((signature) => /our__(\w+)\(/.exec(signature)?.[1] ?? []),
)

/** RFC 3339 with its offset: without one, the engine would take the time zone of this machine. Throws otherwise. */
export function readTimestamp(text: string): Date {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/.test(text)) {
    throw new Error('this is no timestamp')
  }
  return dateOf(Date.parse(text))
}

function dateOf(ms: number): Date {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) throw new Error('this is no timestamp')
  return date
}

/** Searching and copying go over some 60 characters in 10 ns. */
function scan(text: string, run: Run): void {
  run.charge(text.length / 60)
}

function indexIn(text: string, index: bigint): number {
  if (index < 0n || index > BigInt(text.length)) throw new Error('the index is outside of the text')
  return Number(index)
}

/** A glob that is not written out in the rule is made for this one test. */
function madeHere(glob: string, text: string, run: Run): (text: string) => boolean {
  run.charge(glob.length * 10 + text.length * 10)
  return pathGlob(glob)
}

function joined(texts: readonly string[], separator: string, run: Run): string {
  run.charge(texts.length)
  if (!texts.every((text) => typeof text === 'string')) throw new Error('join takes a list of strings')
  const text = texts.join(separator)
  scan(text, run)
  return text
}

function sizes(before: string, after: string): Record<string, Handler> {
  const signature = (type: string) => (before === '' ? `${type}${after}Run): int` : `${before}${type}${after}Run): int`)
  return {
    [signature('string')]: (text: string, run: Run) => {
      run.charge(text.length)
      let size = 0n
      for (const _ of text) size += 1n
      return size
    },
    [signature('list')]: (list: readonly unknown[]) => BigInt(list.length),
    [signature('map')]: (map: object) => BigInt(map instanceof Map ? map.size : Object.keys(map).length),
  }
}

/** What the wall shows, in the zone that is named or else in that of the policy; months and days of a year count from 0. */
function clockReadings(): Record<string, Handler> {
  const readings: Readonly<Record<string, (wall: Date) => number>> = {
    getFullYear: (wall) => wall.getUTCFullYear(),
    getMonth: (wall) => wall.getUTCMonth(),
    getDate: (wall) => wall.getUTCDate(),
    getDayOfMonth: (wall) => wall.getUTCDate() - 1,
    getDayOfWeek: (wall) => wall.getUTCDay(),
    getDayOfYear: (wall) => Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0)) / DAY_MS),
    getHours: (wall) => wall.getUTCHours(),
    getMinutes: (wall) => wall.getUTCMinutes(),
    getSeconds: (wall) => wall.getUTCSeconds(),
    getMilliseconds: (wall) => wall.getUTCMilliseconds(),
  }
  const spans: Readonly<Record<string, number>> = {
    getHours: HOUR_MS,
    getMinutes: MINUTE_MS,
    getSeconds: SECOND_MS,
    getMilliseconds: 1,
  }
  return Object.fromEntries([
    ...Object.entries(readings).flatMap(([name, read]): [string, Handler][] => [
      [`${TIME}.our__${name}(Run): int`, (time: Date, run: Run) => BigInt(read(run.clock().at(time.getTime())))],
      [
        `${TIME}.our__${name}(string, Run): int`,
        (time: Date, zone: string, run: Run) => BigInt(read(run.clock(zone).at(time.getTime()))),
      ],
    ]),
    ...Object.entries(spans).map(([name, ms]): [string, Handler] => [
      `${SPAN}.our__${name}(Run): int`,
      (span: object) => BigInt(Math.trunc(Number(span.valueOf()) / ms)),
    ]),
  ])
}
