import type { JsonObject } from '../base/json.ts'
import { readCloudText } from './commands/cloud.ts'
import { readK8sText } from './commands/k8s.ts'
import {
  NO_CLOUD,
  NO_FACTS,
  NO_HTTP,
  NO_K8S,
  NO_MONGO,
  NO_SQL,
  type CloudFacts,
  type Dialect,
  type FactKind,
  type Facts,
  type HttpFacts,
  type K8sFacts,
  type MongoFacts,
  type ShellFacts,
  type SqlFacts,
} from './facts.ts'
import { findTexts, type FoundText } from './find-texts.ts'
import { readHttp } from './http/read-http.ts'
import type { Inspection } from './inspection.ts'
import { readMongo } from './mongo/read-mongo.ts'
import type { SqlReader } from './reader.ts'
import { mergeShell } from './shell/merge.ts'
import { readShell } from './shell/read.ts'
import { mergeSql } from './sql/merge.ts'

/** Readers of SQL that were loaded; a dialect that is not among them cannot be read. */
export type SqlReaders = ReadonlyMap<Dialect, SqlReader>

/** What to read in one call. */
export interface ToRead {
  readonly inspection: Inspection
  /** Name of the tool; of some servers it says what is done. */
  readonly tool: string
  readonly args: JsonObject
}

/** Reads everything in the arguments of a call that its connection's inspectors cover. Never throws. */
export function readFacts({ inspection, tool, args }: ToRead, readers: SqlReaders): Facts {
  return readTexts(findTexts(inspection, args), { inspection, tool }, readers)
}

/** The same, of texts that were found already. */
export function readTexts(
  found: readonly FoundText[],
  { inspection, tool }: Omit<ToRead, 'args'>,
  readers: SqlReaders,
): Facts {
  if (found.length === 0) return NO_FACTS
  const of = (kind: FactKind) => found.filter((text) => text.kind === kind)
  const { dialect } = inspection
  return {
    sql: mergeSql(of('sql').map(({ text }) => readSql(text, dialect ?? 'postgresql', readers))),
    shell: mergeShell(of('shell').map(({ text }) => readCommand(text, readers))),
    http: oneHttp(of('http').map(readRequest)),
    mongo: oneOf(
      of('mongo').map(({ beside }) => readMongo(beside, tool)),
      NO_MONGO,
      several<MongoFacts>,
    ),
    k8s: oneOf(
      of('k8s').map(({ text }) => (text === undefined ? unread(NO_K8S) : readK8sText(text))),
      NO_K8S,
      several<K8sFacts>,
    ),
    cloud: oneOf(
      of('cloud').map(({ text }) => (text === undefined ? unread(NO_CLOUD) : readCloudText(text))),
      NO_CLOUD,
      several<CloudFacts>,
    ),
  }
}

const NOT_TEXT = 'something else stands where a text was expected'

function unread<T extends { present: boolean; error: string }>(facts: T): T {
  return { ...facts, present: true, error: NOT_TEXT }
}

function readSql(text: string | undefined, dialect: Dialect, readers: SqlReaders): SqlFacts {
  if (text === undefined) return { ...unread(NO_SQL), dialect }
  const reader = readers.get(dialect)
  return reader?.read(text) ?? { ...NO_SQL, present: true, dialect, error: `nothing here reads ${dialect}` }
}

function readCommand(text: string | undefined, readers: SqlReaders): ShellFacts {
  if (text === undefined) return { ...readShell('\0'), error: NOT_TEXT }
  return readShell(text, (sql, dialect) => readSql(sql, dialect, readers))
}

function readRequest({ text, beside }: FoundText): HttpFacts {
  if (text === undefined) return unread(NO_HTTP)
  const { method, body } = beside
  const bodyBytes = typeof body === 'string' ? body.length : undefined
  return readHttp({ url: text, method: typeof method === 'string' ? method : undefined, bodyBytes })
}

/** Addresses on one host are one request with no path of its own; on several hosts nobody can say where it goes. */
function oneHttp(all: readonly HttpFacts[]): HttpFacts {
  const [first, ...rest] = all
  if (first === undefined) return NO_HTTP
  if (rest.length === 0) return first
  const bad = all.find(({ parsed }) => !parsed)
  if (bad !== undefined) return bad
  const same = rest.every(
    ({ scheme, host, port }) => scheme === first.scheme && host === first.host && port === first.port,
  )
  return same
    ? { ...first, path: '' }
    : { ...first, parsed: false, error: 'several hosts', private_address: all.some((one) => one.private_address) }
}

function oneOf<T>(all: readonly T[], none: T, merge: (all: readonly T[]) => T): T {
  const [first, second] = all
  if (first === undefined) return none
  return second === undefined ? first : merge(all)
}

/** Several commands in arguments of one call: each of them is read, and together they are no single one. */
function several<T extends { parsed: boolean; error: string }>(all: readonly T[]): T {
  const [first] = all
  if (first === undefined) throw new TypeError('several of nothing')
  return all.find(({ parsed }) => !parsed) ?? { ...first, parsed: false, error: 'several commands' }
}
