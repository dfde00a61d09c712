// Facts: what a text in an argument would do, read by a parser, in words that a rule can test. Pure: no file, no clock.
// Whatever is unknown, cannot be parsed or is over a limit is a fact of its own, and never a weaker one: `unknown` is a
// verb, and `parsed: false` is what the shipped packs deny (guardrails.md, 1).

export const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'tsql', 'bigquery'] as const
export type Dialect = (typeof DIALECTS)[number]

export type SqlVerb = 'read' | 'write' | 'ddl' | 'admin' | 'code' | 'session' | 'tx' | 'lock' | 'unknown'

/** How well the WHERE of an UPDATE or DELETE bounds it; of several, the worst. `n/a`: there is none in the text. */
export type SqlWhere = 'none' | 'tautology' | 'weak' | 'ok' | 'n/a'

/** The less a WHERE bounds, the further right. */
const WHERE_ORDER: readonly SqlWhere[] = ['n/a', 'ok', 'weak', 'tautology', 'none']

export function worseWhere(a: SqlWhere, b: SqlWhere): SqlWhere {
  return WHERE_ORDER.indexOf(b) > WHERE_ORDER.indexOf(a) ? b : a
}

/** guardrails.md, 6. Lists are sorted and without duplicates; names are lower case where the dialect folds them. */
export interface SqlFacts {
  /** False where the call has no SQL text. */
  readonly present: boolean
  /** False where any text could not be read whole: then nothing else here may be relied on. */
  readonly parsed: boolean
  /** Why not parsed, for the person who reads the refusal: one sentence, without the text itself. */
  readonly error: string
  readonly dialect: Dialect | ''
  /** `libpg-query@18.1.5` */
  readonly parser: string
  /** The same for statements that differ in constants only; empty where the parser has none. */
  readonly fingerprint: string
  readonly statements: number
  /** `SelectStmt`, `DeleteStmt`, … as the parser calls them. */
  readonly kinds: readonly string[]
  readonly verbs: readonly SqlVerb[]
  readonly tables_read: readonly string[]
  readonly tables_written: readonly string[]
  readonly columns_read: readonly string[]
  readonly columns_written: readonly string[]
  readonly functions: readonly string[]
  readonly where: SqlWhere
  /** True where every statement that reads rows for the caller has a LIMIT of its own. */
  readonly has_limit: boolean
  /** The largest LIMIT, -1 where there is none or it is no constant. */
  readonly limit: number
  readonly flags: readonly string[]
}

export type ShellVerb =
  | 'read'
  | 'write'
  | 'delete'
  | 'network'
  | 'code'
  | 'admin'
  | 'container'
  | 'vcs_write'
  | 'sql_unknown'
  | 'unknown'

/** One simple command as found; `via` is what it was found in: `sudo`, `xargs`, `sh -c`, `$(…)`, empty at the top. */
export interface ShellCommand {
  readonly program: string
  /** Words after the name; a word that is only known at run time is `\u0000` alone. */
  readonly args: readonly string[]
  readonly via: string
}

export interface ShellFacts {
  readonly present: boolean
  readonly parsed: boolean
  readonly error: string
  readonly parser: string
  /** A program or code that is only known at run time. */
  readonly dynamic: boolean
  readonly verbs: readonly ShellVerb[]
  /** Base names. */
  readonly programs: readonly string[]
  readonly commands: readonly ShellCommand[]
  readonly flags: readonly string[]
  readonly writes: readonly string[]
  readonly reads: readonly string[]
  readonly urls: readonly string[]
  readonly hosts: readonly string[]
  readonly network: boolean
  readonly sudo: boolean
  /** SQL inside of commands, such as `psql -c`. */
  readonly sql: readonly SqlFacts[]
  readonly k8s: readonly K8sFacts[]
  readonly cloud: readonly CloudFacts[]
  readonly depth: number
}

export interface HttpFacts {
  readonly present: boolean
  readonly parsed: boolean
  readonly error: string
  readonly method: string
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
  /** The host is, or is a spelling of, an address of a private, local, link-local or metadata range, or a local name. */
  readonly private_address: boolean
  readonly userinfo: boolean
  readonly body_bytes: number
}

export type MongoVerb = 'read' | 'write' | 'ddl' | 'admin' | 'code' | 'unknown'

export interface MongoFacts {
  readonly present: boolean
  readonly parsed: boolean
  readonly error: string
  readonly op: string
  readonly db: string
  readonly collection: string
  readonly verbs: readonly MongoVerb[]
  /** An update or delete whose filter is `{}`, missing, or always true. */
  readonly empty_filter: boolean
  /** `$where`, `$function`, `$accumulator`, mapReduce. */
  readonly server_js: boolean
  /** `$out`, `$merge`. */
  readonly out_stage: boolean
}

export type CommandVerb = 'read' | 'write' | 'delete' | 'code' | 'admin' | 'network' | 'unknown'

/** kubectl and helm, from the words of a command or from the arguments of a tool. */
export interface K8sFacts {
  readonly present: boolean
  readonly parsed: boolean
  readonly error: string
  /** `get`, `delete`, `rollout restart`, … */
  readonly verb: string
  readonly verbs: readonly CommandVerb[]
  readonly resource: string
  readonly namespace: string
  readonly name: string
  /** `--all`, `--all-namespaces`. */
  readonly all: boolean
  readonly impersonation: boolean
  readonly secrets: boolean
  readonly flags: readonly string[]
}

/** aws, gcloud, az, terraform. */
export interface CloudFacts {
  readonly present: boolean
  readonly parsed: boolean
  readonly error: string
  readonly provider: string
  readonly service: string
  readonly action: string
  readonly verbs: readonly CommandVerb[]
  readonly profile: string
  readonly region: string
  readonly flags: readonly string[]
}

export const FACT_KINDS = ['sql', 'shell', 'http', 'mongo', 'k8s', 'cloud'] as const
export type FactKind = (typeof FACT_KINDS)[number]

/** Everything that was read in the arguments of one call. */
export interface Facts {
  readonly sql: SqlFacts
  readonly shell: ShellFacts
  readonly http: HttpFacts
  readonly mongo: MongoFacts
  readonly k8s: K8sFacts
  readonly cloud: CloudFacts
}

const ABSENT = { present: false, parsed: false, error: '' } as const

/** No such text in the call. `parsed` is false here too: a rule that needs facts must find some. */
export const NO_SQL: SqlFacts = {
  ...ABSENT,
  dialect: '',
  parser: '',
  fingerprint: '',
  statements: 0,
  kinds: [],
  verbs: [],
  tables_read: [],
  tables_written: [],
  columns_read: [],
  columns_written: [],
  functions: [],
  where: 'n/a',
  has_limit: false,
  limit: -1,
  flags: [],
}

export const NO_SHELL: ShellFacts = {
  ...ABSENT,
  parser: '',
  dynamic: false,
  verbs: [],
  programs: [],
  commands: [],
  flags: [],
  writes: [],
  reads: [],
  urls: [],
  hosts: [],
  network: false,
  sudo: false,
  sql: [],
  k8s: [],
  cloud: [],
  depth: 0,
}

export const NO_HTTP: HttpFacts = {
  ...ABSENT,
  method: '',
  scheme: '',
  host: '',
  port: 0,
  path: '',
  private_address: false,
  userinfo: false,
  body_bytes: 0,
}

export const NO_MONGO: MongoFacts = {
  ...ABSENT,
  op: '',
  db: '',
  collection: '',
  verbs: [],
  empty_filter: false,
  server_js: false,
  out_stage: false,
}

export const NO_K8S: K8sFacts = {
  ...ABSENT,
  verb: '',
  verbs: [],
  resource: '',
  namespace: '',
  name: '',
  all: false,
  impersonation: false,
  secrets: false,
  flags: [],
}

export const NO_CLOUD: CloudFacts = {
  ...ABSENT,
  provider: '',
  service: '',
  action: '',
  verbs: [],
  profile: '',
  region: '',
  flags: [],
}

export const NO_FACTS: Facts = {
  sql: NO_SQL,
  shell: NO_SHELL,
  http: NO_HTTP,
  mongo: NO_MONGO,
  k8s: NO_K8S,
  cloud: NO_CLOUD,
}

/** Limits, all ending in `parsed: false` (guardrails.md, 2.3). Characters are UTF-16 units of the text, at most its bytes. */
export const SQL_BYTES_MAX = 64 * 1024
export const SHELL_BYTES_MAX = 16 * 1024
export const COMMANDS_MAX = 2_000
export const DEPTH_MAX = 40
