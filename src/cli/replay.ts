import { resolve } from 'node:path'
import { stringifyJson } from '../base/json.ts'
import type { Config } from '../config/config.ts'
import { asciicast } from '../recording/asciicast.ts'
import { har } from '../recording/har.ts'
import { type LoadedSession, loadSession, type RecordedSession } from '../recording/load-session.ts'
import { replayPage } from '../recording/replay-page.ts'
import { MARKS } from '../recording/replay-event.ts'
import { sessionFacts, sessionJson } from '../recording/session-summary.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { configFrom } from './check.ts'
import { packKeysOf } from './pack-keys.ts'
import { logFolder } from './log-folder.ts'
import { recordLook } from './look.ts'
import { openCaller } from './mcp-caller.ts'
import { EXIT, type ExitCode, printError } from './out.ts'
import { pageParts } from './page-parts.ts'
import { programVersion } from './program-version.ts'
import { readInput } from './read-input.ts'
import { replayAgain } from './replay-again.ts'
import { playing, printSession } from './replay-print.ts'
import { stepping } from './replay-step.ts'
import { readArgs, UsageError } from './usage.ts'
import { writeWhole } from './write-result.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  as: { type: 'string' },
  output: { type: 'string', short: 'o' },
  speed: { type: 'string' },
  step: { type: 'boolean', default: false },
  only: { type: 'string' },
  full: { type: 'boolean', default: false },
  policy: { type: 'string' },
  against: { type: 'string' },
  gateway: { type: 'string' },
  'token-file': { type: 'string' },
} as const

export const HELP = `sallyport replay SESSION: one recorded session as it went. The beginning of its id is enough; "sallyport sessions" lists them.

  --full                  bodies whole; without, their first lines
  --only denied,failed    only what is ${MARKS.join(', ')}
  --speed 4               as it went, four times as fast; silence over 2 s is cut short
  --step                  event by event, with keys
  --json                  one record a line, as tail --json prints it
  --as FORMAT [-o FILE]   html (one file, works offline), asciicast, json, har
  --policy FILE           what another policy would decide of each call; needs -c
    --against CONNECTION  and what calls that only read answer now, through a running gateway, with your own rights:
    --token-file FILE     your access token; --gateway URL where it is not at the configured address
  -c FILE | --data DIR    whose log`

/** `sallyport replay SESSION`: one session as it went. */
export async function replay(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new UsageError('Name one session: replay ses_…; "sallyport sessions" lists them.')
  const show = showing(values)
  const folder = await logFolder(values)
  const keys = await packKeysOf(values, folder)
  const loaded = await loadSession(readRecords({ folder, keys }), name)
  if (loaded.kind === 'one') {
    const { id, records } = loaded.session
    await recordLook(folder, { kind: 'replay.viewed', view: { session: id, rows: records.length, format: values.as } })
    return show(loaded.session)
  }
  printError(notOne(loaded, name, folder))
  return EXIT.refused
}

type Values = ReturnType<typeof readArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values']
type Show = (session: RecordedSession) => Promise<ExitCode>

/** Wrong options are told before a log is read. */
function showing(values: Values): Show {
  const { as, full, json, output, speed, step } = values
  if (values.policy !== undefined) return decidingAgain(values.policy, values)
  if (values.against !== undefined) throw new UsageError('--against needs --policy, which says what may be called.')
  const ways = [as !== undefined, json, speed !== undefined, step].filter(Boolean)
  if (ways.length > 1) throw new UsageError('Only one of --as, --json, --speed, --step.')
  const only = marksOf(values.only)
  if (as !== undefined) return writingAs(formatOf(as), output)
  if (output !== undefined) throw new UsageError('-o needs a format: --as html, asciicast, json or har.')
  if (step) return stepping()
  if (speed !== undefined) return playing({ speed: speedOf(speed), full, only })
  return (session) => printSession(session, { json, full, only })
}

/** Under another policy; and against a connection only where one is named. */
function decidingAgain(policy: string, values: Values): Show {
  const { against, config: file, gateway, json } = values
  if (file === undefined) throw new UsageError('--policy needs the configuration: -c sallyport.yaml.')
  return async (session) => {
    const config = await configFrom(['-c', file])
    if (config === undefined) return EXIT.refused
    const { era } = sessionFacts(session)
    const caller =
      against === undefined
        ? undefined
        : await openCaller({ ...callerAt(config, against, gateway), token: tokenIn(values['token-file']), era })
    return replayAgain(session, { policy: resolve(policy), config, json, caller })
  }
}

function callerAt({ connections, listen, url }: Config, against: string, gateway: string | undefined) {
  if (!connections.some(({ name }) => name === against))
    throw new UsageError(`There is no connection ${against} in the configuration.`)
  const base = gateway ?? url ?? (listen.port === 0 ? undefined : `http://${listen.host}:${listen.port}`)
  if (base === undefined) throw new UsageError('Say where the gateway is: --gateway http://127.0.0.1:7070.')
  return { url: `${base.replace(/\/$/, '')}/mcp/${against}`, timeoutMs: CALL_TIMEOUT_MS }
}

/** Longer than a person waits for a read. */
const CALL_TIMEOUT_MS = 60_000

function tokenIn(file: string | undefined): string {
  if (file === undefined)
    throw new UsageError('Calls are made with your own rights: --token-file FILE holds your token.')
  return readInput(file).trim()
}

const FORMATS = {
  html: (session: RecordedSession) => [replayPage(session, pageParts())],
  asciicast: (session: RecordedSession) => [...asciicast(session)].map((line) => `${line}\n`),
  json: (session: RecordedSession) => [`${stringifyJson(sessionJson(session))}\n`],
  har: (session: RecordedSession) => [`${stringifyJson(har(session, programVersion()))}\n`],
} as const satisfies Record<string, (session: RecordedSession) => readonly string[]>

type Format = keyof typeof FORMATS

function formatOf(text: string): Format {
  if (isFormat(text)) return text
  throw new UsageError(`--as is one of ${Object.keys(FORMATS).join(', ')}, not "${text}".`)
}

function isFormat(text: string): text is Format {
  return Object.hasOwn(FORMATS, text)
}

function writingAs(format: Format, output: string | undefined): Show {
  return (session) => {
    const pieces = FORMATS[format](session)
    if (output === undefined) for (const piece of pieces) process.stdout.write(piece)
    else writeWhole(output, pieces)
    return Promise.resolve(EXIT.fine)
  }
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
