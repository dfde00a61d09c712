import { isObject, type JsonObject } from '../base/json.ts'
import { readCloudText } from '../facts/commands/cloud.ts'
import { readK8sText } from '../facts/commands/k8s.ts'
import { type Dialect, DIALECTS, FACT_KINDS, type FactKind, type Facts } from '../facts/facts.ts'
import type { SqlReader } from '../facts/reader.ts'
import { readHttp } from '../facts/http/read-http.ts'
import { readMongo } from '../facts/mongo/read-mongo.ts'
import { readTexts } from '../facts/read-facts.ts'
import { loadReader } from '../inspection/readers.ts'
import { safe } from '../recording/print.ts'
import { factLines } from './fact-lines.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { jsonFrom, readInput } from './read-input.ts'
import { readArgs, UsageError } from './usage.ts'
import { beside } from './wrap.ts'

const HOW =
  'Say: facts sql "SELECT 1" [--dialect mysql], or facts shell|http|k8s|cloud TEXT, or facts mongo JSON --tool find; without a text it is read from standard input.'

/** `sallyport facts KIND [TEXT] [--dialect D] [--tool NAME] [--json]`: what a parser reads in a text, in the words that rules use. */
export async function facts(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dialect: { type: 'string', default: 'postgresql' },
      tool: { type: 'string', default: '' },
      json: { type: 'boolean' },
    },
  })
  const [kind, given, ...more] = positionals
  if (kind === undefined || !isKind(kind) || more.length > 0) throw new UsageError(HOW)
  if (!isDialect(values.dialect))
    throw new UsageError(`There is no dialect "${values.dialect}": ${DIALECTS.join(', ')}.`)
  const text = given === undefined || given === '-' ? readInput('-').replace(/\r?\n$/, '') : given
  const found = await read({ kind, text, dialect: values.dialect, tool: values.tool })
  if (values.json === true) printLine(JSON.stringify(found))
  else for (const line of linesOf(kind, found)) printLine(safe(line))
  return EXIT.fine
}

type Found = Facts[FactKind]

function linesOf(kind: FactKind, found: Found): string[] {
  const lines = factLines({ [kind]: found })
  if (found.parsed) return lines
  const why = found.error === '' ? '' : `: ${found.error}`
  return [...beside('', `This cannot be read${why}. Rules see parsed == false; nothing else counts.`), '', ...lines]
}

interface Text {
  readonly kind: FactKind
  readonly text: string
  readonly dialect: Dialect
  /** Name of the tool; of a MongoDB server it says what is done. */
  readonly tool: string
}

async function read({ kind, text, dialect, tool }: Text): Promise<Found> {
  switch (kind) {
    case 'sql':
      return (await readerOf(dialect)).read(text)
    case 'shell': {
      // As in a gateway whose connections speak no other SQL.
      const readers = new Map([['postgresql', await loadReader('postgresql')] as const])
      return readTexts(
        [{ kind, text, beside: {} }],
        { inspection: { inspectors: [], dialect: undefined }, tool: '' },
        readers,
      ).shell
    }
    case 'http':
      return readHttp({ url: text })
    case 'mongo':
      return readMongo(argumentsIn(text), tool)
    case 'k8s':
      return readK8sText(text)
    case 'cloud':
      return readCloudText(text)
  }
}

async function readerOf(dialect: Dialect): Promise<SqlReader> {
  try {
    return await loadReader(dialect)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `Nothing here reads ${dialect}.`)
  }
}

function argumentsIn(text: string): JsonObject {
  const value = jsonFrom(text, 'This')
  if (isObject(value)) return value
  throw new UsageError('The arguments of a MongoDB tool are a JSON object, such as {"collection":"users","filter":{}}.')
}

function isKind(text: string): text is FactKind {
  return FACT_KINDS.some((kind) => kind === text)
}

function isDialect(text: string): text is Dialect {
  return DIALECTS.some((dialect) => dialect === text)
}
