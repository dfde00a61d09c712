import { readFileSync } from 'node:fs'
import { isObject, parseJson } from '../base/json.ts'
import { readCloudText } from '../facts/commands/cloud.ts'
import { readK8sText } from '../facts/commands/k8s.ts'
import { type Dialect, DIALECTS, FACT_KINDS, type FactKind } from '../facts/facts.ts'
import { readHttp } from '../facts/http/read-http.ts'
import { readMongo } from '../facts/mongo/read-mongo.ts'
import { readShell } from '../facts/shell/read.ts'
import { loadReader } from '../inspection/readers.ts'
import { safe } from '../recording/print.ts'
import { factLines } from './fact-lines.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { readArgs, UsageError } from './usage.ts'

const HOW =
  'Say: facts sql "SELECT 1" [--dialect mysql], or facts shell|http|mongo|k8s|cloud TEXT; without a text it is read from standard input.'

/** `sallyport facts KIND [TEXT] [--dialect D] [--json]`: what a parser reads in a text, in the words that rules use. */
export async function facts(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: { dialect: { type: 'string', default: 'postgresql' }, json: { type: 'boolean' } },
  })
  const [kind, given, ...more] = positionals
  if (kind === undefined || !isKind(kind) || more.length > 0) throw new UsageError(HOW)
  if (!isDialect(values.dialect))
    throw new UsageError(`There is no dialect "${values.dialect}": ${DIALECTS.join(', ')}.`)
  const text = given === undefined || given === '-' ? readFileSync(0, 'utf8').replace(/\r?\n$/, '') : given
  const found = await read(kind, text, values.dialect)
  if (values.json === true) printLine(JSON.stringify(found))
  else for (const line of factLines({ [kind]: found })) printLine(safe(line))
  return EXIT.fine
}

async function read(kind: FactKind, text: string, dialect: Dialect): Promise<unknown> {
  switch (kind) {
    case 'sql':
      return (await loadReader(dialect)).read(text)
    case 'shell': {
      const reader = await loadReader('postgresql')
      return readShell(text, (sql) => reader.read(sql))
    }
    case 'http':
      return readHttp({ url: text })
    case 'mongo':
      return readMongo(argumentsIn(text), '')
    case 'k8s':
      return readK8sText(text)
    case 'cloud':
      return readCloudText(text)
  }
}

function argumentsIn(text: string) {
  try {
    const value = parseJson(text)
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw new UsageError('The arguments of a MongoDB tool are a JSON object, such as {"collection":"users","filter":{}}.')
}

function isKind(text: string): text is FactKind {
  return FACT_KINDS.some((kind) => kind === text)
}

function isDialect(text: string): text is Dialect {
  return DIALECTS.some((dialect) => dialect === text)
}
