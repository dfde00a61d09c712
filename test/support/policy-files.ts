// The folder of somebody who keeps policies, and the program as this person starts it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './commands.ts'
import type { Finished } from './process.ts'

const POLICY = `version: 1
groups: { engineers: [eng], dba: [dba] }
rules:
  - id: read
    effect: allow
    match: { connections: { kind: postgres }, groups: [engineers], tools: [query] }
    when: sql.parsed && sql.verbs.all(v, v in ["read", "write"])
  - id: no-drop
    effect: deny
    match: { connections: { kind: postgres } }
    when: '"ddl" in sql.verbs'
    message: Use a migration.
  - id: ask-for-writes
    effect: approve
    match: { connections: { kind: postgres } }
    when: '"write" in sql.verbs'
    approval: { by: [{ group: dba, count: 2 }] }
  - id: needs-count
    effect: deny
    match: { connections: { kind: postgres }, tools: [many] }
    when: args.count > 10
  - id: weekends
    effect: deny
    match: { connections: { kind: postgres } }
    during: { days: 'sat,sun' }
  - id: own-approval
    effect: approve
    match: { connections: { kind: postgres }, groups: [dba], tools: [odd] }
    approval: { by: [{ group: dba }] }
  - id: slow
    effect: deny
    match: { connections: { kind: postgres }, tools: [odd] }
    when: sql.tables_read.exists(t, t == "a" && t != "b") && call.tool == "odd"
  - id: quick
    effect: deny
    mode: shadow
    match: { connections: { kind: postgres }, tools: [odd] }
    when: call.tool == "odd" && sql.tables_read.exists(t, t == "a" && t != "b")
  - id: everywhere
    effect: allow
    match: { connections: ["*"], tools: [many] }
  - id: some
    effect: limit
    match: { connections: { kind: postgres } }
    limit: [{ calls: 5, per: 1m, by: [session] }]
tests:
  - { name: reads <well> & "fine", as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: SELECT 1 } }, expect: allow }
  - { name: no drops, as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: DROP TABLE t } }, expect: deny, rule: no-drop }
test_with:
  connections: { db: { labels: { kind: postgres } } }
`

const MAIN = `version: 1
identity: { issuers: [{ issuer: "https://login.example.com" }] }
master_key: \${env:NOT_THERE}
resources: [connections/]
policy: policy.yaml
`
const DATABASE = `kind: Connection
name: db
labels: { kind: postgres }
upstream: { http: { url: "http://127.0.0.1:9/mcp" } }
`
const SELECT = { sql: 'SELECT a FROM t WHERE id = 1' }

const BARE = POLICY.slice(0, POLICY.indexOf('tests:'))

const FILES: Readonly<Record<string, string>> = {
  'policy.yaml': POLICY,
  'failing.yaml': POLICY.replace('expect: allow', 'expect: deny'),
  'broken.yaml': POLICY.replace("sql.verbs'", "sql.verb'"),
  'bare.yaml': BARE,
  'untested.yaml': POLICY.replace(/tests:\n(?: {2}- .*\n)+/, ''),
  'bad-groups.json': '{"as": {"groups": "eng"}, "call": {"connection": "db"}}',
  'no-call.json': '{"connection": "db"}',
  'half.json': '{"call": {"connection": ',
  'call.json': JSON.stringify({ as: { groups: ['eng'] }, call: { connection: 'db', tool: 'query', args: SELECT } }),
  'team/sallyport.yaml': MAIN,
  'team/policy.yaml': BARE,
  'team/other.yaml': BARE.replaceAll('no-drop', 'never-drop'),
  'team/connections/db.yaml': DATABASE,
  'lost/sallyport.yaml': 'version: 2\n',
  'lost/policy.yaml': BARE,
  'lost/alone.yaml': POLICY,
}

export interface PolicyFolder extends AsyncDisposable {
  readonly folder: string
  /** A command of the binary, in the folder. */
  run(args: readonly string[], input?: string): Promise<Finished>
  /** What it prints with `--json`; throws where it says anything else. */
  json(args: readonly string[]): Promise<unknown>
}

export async function policyFolder(): Promise<PolicyFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-policy-'))
  for (const name of ['team/connections', 'lost']) await mkdir(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
  const run = (args: readonly string[], input?: string) => runCommand(args, { cwd: folder, input })
  return {
    folder,
    run,
    json: async (args) => {
      const { stdout, stderr } = await run([...args, '--json'])
      if (stderr !== '') throw new Error(stderr)
      return JSON.parse(stdout)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What is printed, without where lines end. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
