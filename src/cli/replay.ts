import { stringifyJson } from '../base/json.ts'
import { asciicast } from '../recording/asciicast.ts'
import { har } from '../recording/har.ts'
import { type LoadedSession, loadSession, type RecordedSession } from '../recording/load-session.ts'
import { replayPage } from '../recording/replay-page.ts'
import { MARKS } from '../recording/replay-event.ts'
import { sessionJson } from '../recording/session-summary.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { dataFolder, FOLDER_OPTIONS } from './data-folder.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { pageParts } from './page-parts.ts'
import { playSession, printSession } from './replay-print.ts'
import { stepThrough } from './replay-step.ts'
import { readArgs, UsageError } from './usage.ts'
import { writeWhole } from './write-result.ts'

const OPTIONS = {
  ...FOLDER_OPTIONS,
  json: { type: 'boolean', default: false },
  as: { type: 'string' },
  output: { type: 'string', short: 'o' },
  speed: { type: 'string' },
  step: { type: 'boolean', default: false },
  only: { type: 'string' },
  full: { type: 'boolean', default: false },
} as const

const HELP = `sallyport replay SESSION: one recorded session as it went. The beginning of its id is enough; "sallyport sessions" lists them.

  --full                  bodies whole; without, their first lines
  --only denied,failed    only what is ${MARKS.join(', ')}
  --speed 4               as it went, four times as fast; silence over 2 s is cut short
  --step                  event by event, with keys
  --json                  one record a line, as tail --json prints it
  --as FORMAT [-o FILE]   html (one file, works offline), asciicast, json, har
  -c FILE | --data DIR    whose log`

/** `sallyport replay SESSION`: one session as it went. */
export async function replay(args: readonly string[]): Promise<ExitCode> {
  if (args[0] === 'help' || args.includes('--help')) {
    printLine(HELP)
    return EXIT.fine
  }
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new UsageError('Name one session: replay ses_…; "sallyport sessions" lists them.')
  const show = showing(values)
  const folder = await dataFolder(values)
  const loaded = await loadSession(readRecords({ folder }), name)
  if (loaded.kind === 'one') return show(loaded.session)
  printError(notOne(loaded, name, folder))
  return EXIT.refused
}

type Values = ReturnType<typeof readArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values']
type Show = (session: RecordedSession) => Promise<ExitCode>

/** Wrong options are told before a log is read. */
function showing(values: Values): Show {
  const { as, full, json, output, speed, step } = values
  const ways = [as !== undefined, json, speed !== undefined, step].filter(Boolean)
  if (ways.length > 1) throw new UsageError('Only one of --as, --json, --speed, --step.')
  const only = marksOf(values.only)
  if (as !== undefined) return (session) => writeAs(formatOf(as), session, output)
  if (output !== undefined) throw new UsageError('-o needs a format: --as html, asciicast, json or har.')
  if (step) return (session) => stepThrough(session)
  if (speed !== undefined) return (session) => playSession(session, { speed: speedOf(speed), full, only })
  return (session) => printSession(session, { json, full, only })
}

const FORMATS = {
  html: (session: RecordedSession) => [replayPage(session, pageParts())],
  asciicast: (session: RecordedSession) => [...asciicast(session)].map((line) => `${line}\n`),
  json: (session: RecordedSession) => [`${stringifyJson(sessionJson(session))}\n`],
  har: (session: RecordedSession) => [`${stringifyJson(har(session, '0.1.0'))}\n`],
} as const satisfies Record<string, (session: RecordedSession) => readonly string[]>

type Format = keyof typeof FORMATS

function formatOf(text: string): Format {
  if (isFormat(text)) return text
  throw new UsageError(`--as is one of ${Object.keys(FORMATS).join(', ')}, not "${text}".`)
}

function isFormat(text: string): text is Format {
  return Object.hasOwn(FORMATS, text)
}

function writeAs(format: Format, session: RecordedSession, output: string | undefined): Promise<ExitCode> {
  const pieces = FORMATS[format](session)
  if (output === undefined) for (const piece of pieces) process.stdout.write(piece)
  else writeWhole(output, pieces)
  return Promise.resolve(EXIT.fine)
}

function marksOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const marks = text.split(',').map((mark) => mark.trim())
  const unknown = marks.find((mark) => !MARKS.some((known) => known === mark))
  if (unknown !== undefined) throw new UsageError(`--only takes ${MARKS.join(', ')}, not "${unknown}".`)
  return marks
}

function speedOf(text: string): number {
  const speed = Number(text.replace(/[x×]$/, ''))
  if (speed >= 0.1 && speed <= 1000) return speed
  throw new UsageError(`"${text}" is no speed: a number from 0.1 to 1000.`)
}

function notOne(loaded: Exclude<LoadedSession, { kind: 'one' }>, name: string, folder: string): string {
  switch (loaded.kind) {
    case 'none':
      return `There is no session ${name} in ${folder}. "sallyport sessions" lists them.`
    case 'several':
      return `${name} is the beginning of several: ${loaded.sessions.join(', ')}.`
    case 'large':
      return `Session ${name} holds ${Math.round(loaded.bytes / 1024 / 1024)} MiB, more than a replay shows at once. "sallyport export --session ${name}" writes it record by record.`
  }
}
