import type { StoredRecord } from '../audit/stored.ts'
import { clock } from '../base/clock.ts'
import { recordFilter } from '../recording/export/filter.ts'
import { isLineFormat, LINE_FORMATS, type LineFormat, type LineOptions } from '../recording/export/formats.ts'
import { readRecorded, type RecordedRecord } from '../recording/read.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { FileSink } from './export-file-sink.ts'
import { writeParquet } from './export-parquet.ts'
import { runExport } from './export-run.ts'
import type { ExportSink } from './export-sink.ts'
import { StdoutSink } from './export-stdout-sink.ts'
import { SyslogSink, syslogPlace } from './export-syslog.ts'
import { writeLines } from './export-whole.ts'
import { logFolder } from './log-folder.ts'
import { recordLook } from './look.ts'
import { packKeysOf } from './pack-keys.ts'
import { momentOf } from './moment.ts'
import { EXIT, type ExitCode, printError } from './out.ts'
import { programVersion } from './program-version.ts'
import { safe } from '../recording/print.ts'
import { mistakeLines } from '../search/answer-json.ts'
import { documentOf } from '../search/document.ts'
import { matches } from '../search/matches.ts'
import { parseQuery } from '../search/parse.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  format: { type: 'string', short: 'f', default: 'jsonl' },
  output: { type: 'string', short: 'o' },
  from: { type: 'string' },
  to: { type: 'string' },
  connection: { type: 'string' },
  who: { type: 'string' },
  session: { type: 'string' },
  decision: { type: 'string' },
  kind: { type: 'string' },
  query: { type: 'string', short: 'q' },
  bodies: { type: 'boolean', default: false },
  follow: { type: 'boolean', default: false },
  cursor: { type: 'string' },
  syslog: { type: 'string' },
  ca: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<{ options: typeof OPTIONS; allowPositionals: false }>>['values']

export const HELP = `sallyport export: records of a log for other tools, oldest first.

  -f, --format FORMAT     ${Object.keys(LINE_FORMATS).join(', ')}, parquet
  -o FILE                 default: standard output; FILE.zst is compressed
  --from T --to T         7d ago, 2026-11-20, 2026-11-20T10:00:00Z
  --connection NAME, --who SUBJECT|E-MAIL, --session ID, --decision allow|deny|approve|error, --kind KIND
  -q QUERY                what fits a query too, as of "sallyport search": 'tool:export_* -decision:allow'
  --bodies                with requests and responses, masked as they are recorded (jsonl)
  --follow --cursor FILE  goes on with what is recorded later; FILE says how far it came
  --syslog tls://HOST:PORT [--ca FILE]   RFC 5424 over TLS or tcp://, with --cursor
  -c FILE | --data DIR    whose log`

/** `sallyport export`: records of a log in the formats of other tools. */
export async function exportLog(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const run = way(values)
  const folder = await logFolder(values)
  await recordLook(folder, { kind: 'export', view: viewOf(values) })
  const count = await run(folder)
  if (values.output !== undefined) printError(`Exported ${count} records to ${values.output}.`)
  return EXIT.fine
}

/** Whose records were meant is not told again: a look is no place for personal data. */
function viewOf({ connection, decision, format, from, kind, query, session, to, who }: Values) {
  return { format, from, to, connection, decision, kind, session, who: named(who), query: named(query) }
}

function named(text: string | undefined): string | undefined {
  return text === undefined ? undefined : 'named'
}

type Run = (folder: string) => Promise<number>

/** What is wrong with the options is told before a log is read. */
function way(values: Values): Run {
  const wanted = wantedOf(values)
  const { bodies, follow, format, output, syslog } = values
  if (format === 'parquet') return parquet(values, wanted)
  if (!isLineFormat(format))
    throw new UsageError(`--format is one of ${Object.keys(LINE_FORMATS).join(', ')} and parquet, not "${format}".`)
  const lines = { format: LINE_FORMATS[format], options: { bodies, version: programVersion() } }
  if (bodies && format !== 'jsonl')
    throw new UsageError('--bodies is for --format jsonl: the others have no place for them.')
  if (follow || syslog !== undefined || values.cursor !== undefined) return following(values, wanted, lines)
  return (folder) => writeLines(selected({ folder, values }, wanted), { ...lines, output })
}

function parquet(values: Values, wanted: Wanted): Run {
  const { bodies, cursor, follow, output, syslog } = values
  if (output === undefined) throw new UsageError('Parquet needs a file: -o FILE.')
  if (bodies || follow || cursor !== undefined || syslog !== undefined)
    throw new UsageError('Parquet is written whole: without --bodies, --follow, --cursor and --syslog.')
  return (folder) => writeParquet(output, selected({ folder, values }, wanted), `sallyport ${programVersion()}`)
}

type Wanted = (record: RecordedRecord) => boolean

interface Lines {
  readonly format: LineFormat
  readonly options: LineOptions
}

/** With a cursor: from where it ended the last time, and on as long as `--follow` says. */
function following(values: Values, wanted: Wanted, lines: Lines): Run {
  const { cursor, follow } = values
  if (cursor === undefined)
    throw new UsageError('--follow and --syslog need --cursor FILE, which keeps how far it came.')
  const open = sinkOf(values, cursor, lines)
  return async (folder) => {
    const stopped = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
    const sink = await open()
    try {
      const records = readRecords({ folder, keys: await packKeysOf(values, folder), follow, signal: stopped.signal })
      return await runExport(records, sink, { wanted, cursorPath: cursor, batch: BATCH, everyMs: IDLE_MS })
    } finally {
      await sink.close()
    }
  }
}

/** Records that share one sync. */
const BATCH = 1000
/** Silence after which what came is committed. */
const IDLE_MS = 50

function sinkOf({ ca, output, syslog }: Values, cursor: string, { format, options }: Lines): () => Promise<ExportSink> {
  if (syslog === undefined)
    return () =>
      Promise.resolve(
        output === undefined ? new StdoutSink(cursor, format, options) : new FileSink(output, cursor, format, options),
      )
  if (output !== undefined) throw new UsageError('Either --syslog or -o.')
  const place = syslogPlace(syslog, ca)
  return () => SyslogSink.open(place, cursor, format, options)
}

/** The one place that says which records are meant. */
function wantedOf({ connection, decision, from, kind, query, session, to, who }: Values): Wanted {
  const nowMs = clock.nowMs()
  const isOf = recordFilter({
    from: from === undefined ? undefined : momentOf(from, nowMs) * 1000,
    to: to === undefined ? undefined : momentOf(to, nowMs) * 1000,
    connection,
    who,
    session: session === undefined || session.startsWith('ses_') ? session : `ses_${session}`,
    decision,
    kind,
  })
  if (query === undefined) return isOf
  const parsed = parseQuery(query, { now: clock.nowMicros(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  if (parsed.kind === 'mistakes') throw new UsageError(mistakeLines(query, parsed.mistakes).map(safe).join('\n'))
  // Every record goes through the filter: what it says of an outcome hangs on the intents before it.
  return (record) => isOf(record) && matches(parsed.query, documentOf(record.stored))
}

async function* selected(
  { folder, values }: { folder: string; values: Values },
  wanted: Wanted,
): AsyncGenerator<RecordedRecord, void, undefined> {
  const records: AsyncIterable<StoredRecord> = readRecords({ folder, keys: await packKeysOf(values, folder) })
  for await (const record of readRecorded(records)) if (wanted(record)) yield record
}
