import { encodeUtf8 } from '../base/bytes.ts'
import { isObject } from '../base/json.ts'
import { Document } from '../masking/document.ts'
import type { Told } from '../masking/told.ts'
import { MASK_SIDES, type MaskSide } from '../policy/rule.ts'
import { safe } from '../recording/print.ts'
import { askAnalyzer } from './mask-analyzer.ts'
import { coverageLines } from './mask-coverage.ts'
import { searchLog } from './mask-log.ts'
import { answerLine, notesOf, reportLines } from './mask-report.ts'
import { schemaFrom } from './mask-schema.ts'
import { type MaskTerms, termsFrom } from './mask-terms.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { CALL_OPTIONS, callOf } from './policy-call.ts'
import { jsonFrom, readInput } from './read-input.ts'
import { Trial, type TryOut } from './try-masking.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  ...CALL_OPTIONS,
  all: { type: 'boolean' },
  analyzer: { type: 'boolean' },
  config: { type: 'string', short: 'c' },
  coverage: { type: 'boolean' },
  direction: { type: 'string' },
  entity: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  log: { type: 'string' },
  schema: { type: 'string' },
} as const

export const HELP = `sallyport mask [FILE|-]: what masking does with a text, and why. Keeps nothing, and sends nothing anywhere.
Without a file it reads standard input.

  --all                   near misses as well, with what they lack
  --entity KIND           these kinds or groups alone, as if a rule named them; may be repeated
  --json                  a JSON value a line (a text or a document), an answer a line

  -c FILE --connection C  as a connection would: its profile, the kinds of the configuration, and its policy for a call:
    --tool T --groups A,B --args JSON --at TIME, or --call FILE
  --direction arguments   what a client sends; without, results
  --schema FILE           the output schema of the tool, or what it takes
  --analyzer              the analyzer of the connection is asked, too

  --coverage [--json]     what is looked for, how, what becomes of it, and what is not inspected
  --log DIR [--json]      searches the log in a data folder once more; 1 where it finds a value; with -c sealed records, too

The exit code is 1 where a gateway would let nothing of a text pass, or where not all can be told.`

/**
 * `sallyport mask [FILE|-]`: what masking does with a text, and why; `--coverage` says what it looks for, `--log DIR` searches
 * what is recorded. The exit code is 1 where a gateway would withhold the text, or where not all that was found can be told.
 */
export async function mask(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [file = '-', ...more] = positionals
  if (more.length > 0) throw new UsageError('Name one file, or - for standard input.')
  checkAlone(values, positionals.length > 0)
  const terms = await termsFrom({
    config: values.config,
    call: isCallSaid(values) ? callOf(values) : undefined,
    direction: directionOf(values.direction),
    entities: values.entity ?? [],
    ofAll: values.log !== undefined,
  })
  if (terms === undefined) return EXIT.refused
  return values.coverage === true ? tellCoverage(terms, values.json === true) : await tryOn(file, terms, values)
}

/** What would be passed over in silence is a mistake of whoever typed it. */
function checkAlone(values: Readonly<Record<string, unknown>>, hasFile: boolean): void {
  const [what] = ['coverage', 'log'].filter((name) => values[name] !== undefined)
  if (what === undefined) return
  if (hasFile) throw new UsageError(`--${what} takes no file.`)
  const idle = ['all', 'analyzer', 'schema', ...(what === 'coverage' ? ['log', 'direction'] : [])]
  const other = idle.find((name) => values[name] !== undefined)
  if (other !== undefined) throw new UsageError(`--${what} goes without --${other}.`)
}

function tellCoverage({ coverage }: MaskTerms, json: boolean): ExitCode {
  if (json) printLine(JSON.stringify(coverage))
  else for (const line of coverageLines(coverage)) printLine(safe(line))
  return EXIT.fine
}

interface How {
  readonly all?: boolean | undefined
  readonly analyzer?: boolean | undefined
  readonly config?: string | undefined
  readonly json?: boolean | undefined
  readonly log?: string | undefined
  readonly schema?: string | undefined
}

async function tryOn(
  file: string,
  terms: MaskTerms,
  { all, analyzer, config, json, log, schema }: How,
): Promise<ExitCode> {
  const isAsked = analyzer === true
  const tell = teller(terms, isAsked)
  const trial = new Trial(terms, {
    keepsAll: all === true,
    schema: schema === undefined ? undefined : schemaFrom(schema),
  })
  if (log !== undefined) {
    const { connection } = terms
    return searchLog({ folder: log, config, connection, json: json === true, tryOut: (text) => trial.mask(text) })
  }
  const text = readInput(file)
  if (json === true) {
    for (const note of notesOf(terms, { isAsked, isJson: !/^\s*"/m.test(text) })) printError(note)
    return answerLines(text, async (one) => trial.mask(one, await tell(one)))
  }
  const notes = notesOf(terms, { isAsked, isJson: isJsonText(text) })
  const tried = trial.mask(text, await tell(text))
  for (const line of reportLines(tried, notes)) printLine(line)
  return isWhole(tried) ? EXIT.fine : EXIT.refused
}

function isJsonText(text: string): boolean {
  return new Document(encodeUtf8(text)).structure !== undefined
}

function isCallSaid(values: Parameters<typeof callOf>[0]): boolean {
  return CALL_NAMES.some((name) => values[name] !== undefined)
}

const CALL_NAMES = ['call', 'connection', 'tool', 'args', 'groups', 'at'] as const

function directionOf(text = 'results'): MaskSide {
  const side = MASK_SIDES.find((one) => one === text)
  if (side !== undefined) return side
  throw new UsageError(`--direction is ${MASK_SIDES.join(' or ')}.`)
}

function teller(
  { analyzer, connection, direction }: MaskTerms,
  isAsked: boolean,
): (text: string) => Promise<readonly Told[]> {
  if (!isAsked) return () => Promise.resolve([])
  if (direction !== 'results') throw new UsageError('An analyzer is asked about results alone.')
  if (analyzer === undefined)
    throw new UsageError(
      connection === undefined ? 'An analyzer is that of a connection: name it.' : `"${connection}" has no analyzer.`,
    )
  return (text) => askAnalyzer(analyzer, text)
}

async function answerLines(text: string, tryOut: (text: string) => Promise<TryOut>): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = jsonFrom(line, `Line ${index + 1}`)
    const isText = typeof value === 'string'
    if (!isText && !Array.isArray(value) && !isObject(value))
      throw new UsageError(`Line ${index + 1} is neither a string, nor an object or array of JSON.`)
    const tried = await tryOut(isText ? value : line)
    printLine(answerLine(tried, isText))
    if (!isWhole(tried)) code = EXIT.refused
  }
  return code
}

function isWhole({ refused, untold }: TryOut): boolean {
  return refused === undefined && untold === undefined
}
