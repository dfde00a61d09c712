// The words of the language: which roots a condition may name, which fields they have, and of which type. The check at
// load is against these, and so are the suggestions for a field that does not exist.
import type {
  CloudFacts,
  HttpFacts,
  K8sFacts,
  MongoFacts,
  ShellCommand,
  ShellFacts,
  SqlFacts,
} from '../../facts/facts.ts'

type FieldsOf<T> = Readonly<Record<keyof T, string>>

const TEXTS = 'list<string>'
const READ = { present: 'bool', parsed: 'bool', error: 'string' } as const

const SQL: FieldsOf<SqlFacts> = {
  ...READ,
  dialect: 'string',
  parser: 'string',
  fingerprint: 'string',
  statements: 'int',
  kinds: TEXTS,
  verbs: TEXTS,
  tables_read: TEXTS,
  tables_written: TEXTS,
  columns_read: TEXTS,
  columns_written: TEXTS,
  functions: TEXTS,
  where: 'string',
  has_limit: 'bool',
  limit: 'int',
  flags: TEXTS,
}

const SHELL: FieldsOf<ShellFacts> = {
  ...READ,
  parser: 'string',
  dynamic: 'bool',
  verbs: TEXTS,
  programs: TEXTS,
  commands: 'list<command>',
  flags: TEXTS,
  writes: TEXTS,
  reads: TEXTS,
  urls: TEXTS,
  hosts: TEXTS,
  network: 'bool',
  sudo: 'bool',
  sql: 'list<sql>',
  k8s: 'list<k8s>',
  cloud: 'list<cloud>',
  depth: 'int',
}

const COMMAND: FieldsOf<ShellCommand> = { program: 'string', args: TEXTS, via: 'string' }

const HTTP: FieldsOf<HttpFacts> = {
  ...READ,
  method: 'string',
  scheme: 'string',
  host: 'string',
  port: 'int',
  path: 'string',
  private_address: 'bool',
  userinfo: 'bool',
  body_bytes: 'int',
}

const MONGO: FieldsOf<MongoFacts> = {
  ...READ,
  op: 'string',
  db: 'string',
  collection: 'string',
  verbs: TEXTS,
  empty_filter: 'bool',
  server_js: 'bool',
  out_stage: 'bool',
}

const K8S: FieldsOf<K8sFacts> = {
  ...READ,
  verb: 'string',
  verbs: TEXTS,
  resource: 'string',
  namespace: 'string',
  name: 'string',
  all: 'bool',
  impersonation: 'bool',
  secrets: 'bool',
  flags: TEXTS,
}

const CLOUD: FieldsOf<CloudFacts> = {
  ...READ,
  provider: 'string',
  service: 'string',
  action: 'string',
  verbs: TEXTS,
  profile: 'string',
  region: 'string',
  flags: TEXTS,
}

/** Types with fields, by name; a root of such a type has the same name. */
export const FIELDS = {
  sql: SQL,
  shell: SHELL,
  command: COMMAND,
  http: HTTP,
  mongo: MONGO,
  k8s: K8S,
  cloud: CLOUD,
  identity: {
    subject: 'string',
    issuer: 'string',
    email: 'string',
    groups: TEXTS,
    claim_groups: TEXTS,
    claims: 'map<string, dyn>',
    amr: TEXTS,
  },
  client: { id: 'string', name: 'string', version: 'string' },
  connection: { name: 'string', labels: 'map<string, string>' },
  session: { age: 'int', calls: 'int', taints: TEXTS, tainted: 'bool' },
  call: {
    method: 'string',
    tool: 'string',
    connection: 'string',
    prompt: 'string',
    resource: 'string',
    arg_bytes: 'int',
    secrets_in_args: 'int',
    pii_in_args: TEXTS,
    hidden_chars: 'bool',
    tool_hash: 'string',
    tool_changed: 'bool',
    annotations: 'map<string, dyn>',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** Root to type. */
export const ROOTS: Readonly<Record<string, string>> = {
  identity: 'identity',
  client: 'client',
  address: 'string',
  connection: 'connection',
  session: 'session',
  call: 'call',
  args: 'map<string, dyn>',
  now: 'google.protobuf.Timestamp',
  sql: 'sql',
  shell: 'shell',
  http: 'http',
  mongo: 'mongo',
  k8s: 'k8s',
  cloud: 'cloud',
}

/** Names of types, for `type(args.limit) == int`. */
export const TYPE_NAMES: readonly string[] = ['int', 'double', 'string', 'bool', 'list', 'map', 'null_type']

/** Known before there are arguments, and the same for as long as a client keeps a list. */
const KNOWN_ROOTS: readonly string[] = ['identity', 'client', 'address', 'connection']
const KNOWN_FIELDS: readonly string[] = ['call.tool', 'call.connection', 'call.prompt', 'call.resource']

/** Whether what stands at the end of this path is known only with a call. */
export function needsCall(path: string): boolean {
  const [root = ''] = path.split('.')
  return !KNOWN_ROOTS.includes(root) && !KNOWN_FIELDS.some((known) => path === known || path.startsWith(`${known}.`))
}

export function fieldsOf(type: string): readonly string[] {
  return Object.keys(TYPES.get(type) ?? {})
}

/** Undefined where the type has no such field. */
export function typeOfField(type: string, field: string): string | undefined {
  const fields = TYPES.get(type)
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined
}

const TYPES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(Object.entries(FIELDS))
