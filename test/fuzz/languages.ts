// What is fuzzed: each language with texts that are known, its words, and what reads it. What is read has to be the same
// each time, so it is compared as JSON.
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../../src/base/json.ts'
import { DIALECTS, FACT_KINDS, type FactKind, type Facts } from '../../src/facts/facts.ts'
import type { SqlReaders } from '../../src/facts/read-facts.ts'
import { inspectHere } from '../../src/inspection/inspect-here.ts'
import { NO_CIRCUMSTANCES } from '../../src/policy/circumstances.ts'
import { compileCondition, contextOf } from '../../src/policy/condition/condition.ts'
import { FIELDS, ROOTS } from '../../src/policy/condition/fields.ts'
import { loadPolicy } from '../../src/policy/parse-policy.ts'
import { connectionFacts, policyPlace } from '../support/policy.ts'
import { findSensitive } from '../support/sensitive.ts'

export interface Language {
  readonly name: string
  readonly corpus: readonly string[]
  readonly words: readonly string[]
  readonly read: (text: string) => unknown
  /** How often `read` does what a gateway does once; one where nothing is said. */
  readonly times?: number
}

/** Vectors of the guardrails: texts that have to be stopped, and texts that have to pass. */
export interface Vector {
  readonly dialect: string
  readonly text: string
  readonly isDangerous: boolean
}

export function vectors(kind: 'sql' | 'shell'): Vector[] {
  const file: { cases: Record<string, string>[] } = JSON.parse(readVector(`${kind}-guardrails.json`))
  return file.cases.map((given) => ({
    dialect: given['dialect'] ?? 'shell',
    text: given['sql'] ?? given['command'] ?? '',
    isDangerous: given['expect'] === 'dangerous',
  }))
}

/** Those of MySQL are MariaDB's too. */
export function sqlVectors(dialect: string): Vector[] {
  const own = dialect === 'mariadb' ? 'mysql' : dialect
  return vectors('sql').filter((vector) => vector.dialect === own)
}

/** Facts of one text of a kind, as the gateway reads them in an argument. */
export function readerOf(kind: FactKind, readers: SqlReaders, dialect?: string): (args: JsonObject) => Facts {
  const inspect = inspectHere(readers, findSensitive)
  const path = kind === 'mongo' ? '$.args' : ['$.args.text', '$.args.texts[*]']
  const connection = connectionFacts({ name: 'fuzzed', inspect: { [kind]: path }, dialect })
  return (args) => inspect(connection, 'run', args).facts
}

export function languages(readers: SqlReaders): Language[] {
  return [
    ...DIALECTS.filter((dialect) => readers.has(dialect)).map((dialect) => sql(dialect, readers)),
    ...others(readers),
    cel(),
    yaml(),
  ]
}

const SQL_WORDS =
  "SELECT FROM WHERE DELETE UPDATE INSERT WITH RECURSIVE UNION ALL AS AND OR NOT IN EXISTS CASE WHEN THEN ELSE END JOIN LATERAL ON USING GROUP BY ORDER LIMIT VALUES SET RETURNING CAST NULL true 1=1 BEGIN COMMIT DO $$ EXEC DECLARE CREATE TABLE FUNCTION LANGUAGE EXPLAIN ANALYZE COPY TO PROGRAM INTO FOR OVER ( ) , ; :: -- /* */ /*! # \\ q' E'' N'x' @@v @v := ? $1 `a` \"a\" [a]".split(
    ' ',
  )
const SHELL_WORDS =
  "rm -rf / ls cat echo sudo env xargs find -exec sh -c bash eval $( ) ` ; & && || | > >> < << <<< <( $x ${x} ${x:-y} $((1+1)) {a,b} {1..9} * ? ~ ! if then else fi for in do done while case esac function () { } [[ ]] ( \" ' \\ $' # -- /etc/passwd /dev/tcp/a/1 curl ssh git push --force kubectl psql -c time nohup timeout 5 EOF".split(
    ' ',
  )

function sql(dialect: string, readers: SqlReaders): Language {
  const read = readerOf('sql', readers, dialect)
  return {
    name: dialect,
    corpus: sqlVectors(dialect).map(({ text }) => text),
    words: SQL_WORDS,
    read: (text) => read({ text }).sql,
  }
}

function others(readers: SqlReaders): Language[] {
  const commands = vectors('shell').map(({ text }) => text)
  const corpora: Readonly<Partial<Record<FactKind, readonly string[]>>> = {
    shell: commands,
    http: [
      'https://example.com/a?b=c#d',
      'http://user:pw@127.1:80/',
      'http://[::ffff:10.0.0.1]/',
      'http://0x7f.1/',
      'http://例え.jp/..%2f',
    ],
    k8s: [
      'kubectl get pods -n prod -o json',
      'kubectl delete --all pods',
      'helm upgrade --install a b',
      'kubectl exec -it a -- sh -c "rm -rf /"',
    ],
    cloud: [
      'aws s3 rm s3://b --recursive',
      'gcloud compute instances delete a',
      'az group delete -n a --yes',
      'terraform apply -auto-approve',
      'aws ec2 describe-instances --profile p',
    ],
  }
  return FACT_KINDS.flatMap((kind) => {
    const corpus = corpora[kind]
    if (corpus === undefined) return []
    const read = readerOf(kind, readers)
    return [{ name: kind, corpus, words: SHELL_WORDS, read: (text: string) => read({ text })[kind] }]
  })
}

function cel(): Language {
  const conditions = [...readVector('example-policy.yaml').matchAll(/when: (?:'(.*)'|\|\n((?: {4}.*\n)+))/g)].map(
    ([, one, block]) => one ?? block ?? '',
  )
  const words = [
    ...Object.keys(ROOTS),
    ...Object.entries(FIELDS).flatMap(([type, fields]) => Object.keys(fields).map((field) => `${type}.${field}`)),
    ...'&& || ! == != < > <= in + - * / % ? : ( ) [ ] { } , . has( size( .exists(v, .all(v, .map(v, .filter(v, .exists_one(v, v .re("(a+)+") .contains( glob( inCidr(address, "10.0.0.0/8") now.getHours() duration("1h") timestamp( dyn( int( string( args args.a args["b"] true false null 1 2.5 "x" r"\\d" // 1u b"x"'.split(
      ' ',
    ),
  ]
  const args = {
    a: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
    b: [1, 2, 3],
    l: Array.from({ length: 900 }, (_, i) => i),
    text: 'x',
    n: 5,
  }
  const asked = {
    who: { subject: 'ann', groups: ['a'] },
    groups: new Set(['b']),
    connection: { name: 'db', labels: { env: 'prod' } },
    about: { kind: 'tool' as const, name: 'query' },
    circumstances: { ...NO_CIRCUMSTANCES, address: '10.0.0.1', args },
  }
  const read = (text: string): unknown => {
    const compiled = compileCondition(text)
    if (compiled.kind === 'wrong') return compiled
    const { condition } = compiled
    const context = contextOf(asked, 'Europe/Berlin')
    return [condition.holds(context), condition.explain(context), [...condition.uses], condition.needsCall]
  }
  return {
    name: 'cel',
    corpus: [
      ...conditions,
      'args.l.exists(v, args.l.all(w, v == w)) || args.a.re("^(a+)+$")',
      'args.b.map(v, v + 1).filter(v, v > 2).size() == 2',
    ],
    words,
    read,
    // An explanation evaluates the whole and each part once more.
    times: 4,
  }
}

function yaml(): Language {
  const place = policyPlace({
    connections: [
      { name: 'prod-db', labels: { kind: 'postgres', env: 'prod', data: 'pii' } },
      { name: 'dev-db', labels: { kind: 'postgres', env: 'dev' } },
      { name: 'github', labels: { kind: 'saas' } },
      { name: 'prod-shell', labels: { kind: 'shell', env: 'prod' } },
    ],
  })
  const [head = ''] = readVector('example-policy.yaml').split('\ntests:')
  const rules = head.slice(head.indexOf('version:')).replaceAll(/ +#.*$/gm, '')
  const words =
    'version: rules: - id: effect: deny allow approve match: { } [ ] , connections: tools: groups: except: when: | > & * ! !!int ? --- ... # "a" \'b\' mode: shadow default: include: during: days: hours: limit: mask: approval: <<: ~ null 1 1e99 .inf __proto__: constructor:'.split(
      ' ',
    )
  const read = (text: string): unknown => {
    const loaded = loadPolicy(text, place)
    if (loaded.kind === 'mistakes') return loaded.mistakes
    return loaded.policy.rules.map(({ id, effect, mode, match, except }) => ({ id, effect, mode, match, except }))
  }
  return {
    name: 'yaml',
    corpus: [
      rules.slice(0, 4000),
      'version: 1\nrules:\n- { id: a, effect: allow, match: { connections: [github] } }\n',
    ],
    words,
    read,
  }
}

function readVector(name: string): string {
  return readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')
}
