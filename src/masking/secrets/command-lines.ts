// Passwords that are given to a program on its command line: `mysql -uroot -pmaple21`, `sshpass -p maple21 ssh`. The option
// says nothing without the name of the program before it, and both stand on one line.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { LETTER_T, QUOTE } from '../keys/text-bytes.ts'
import { endsMember } from '../keys/text-ends.ts'
import { afterBackslashes, isEscapeOfLine, isGluedBefore, NAME, setOf } from './chars.ts'
import { readCommandList } from './command-lists.ts'
import { CURL_RULE, isUserAndPassword } from './curl.ts'
import { isPlaceholder } from './random-look.ts'

type Bytes = View['bytes']

interface Command {
  readonly words: readonly string[]
  /** What follows the word, up to the value, which is the group that matched. */
  readonly shape: RegExp
  /** The same of a list, where it differs. */
  readonly inList?: RegExp
  readonly accepts?: (value: string, line: string) => boolean
  readonly found: typeof PASSWORD | typeof USER_AND_PASSWORD
}

const SCORE = 0.9
/** The name of the program alone tells a password; who writes both user and password shows what they are. */
const PASSWORD = { entity: entityId('password'), by: 'near', rule: 'command-password' } as const
const USER_AND_PASSWORD = { entity: entityId('secret'), by: 'structure', rule: CURL_RULE } as const
const LINE_MAX = 256
const BEFORE_MAX = 24
const VALUE_MIN = 4

const BARE = String.raw`[^\s"'\`\\|;&<>()]+`
/** A word, or what stands in quotes. */
const VALUE = String.raw`(?:'([^'\\]+)'|\\*"([^"\\]+)\\*"|(?!-)(${BARE}))`
/** A blank, or the escape of a line that goes on. */
const GAP = String.raw`(?:\s|\\[nrt])`
const BLANKS = '[ \\t]{1,8}'
const option = (name: string, between: string): RegExp => new RegExp(`${GAP}${name}${between}${VALUE}`)

/** What stands between two items of a list: in code, and in JSON at each of its levels. */
const IN_LISTS = [',', ', '].flatMap((comma) =>
  ["'", '"', String.raw`\"`, String.raw`\\\"`, String.raw`\\\\\\\"`].map((quote) => quote + comma + quote),
)

const COMMANDS: readonly Command[] = [
  { words: ['mysql', 'mariadb'], shape: option('-p', ''), accepts: isOfDatabase, found: PASSWORD },
  { words: ['mongo'], shape: option('-p', `(?:${BLANKS})?`), accepts: isOfDatabase, found: PASSWORD },
  { words: ['sshpass'], shape: option('-p', `(?:${BLANKS})?`), found: PASSWORD },
  { words: ['redis-cli'], shape: option('(?:-a|--pass)', BLANKS), found: PASSWORD },
  { words: ['ldapsearch', 'ldapmodify', 'ldapadd', 'ldapwhoami'], shape: option('-w', BLANKS), found: PASSWORD },
  {
    words: [
      ...['docker', 'podman', 'nerdctl', 'registry', 'az', 'acr', 'oc'].map((program) => `${program} login`),
      ...['docker', 'podman'].flatMap((program) => IN_LISTS.map((between) => `${program}${between}login`)),
    ],
    shape: option('-p', `(?:=|${BLANKS})?`),
    found: PASSWORD,
  },
  {
    words: ['htpasswd'],
    shape: new RegExp(`^(?=.*\\s-\\w*b)(?:${BLANKS}-\\w+)+(?:${BLANKS}${BARE}){1,2}${BLANKS}${VALUE}(?:\\s|$)`),
    found: PASSWORD,
  },
  {
    words: ['curl'],
    shape: new RegExp(`${GAP}-u([^\\s"'\`\\\\:]+:${BARE})`),
    inList: new RegExp(`${GAP}(?:-u|--user|--proxy-user)[ =]?([^\\s:-][^\\s:]*:${BARE})`),
    accepts: isUserAndPassword,
    found: USER_AND_PASSWORD,
  },
]

const BY_WORD = COMMANDS.flatMap((command) => command.words.map(() => command))

export const COMMAND_LINES_DETECTOR: WordDetector = { words: COMMANDS.flatMap(({ words }) => words), verify }

function verify({ view: { bytes }, start, end, word }: Hit, sink: Sink): void {
  const command = BY_WORD[word]
  if (command === undefined || isGluedBefore(bytes, start, NAME)) return
  if (!sink.may(command.found.entity, SCORE)) return
  const given = givenInList(command, bytes, end, sink) ?? givenOnLine(command, bytes, { start, end }, sink)
  if (given === undefined) return
  const at = given.start
  sink.add({ ...command.found, start: at, end: at + given.value.length, score: SCORE })
}

interface Given {
  readonly value: string
  readonly start: number
}

function givenOnLine(
  command: Command,
  bytes: Bytes,
  { start, end }: { start: number; end: number },
  sink: Sink,
): Given | undefined {
  const line = decodeLatin1(bytes, end, lineEnd(bytes, end))
  sink.spend(line.length)
  const match = PROGRAM.test(line) ? command.shape.exec(line) : null
  const value = valueIn(match)
  if (match === null || value === undefined || !isGiven(command, value, line)) return undefined
  if (!MIXED.test(value) && !beginsCommand(bytes, start)) return undefined
  return { value, start: end + match.index + match[0].lastIndexOf(value) }
}

function givenInList(command: Command, bytes: Bytes, end: number, sink: Sink): Given | undefined {
  const list = readCommandList(bytes, end)
  sink.spend(list?.line.length ?? 0)
  const match = list && (command.inList ?? command.shape).exec(list.line)
  const read = valueIn(match ?? null)
  if (!list || !match || read === undefined) return undefined
  const given = list.argumentAt(match.index + match[0].lastIndexOf(read))
  return isGiven(command, given.value, list.line) ? given : undefined
}

function valueIn(match: RegExpExecArray | null): string | undefined {
  return match?.slice(1).find((group) => group !== undefined)
}

function isGiven({ accepts }: Command, value: string, line: string): boolean {
  return !isStandIn(value) && accepts?.(value, line) !== false
}

/** `mysqldump`, `mongosh`. */
const PROGRAM = /^[\w-]{0,12}(?=\s)/
const STAND_IN = /^(?:my|your|the|some|new|db|root|user)?[-_]?(?:pass(?:wd|word|phrase)?|pwd|pw|secret|token|key)$/i
/** Keys are read from files by options of the same name. */
const FILE = /^(?:~|\.{1,2}|\/[a-z]+)(?:\/[\w.-]+)+$|^[\w.-]+\.(?:pem|crt|key|pfx|p12|txt)$/

function isStandIn(value: string): boolean {
  return value.length < VALUE_MIN || isPlaceholder(value) || STAND_IN.test(value) || FILE.test(value)
}

/** Words of sentences have no digits and signs. */
const MIXED = /[A-Za-z].*\d|\d.*[A-Za-z]|[!@#%^*+=~]/
const BEFORE = /(?:^|["'`;&|($#>\n\r]|\\[nrt]|\bsudo)\s*$/

function beginsCommand(bytes: Bytes, start: number): boolean {
  return BEFORE.test(decodeLatin1(bytes, Math.max(0, start - BEFORE_MAX), start))
}

const USER = /\s(?:-u|--user)/
const PORT = /^(?:[\d.]+:)*\d{1,5}(?:\/\w+)?$/

/** The option of other programs gives a port; letters alone could be options of them, so that the user stands beside it. */
function isOfDatabase(value: string, line: string): boolean {
  return !PORT.test(value) && (MIXED.test(value) || USER.test(line))
}

/** Where the command ends: with a line that does not go on, another command, or the string of JSON around. */
function lineEnd(bytes: Bytes, from: number): number {
  const most = Math.min(bytes.length, from + LINE_MAX)
  let at = from
  while (at < most) {
    const byte = bytes[at] ?? 0
    if (MAY_END[byte] === 0) at++
    else {
      const next = afterBackslashes(bytes, at)
      if (endsCommand(bytes, next, next - at)) break
      at = next + 1
    }
  }
  return Math.min(at, most)
}

const MAY_END = setOf('|;`"\\\r\n')

/** Whether a command ends at `at`, before which so many backslashes stand. */
function endsCommand(bytes: Bytes, at: number, backslashes: number): boolean {
  const byte = bytes[at]
  if (byte === QUOTE) return endsMember(bytes, at + 1)
  if (isEscapeOfLine(byte) && backslashes > 0) return byte !== LETTER_T && isNewline(backslashes)
  return backslashes === 0
}

/** A newline in JSON has one backslash, or two, four, eight, by its level. Any other number has that of a line that goes on in it. */
function isNewline(backslashes: number): boolean {
  return (backslashes & (backslashes - 1)) === 0
}
