// `npm run bench -- policy`: what a decision costs, with the reading of one SQL statement and without.
import { inspectHere } from '../src/inspection/inspect-here.ts'
import { Scanners } from '../src/masking/scanners.ts'
import { sensitiveFinder } from '../src/masking/sensitive.ts'
import { loadReaders } from '../src/inspection/readers.ts'
import { compileInspection } from '../src/facts/inspection.ts'
import { NO_CIRCUMSTANCES } from '../src/policy/circumstances.ts'
import { decide, type Question } from '../src/policy/decide.ts'
import type { Inspect } from '../src/policy/inspect.ts'
import { loadPolicy } from '../src/policy/parse-policy.ts'
import type { ConnectionFacts } from '../src/policy/rule.ts'
import { batchSize, cpuMs } from './cpu-time.ts'
import { median } from './statistics.ts'

/** 60 bytes, as a person or a model asks for one row. */
const SQL = 'SELECT id, name FROM users WHERE id = 42 AND state = active1'
const CONNECTIONS = 10
const BATCHES = 30
const BATCH_MS = 50
const TARGET_SQL_US = 100
const TARGET_PLAIN_US = 10

export interface PolicyCost {
  readonly rules: number
  /** `spread`: over ten connections. `together`: all on the one that is asked about, each with a condition. */
  readonly where: 'spread' | 'together'
  /** Medians in microseconds: of reading the statement, of deciding on what was read, of both, and of a call without SQL. */
  readonly facts: number
  readonly decide: number
  readonly whole: number
  readonly plain: number
}

/** Medians of batches that take turns, so that a busy moment falls on all of them. */
export async function measurePolicy(tell: (line: string) => void): Promise<PolicyCost[]> {
  const connections = Array.from({ length: CONNECTIONS }, (_, i) => connection(`db-${i}`))
  const inspect = inspectHere(await loadReaders(connections), sensitiveFinder(new Scanners([]), []))
  const found: PolicyCost[] = []
  for (const where of ['spread', 'together'] as const) {
    for (const rules of [1, 20, 200]) {
      tell(`${rules} rules, ${where}`)
      const text = policyText(rules, where)
      found.push({ rules, where, ...measure(questions(text, { connections, inspect }), inspect) })
    }
  }
  return found
}

export function printedPolicy(costs: readonly PolicyCost[]): string {
  const lines = costs.map(({ rules, where, facts, decide: decided, whole, plain }) =>
    row([String(rules), where, ...[facts, decided, whole, plain].map(micros), (decided / facts).toFixed(2)]),
  )
  return [
    `One decision, medians in microseconds; the statement has ${SQL.length} bytes.`,
    row(['rules', 'where', 'read SQL', 'decide', 'both', 'no SQL', 'decide/read']),
    ...lines,
    ...costs.filter(({ rules }) => rules === 200).flatMap(verdicts),
  ].join('\n')
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(10) : cell.padStart(12))).join('')
}

function verdicts({ where, whole, plain }: PolicyCost): string[] {
  return [verdict(`${where}, with SQL`, whole, TARGET_SQL_US), verdict(`${where}, without SQL`, plain, TARGET_PLAIN_US)]
}

function verdict(what: string, measured: number, target: number): string {
  return `${measured <= target ? 'met   ' : 'MISSED'}  200 rules, ${what}: ${micros(measured)} of ${target} microseconds`
}

interface Questions {
  readonly sql: () => Question
  readonly plain: () => Question
}

function questions(
  text: string,
  { connections, inspect }: { connections: ConnectionFacts[]; inspect: Inspect },
): Questions {
  const places = { file: 'policy.yaml', packNames: [], pack: () => undefined, beside: () => undefined }
  const loaded = loadPolicy(text, { ...places, connections, inspect })
  if (loaded.kind === 'mistakes')
    throw new Error(loaded.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  const [first] = connections
  if (first === undefined) throw new Error('no connection')
  const ask = (tool: string, args: { sql?: string }): Question => ({
    policy: loaded.policy,
    who: { subject: 'ann', groups: ['okta-eng'] },
    connection: first,
    about: { kind: 'tool', name: tool },
    circumstances: { ...NO_CIRCUMSTANCES, atMs: Date.UTC(2026, 10, 23, 10), args, ...inspect(first, tool, args) },
  })
  return { sql: () => ask('query', { sql: SQL }), plain: () => ask('list_tables', {}) }
}

function measure({ sql, plain }: Questions, inspect: Inspect): Omit<PolicyCost, 'rules' | 'where'> {
  const [withSql, without] = [sql(), plain()]
  const kinds = [withSql, without].map((question) => decide(question).kind)
  if (kinds.some((kind) => kind !== 'allow'))
    throw new Error(`the calls have to pass, or less is measured: ${kinds.join()}`)
  const read = (): unknown => inspect(withSql.connection, 'query', { sql: SQL })
  const all = {
    facts: read,
    decide: () => decide(withSql),
    whole: () => decide(sql()),
    plain: () => decide(without),
  }
  const times = { facts: [], decide: [], whole: [], plain: [] } as Record<keyof typeof all, number[]>
  const names = ['facts', 'decide', 'whole', 'plain'] as const
  const sizes = names.map((name) => batchSize(all[name], BATCH_MS))
  for (let batch = 0; batch < BATCHES; batch += 1) {
    for (const [i, name] of names.entries()) times[name].push(1_000 * cpuMs(all[name], sizes[i] ?? 1))
  }
  return {
    facts: median(times.facts),
    decide: median(times.decide),
    whole: median(times.whole),
    plain: median(times.plain),
  }
}

/** Rules as people write them: half are about names, half look at facts, some have hours and limits. */
function policyText(count: number, where: PolicyCost['where']): string {
  const rules = Array.from({ length: count - 1 }, (_, i) => {
    const on = where === 'spread' ? `db-${i % CONNECTIONS}` : 'db-0'
    return `- { id: r${i}, ${RULES[Math.floor(where === 'spread' ? i / CONNECTIONS : i) % RULES.length]?.replace('ON', on)} }`
  })
  const allow = "- { id: may, effect: allow, match: { connections: ['*'], groups: [eng] } }"
  return `version: 1\ntimezone: Europe/Berlin\ngroups: { eng: [okta-eng], dba: [okta-dba] }\nrules:\n${[allow, ...rules].join('\n')}\n`
}

const RULES = [
  `effect: deny, match: { connections: [ON] }, when: 'sql.verbs.exists(v, v in ["ddl", "admin"]) || sql.statements > 1'`,
  `effect: deny, match: { connections: [ON], tools: [drop_*, delete_*] }, except: { groups: [dba] }`,
  `effect: deny, match: { connections: [ON] }, when: 'sql.where in ["none", "tautology"]'`,
  `effect: approve, match: { connections: [ON] }, when: '"write" in sql.verbs', approval: { by: [{ group: dba }] }`,
  `effect: deny, match: { connections: [ON] }, outside: { days: mon-sun, hours: "00:00-23:00" }`,
  `effect: limit, match: { connections: [ON], groups: [eng] }, limit: [{ calls: 100, per: 1m }]`,
  `effect: deny, match: { connections: [ON] }, when: 'call.secrets_in_args > 0'`,
  `effect: deny, match: { connections: [ON], groups: [dba] }, when: 'sql.tables_read.exists(t, glob(t, "secret*"))'`,
  `effect: deny, match: { connections: [ON] }, when: 'sql.present && !sql.parsed'`,
  `effect: alert, match: { connections: [ON], tools: [export_*] }, severity: high`,
]

function connection(name: string): ConnectionFacts {
  const labels = { kind: 'postgres', env: 'prod' }
  const inspection = compileInspection({ labels })
  if ('kind' in inspection) throw new Error(inspection.message)
  return { name, labels, inspection }
}

function micros(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1)
}
