import { DIALECTS, FACT_KINDS, type Dialect, type FactKind } from './facts.ts'

/** Where in the arguments of a connection's calls texts stand, and as what they are read. */
export interface Inspection {
  readonly inspectors: readonly Inspector[]
  /** Of SQL texts; undefined where none is inspected. */
  readonly dialect: Dialect | undefined
}

export type Inspector =
  | { readonly kind: FactKind; readonly by: 'path'; readonly text: string; readonly path: readonly Step[] }
  /** Wherever an argument has one of these names, in whatever case and depth. */
  | { readonly kind: FactKind; readonly by: 'name'; readonly names: ReadonlySet<string> }
  /** All of the arguments together. */
  | { readonly kind: FactKind; readonly by: 'all' }

/** A key, or every member of a list. */
export type Step = { readonly key: string } | { readonly each: true }

/** `inspect:` of a connection: a kind to one path or several, such as `$.args.sql`. */
export type InspectEntry = Readonly<Partial<Record<FactKind, string | readonly string[]>>>

export interface WrongInspection {
  readonly kind: 'wrong'
  readonly key: string
  readonly message: string
  readonly hint?: string | undefined
}

export interface InspectionSource {
  readonly labels: Readonly<Record<string, string>>
  readonly inspect?: Readonly<Record<string, unknown>> | undefined
  readonly dialect?: string | undefined
}

/** Paths as declared; else by the label `kind`, which says what the server takes (guardrails.md, 2.2). */
export function compileInspection(source: InspectionSource): Inspection | WrongInspection {
  const dialect = source.dialect ?? DIALECT_OF_KIND[kindOf(source.labels)]
  if (dialect !== undefined && !isDialect(dialect))
    return wrong('dialect', `"${dialect}" is no SQL dialect`, `one of ${DIALECTS.join(', ')}`)
  const inspectors: Inspector[] = []
  for (const [kind, given] of Object.entries(source.inspect ?? {})) {
    const wrongOne = addDeclared(kind, given, inspectors)
    if (wrongOne !== undefined) return wrongOne
  }
  inspectors.push(...defaults(source.labels, new Set(inspectors.map(({ kind }) => kind))))
  if (!inspectors.some(({ kind }) => kind === 'sql')) return { inspectors, dialect: undefined }
  if (dialect === undefined) return wrong('inspect', 'which SQL is it?', `add dialect: ${DIALECTS.join(' or ')}`)
  return { inspectors, dialect }
}

function wrong(key: string, message: string, hint: string): WrongInspection {
  return { kind: 'wrong', key, message, hint }
}

function addDeclared(kind: string, given: unknown, inspectors: Inspector[]): WrongInspection | undefined {
  if (!isFactKind(kind)) return wrong('inspect', `nothing reads "${kind}"`, `one of ${FACT_KINDS.join(', ')}`)
  for (const text of Array.isArray(given) ? given.map(String) : [String(given)]) {
    const inspector = declared(kind, text)
    if ('message' in inspector) return inspector
    inspectors.push(inspector)
  }
  return undefined
}

function declared(kind: FactKind, text: string): Inspector | WrongInspection {
  if (text === '$.args') return kind === 'mongo' ? { kind, by: 'all' } : badPath(text)
  if (!PATH.test(text)) return badPath(text)
  const path = [...text.slice('$.args'.length).matchAll(STEP)].map(([, key]): Step =>
    key === undefined ? { each: true } : { key },
  )
  return { kind, by: 'path', text, path }
}

function badPath(text: string): WrongInspection {
  return wrong(
    'inspect',
    `"${text}" is no path to an argument`,
    'such as $.args.sql, $.args.options.command or $.args.statements[*]',
  )
}

const PATH = /^\$\.args(?:\.[A-Za-z_][\w-]*|\[\*\])+$/
const STEP = /\.([A-Za-z_][\w-]*)|\[\*\]/g

/** What an undeclared kind is looked for by, where the label says that the server is of that sort. */
function defaults(labels: InspectionSource['labels'], taken: ReadonlySet<FactKind>): Inspector[] {
  const found = DEFAULTS.find(({ kinds }) => kinds.includes(kindOf(labels)))
  if (found === undefined || taken.has(found.reads)) return []
  return [
    found.names === 'all'
      ? { kind: found.reads, by: 'all' }
      : { kind: found.reads, by: 'name', names: new Set(found.names) },
  ]
}

const DIALECT_OF_KIND: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  mssql: 'tsql',
  sqlserver: 'tsql',
  tsql: 'tsql',
  bigquery: 'bigquery',
}

const SQL_NAMES = words('sql query statement sqls queries statements sqlquery sqlstatement sqltext querytext script')
const COMMAND_NAMES = words('command cmd script commands cmds scripts commandline shellcommand clicommand')

const DEFAULTS: readonly { kinds: readonly string[]; reads: FactKind; names: readonly string[] | 'all' }[] = [
  { kinds: Object.keys(DIALECT_OF_KIND), reads: 'sql', names: SQL_NAMES },
  { kinds: words('shell bash terminal git'), reads: 'shell', names: COMMAND_NAMES },
  { kinds: words('http web fetch browser'), reads: 'http', names: words('url uri urls uris') },
  { kinds: words('mongodb mongo'), reads: 'mongo', names: 'all' },
  { kinds: words('kubernetes k8s'), reads: 'k8s', names: COMMAND_NAMES },
  { kinds: words('aws gcloud gcp azure terraform'), reads: 'cloud', names: COMMAND_NAMES },
]

/** As names of arguments are compared: lower case, without `_` and `-`. */
export function plainName(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, '')
}

function kindOf(labels: InspectionSource['labels']): string {
  return Object.hasOwn(labels, 'kind') ? (labels['kind'] ?? '').toLowerCase() : ''
}

function isDialect(text: string): text is Dialect {
  return DIALECTS.some((dialect) => dialect === text)
}

function isFactKind(text: string): text is FactKind {
  return FACT_KINDS.some((kind) => kind === text)
}

function words(text: string): string[] {
  return text.split(' ')
}
