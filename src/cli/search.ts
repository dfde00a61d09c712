import { clock } from '../base/clock.ts'
import { stringifyJson } from '../base/json.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { printLine as lineOf, safe } from '../recording/print.ts'
import { answerJson, lookedText, mistakeLines, mistakesJson } from '../search/answer-json.ts'
import { Authorised } from '../search/authorise.ts'
import { FIELD_NAMES } from '../search/fields.ts'
import { parseQuery } from '../search/parse.ts'
import { printQuery } from '../search/print-query.ts'
import type { Query } from '../search/query.ts'
import { asksForRegex } from '../search/regex.ts'
import type { Answer, Count, Facet, Hit } from '../search/result.ts'
import { answerOf } from '../store/search/answer.ts'
import { documentsFrom } from '../store/search/documents.ts'
import { openDownwards } from '../store/search/open-downwards.ts'
import { SearchIndex } from '../store/search/search-index.ts'
import { logFolder } from './log-folder.ts'
import { recordLook } from './look.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { packKeysOf } from './pack-keys.ts'
import { readSearchTexts } from './search-options.ts'
import { readArgs, UsageError } from './usage.ts'
import { beside } from './wrap.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean', default: false },
  limit: { type: 'string', short: 'n' },
  before: { type: 'string' },
  count: { type: 'boolean', default: false },
  facets: { type: 'string' },
  histogram: { type: 'string' },
  zone: { type: 'string' },
} as const

export const HELP = `sallyport search QUERY: what is recorded and fits, newest first.

  refund incident         both words, in requests, replies and reasons; "drop table" one after the other
  incid*  /drop\\s+table/  words that begin so; a regular expression
  a OR b  -a  (a OR b) c  either; not; brackets
${beside('  tool:query  who:alice   ', `a field: ${FIELD_NAMES.filter((name) => name !== 'text').join(', ')}`).join('\n')}
  rows:>100  after:-7d    numbers with units, times

  -n N, --before SEQ      so many at a time; go on before a record
  --count  --facets who,tool  --histogram hour|day  --zone Europe/Berlin
  --json                  one object, as the API answers
  -c FILE | --data DIR    whose log`

/** Whoever waits at a terminal waits for the whole answer; Ctrl-C is at hand. */
const BUDGET_MS = 10 * 60_000
/** Where records have to be read one by one: then something is shown, and how to go on. */
const SCAN_MS = 10_000

/** `sallyport search QUERY`: what was recorded and fits, newest first. Reads only, and can run beside a gateway. */
export async function search(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({ args: queryLast(args), allowPositionals: true, options: OPTIONS })
  const terms = readSearchTexts(values, Intl.DateTimeFormat().resolvedOptions().timeZone)
  if (typeof terms === 'string') throw new UsageError(terms)
  const text = positionals.join(' ')
  const parsed = parseQuery(text, { now: clock.nowMicros(), zone: terms.zone })
  if (parsed.kind === 'mistakes') {
    if (values.json) printLine(stringifyJson(mistakesJson(parsed.mistakes)))
    else for (const line of mistakeLines(text, parsed.mistakes)) printError(safe(line))
    return EXIT.usage
  }
  const folder = await logFolder(values)
  const place = { folder, keys: await packKeysOf(values, folder) }
  using index = new SearchIndex(folder, (seq) => documentsFrom(place, seq))
  // Whoever can read the files can read all of them; who may see what is for those who ask a gateway.
  const authorised = Authorised.of(parsed.query, { sees: 'all' })
  const budgetMs = asksForRegex(parsed.query) ? SCAN_MS : BUDGET_MS
  const wish = { ...terms, authorised, budgetMs, countMs: BUDGET_MS }
  const answer = await answerOf(index, wish, openDownwards(place))
  await recordLook(folder, {
    kind: 'view',
    view: { what: 'search', fields: fieldsIn(parsed.query), rows: answer.hits.length },
  })
  if (values.json) printLine(stringifyJson(answerJson(answer, { query: parsed.query, zone: terms.zone })))
  else print(answer, parsed.query)
  return answer.found.broken.length > 0 ? EXIT.failed : EXIT.fine
}

/** Which fields were asked for. What was asked of them may name people, and is not handed on by a file. */
function fieldsIn(query: Query): string | undefined {
  const names = new Set<string>()
  const gather = (one: Query): void => {
    if (one.kind === 'words' || one.kind === 'regex') names.add('text')
    else if (one.kind === 'field') names.add(one.field)
    else if (one.kind === 'not') gather(one.item)
    else if (one.kind !== 'all') for (const item of one.items) gather(item)
  }
  gather(query)
  return names.size === 0 ? undefined : [...names].toSorted().join(',')
}

/** A word of a query may begin with `-`: what is no option of ours is one, wherever it stands. */
function queryLast(args: readonly string[]): string[] {
  const options: string[] = []
  const words: string[] = []
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    const name = LETTERS[arg] ?? arg.slice(2)
    if (arg === '--') {
      words.push(...args.slice(i + 1))
      break
    }
    if (arg.startsWith('--') || Object.hasOwn(LETTERS, arg)) {
      options.push(arg)
      const takes = Object.entries(OPTIONS).some(([key, { type }]) => key === name && type === 'string')
      if (takes && i + 1 < args.length) options.push(args[++i] ?? '')
    } else words.push(arg)
  }
  return [...options, '--', ...words]
}

const LETTERS: Readonly<Record<string, string>> = { '-c': 'config', '-n': 'limit' }

function print({ found, hits }: Answer, query: Query): void {
  for (const hit of hits) for (const line of linesOf(hit)) printLine(line)
  for (const facet of found.facets) for (const line of facetLines(facet)) printLine(line)
  if (found.histogram !== undefined)
    for (const line of histogramLines(found.histogram, found.histogramExact)) printLine(line)
  if (found.count !== undefined) printLine(countLine(found.count))
  printError(safe([`${printQuery(query)}: ${hits.length} shown`, ...wayOf(found)].join(', ')))
  if (found.withoutWords > 0)
    printError(`${found.withoutWords} records are indexed without their words, so this is not all: audit.index.mode.`)
  for (const file of found.broken)
    printError(`${file} of the index cannot be read, so this is not all. Run "sallyport reindex".`)
}

function countLine({ n, exact, about }: Count): string {
  if (exact) return `${n} records`
  return `at least ${n} records${about === undefined ? '' : `, about ${about} if the older ones are like the newest`}`
}

/** How far it came, and how to go on. */
function wayOf(found: Answer['found']): readonly string[] {
  const { looked, next, scanned } = found
  const said = looked === undefined ? [] : [lookedText(looked, `--before ${next}`)]
  if (next !== undefined && looked?.all !== false) said.push(`more with --before ${next}`)
  if (scanned > 0) said.push(lagOf(found))
  return said
}

/** What was read from the log because the index does not have it yet. */
function lagOf({ indexedUntil, scanned }: Answer['found']): string {
  if (indexedUntil === undefined) return `${scanned} records read without an index ("sallyport reindex" builds it)`
  return `${scanned} read from the log because the index goes up to ${isoMicros(indexedUntil)}`
}

function linesOf(hit: Hit): readonly string[] {
  if (hit.kind === 'disagrees') return [`#${hit.seq} ${NOT_SHOWN[hit.why]}`]
  const { text, marks } = hit.snippet
  const line = lineOf(hit.record)
  return text.trim() === '' ? [line] : [line, `    ${marked(text, marks)}`]
}

const NOT_SHOWN: Readonly<Record<Extract<Hit, { kind: 'disagrees' }>['why'], string>> = {
  locked: 'is encrypted: name the configuration with -c for its key.',
  erased: 'was erased since.',
  missing: '** IS NOT IN THE LOG. "sallyport audit verify" says more. **',
  does_not_fit: '** IS NAMED BY THE INDEX, AND DOES NOT FIT. Run "sallyport reindex". **',
}

/** Marks are drawn after the text was made harmless: no text can draw one. */
function marked(text: string, marks: readonly (readonly [number, number])[]): string {
  const [on, off] = process.stdout.isTTY ? ['\u001B[1;7m', '\u001B[0m'] : ['»', '«']
  let line = ''
  let at = 0
  for (const [start, end] of marks) {
    line += `${safe(text.slice(at, start))}${on}${safe(text.slice(start, end))}${off}`
    at = end
  }
  return line + safe(text.slice(at))
}

function facetLines({ field, values, of, exact }: Facet): readonly string[] {
  const width = Math.max(...values.map(({ n }) => String(n).length), 1)
  return [
    `${field}${exact ? '' : ` (of the newest ${of})`}:`,
    ...values.map(({ value, n }) => `  ${String(n).padStart(width)}  ${safe(value)}`),
  ]
}

const BAR = 40

function histogramLines(buckets: readonly { from: number; n: number }[], exact: boolean): readonly string[] {
  const most = Math.max(...buckets.map(({ n }) => n), 1)
  const lines = buckets.map(
    ({ from, n }) => `${isoMicros(from).slice(0, 16)}Z ${'#'.repeat(Math.max(1, Math.round((n / most) * BAR)))} ${n}`,
  )
  return exact ? lines : [...lines, 'There was no time to count the days before that.']
}
