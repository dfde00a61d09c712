import type { Dialect } from '../../facts.ts'
import type { Call, Handler, Judge } from '../judge.ts'
import { has, optionTable, scan, valueOf, type OptionTable, type Scan } from '../options.ts'

/** A client of a database: where its SQL stands, and what its own commands may be. */
interface Client {
  readonly dialect: Dialect
  readonly options: OptionTable
  /** Options whose value is SQL. */
  readonly sql: readonly string[]
  /** Options whose value is a file that is written. */
  readonly hosts: readonly string[]
  /** Operands before the one that is SQL; undefined where no operand is SQL. */
  readonly operandsBefore: number | undefined
  /** Commands of the client itself that only show something. */
  readonly own: RegExp
  /** What makes a text more than SQL: commands of the client may run a shell. */
  readonly foreign: RegExp
  /** Options with which nothing but a list is shown. */
  readonly lists: readonly string[]
}

const PSQL: Client = {
  dialect: 'postgresql',
  options: optionTable(
    '-lqXAtx1wWEeabnzS0 -c: -d: -h: -p: -U: -F: -R: -P: -T: --command: --list --dbname: --host: --port: --username: --no-psqlrc --no-align --tuples-only --expanded --csv --html --quiet --single-transaction --no-password --field-separator: --record-separator: --pset: --echo-all --echo-queries --echo-errors --echo-hidden',
  ),
  sql: ['-c', '--command'],
  hosts: ['-h', '--host'],
  operandsBefore: undefined,
  own: /^\\(?:d[a-zA-Z]*\+?|l\+?|conninfo|x|timing|z|sf\+?|sv\+?|encoding|q)(?:[ \t]+[\w.*"?]+)?$/,
  // `\!` runs a shell, `\copy` and `\o` write, `:name` is put in place by the client.
  foreign: /\\/,
  lists: ['-l', '--list'],
}

const MYSQL: Client = {
  dialect: 'mysql',
  options: optionTable(
    '-BNstEHXvrCAfwn -e: -h: -P: -u: -p:? -D: -S: --execute: --batch --skip-column-names --silent --table --vertical --html --xml --verbose --raw --host: --port: --user: --password:? --database: --socket: --protocol: --ssl-mode: --compress --no-auto-rehash --default-character-set: --connect-timeout: --force',
  ),
  sql: ['-e', '--execute'],
  hosts: ['-h', '--host'],
  operandsBefore: undefined,
  own: /^(?:status|help)$/,
  // `system`, `source`, `tee` and `pager` need no backslash.
  foreign: /\\|(?:^|;|\n)[ \t]*(?:system|source|tee|pager|edit|delimiter)\b/i,
  lists: [],
}

const SQLITE: Client = {
  dialect: 'sqlite',
  options: optionTable(
    '-readonly -header -noheader -csv -json -column -line -list -html -markdown -table -box -tabs -quote -batch -bail -nullvalue: -separator: -safe -cmd: --readonly --header --csv --json --column --line --list --html --markdown --table --box',
    true,
  ),
  sql: ['-cmd'],
  hosts: [],
  operandsBefore: 1,
  own: /^\.(?:tables|schema|indexes|indices|databases|dbinfo|fullschema|headers|header|mode|width|nullvalue|timeout|show|help|stats|timer|quit|exit)(?:[ \t]+[\w.*%" ]+)?$/,
  foreign: /(?:^|\n)[ \t]*\./,
  lists: [],
}

function client(shape: Client): Handler {
  const isSingle = shape.dialect === 'sqlite'
  return (call, judge) => {
    const { found } = judge
    const result = scan(call.words, shape.options, { isSingle })
    for (const word of call.words) found.mention(word)
    if (result.strange.length > 0 || result.injectable) found.unknown(`unknown_option:${call.program}`)
    if (isSingle && result.operands[0] !== undefined) found.read(result.operands[0])
    for (const { name, value } of result.options) if (shape.hosts.includes(name)) found.host(value)
    const texts = textsOf(shape, result, call)
    if (texts.length === 0 && has(result, ...shape.lists)) return found.verb('read')
    // Nothing to be seen: it comes from a file or a person.
    if (texts.length === 0) return judge.sql(undefined, shape.dialect)
    for (const text of texts) judgeText(text, shape, judge)
  }
}

function textsOf(shape: Client, result: Scan, { input }: Call): string[] {
  const texts = result.options.filter(({ name }) => shape.sql.includes(name)).map(({ value }) => value)
  if (shape.operandsBefore !== undefined) texts.push(...result.operands.slice(shape.operandsBefore))
  const isAlone =
    texts.length === 0 ||
    (shape.dialect === 'sqlite' && texts.length === result.options.filter(({ name }) => name === '-cmd').length)
  if (isAlone && input.text !== undefined) texts.push(input.text)
  else if (isAlone && input.isPiped) return []
  return texts
}

function judgeText(text: string, shape: Client, judge: Judge): void {
  const lines = text.trim()
  if (lines === '') return judge.found.verb('read')
  if (lines.split('\n').every((line) => shape.own.test(line.trim()))) return judge.found.verb('read')
  const sql = withoutOwnLines(lines, shape)
  if (shape.foreign.test(sql)) return judge.found.verb('code', 'sql_unknown', 'unknown')
  // A variable of psql is put into the text by psql.
  if (shape.dialect === 'postgresql' && /(?<![:\w]):(?:['"]?[A-Za-z_])/.test(sql)) judge.found.unknown()
  judge.sql(sql, shape.dialect)
}

/** Lines of the client's own, where each line is read on its own. */
function withoutOwnLines(text: string, shape: Client): string {
  if (!text.includes('\n')) return text
  return text
    .split('\n')
    .filter((line) => !shape.own.test(line.trim()))
    .join('\n')
}

/** Commands of Redis that read. `KEYS`-like ones are slow, but read. */
const REDIS =
  /^(?:get|mget|getrange|strlen|exists|ttl|pttl|type|keys|scan|randomkey|dbsize|info|ping|echo|time|lastsave|role|llen|lrange|lindex|lpos|hget|hmget|hgetall|hkeys|hvals|hlen|hexists|hscan|hstrlen|scard|smembers|sismember|smismember|srandmember|sscan|sdiff|sinter|sunion|zcard|zcount|zrange|zrangebyscore|zrevrange|zrank|zscore|zscan|zmscore|xlen|xrange|xrevrange|xinfo|pfcount|bitcount|getbit|geopos|geodist|geohash)$/i
const REDIS_TWO =
  /^(?:memory (?:usage|stats|doctor)|client (?:list|info|getname|id)|slowlog (?:get|len)|object (?:encoding|idletime|refcount|freq)|cluster (?:info|nodes|slots)|latency (?:latest|doctor|history)|pubsub (?:channels|numsub)|command (?:count|info)|acl whoami)$/i

const REDIS_OPTIONS = optionTable(
  '-c -h: -p: -n: -u: -a: --user: --pass: --raw --no-raw --no-auth-warning --csv --json --tls --insecure --scan --pattern: --bigkeys --memkeys --hotkeys --stat --latency -i: -t: -r: -2 -3 -4 -6',
)

const redis: Handler = (call, judge) => {
  const { found } = judge
  const result = scan(call.words, REDIS_OPTIONS, { stopAtOperand: true })
  const command = call.words.slice(result.end)
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:redis-cli')
  const isScan =
    has(result, '--scan', '--bigkeys', '--memkeys', '--hotkeys', '--stat', '--latency') && command.length === 0
  const isRead = isScan || REDIS.test(command[0] ?? '') || REDIS_TWO.test(command.slice(0, 2).join(' '))
  found.host(valueOf(result, '-h') ?? '')
  if (isRead) found.verb('read')
  else found.verb('sql_unknown', 'unknown')
}

/** Clients whose dialect nobody reads here. */
const opaque: Handler = ({ words }, judge) => {
  for (const word of words) judge.found.mention(word)
  judge.found.verb('sql_unknown', 'unknown')
}

export const SQL_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['psql', client(PSQL)],
  ['mysql', client(MYSQL)],
  ['mariadb', client({ ...MYSQL, dialect: 'mariadb' })],
  ['sqlite3', client(SQLITE)],
  ['redis-cli', redis],
  ['valkey-cli', redis],
  ...[
    'sqlcmd',
    'sqlplus',
    'clickhouse-client',
    'duckdb',
    'cqlsh',
    'pgcli',
    'mycli',
    'litecli',
    'usql',
    'snowsql',
    'influx',
    'presto',
    'trino',
    'hive',
    'beeline',
    'impala-shell',
    'isql',
    'tsql',
    'db2',
    'cockroach',
  ].map((name): [string, Handler] => [name, opaque]),
])
