import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEMO_CLIENT_ID } from './provider-configuration.ts'

interface DemoFolder {
  readonly folder: string
  readonly port: number
  readonly issuer: string
  readonly customersUrl: string
}

/** The key of the customers server: made up at the first start, and stored as a person's would be. */
export function demoKey(folder: string): string {
  const file = join(folder, 'customers-api.key')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = `demo-${randomBytes(18).toString('base64url')}`
  writeFileSync(file, key, { mode: 0o600 })
  return key
}

/**
 * Writes the files of the demo, as somebody would who sets up a gateway. What names ports is written anew each time; the
 * policy is written once, so that it can be changed and tried. Returns the path of sallyport.yaml.
 */
export async function writeDemoFolder(demo: DemoFolder): Promise<string> {
  const { folder } = demo
  const scratch = join(folder, 'files')
  mkdirSync(join(folder, 'connections'), { recursive: true })
  mkdirSync(scratch, { recursive: true })
  once(join(scratch, 'welcome.txt'), 'This folder is all that the "files" connection can see.\n')
  once(join(folder, 'policy.yaml'), POLICY)
  write(join(folder, 'connections', 'everything.yaml'), everything())
  write(join(folder, 'connections', 'files.yaml'), files(scratch))
  write(join(folder, 'connections', 'customers.yaml'), customers(demo.customersUrl))
  const config = join(folder, 'sallyport.yaml')
  write(config, sallyport(demo))
  return config
}

function once(file: string, text: string): void {
  if (!existsSync(file)) write(file, text)
}

function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
}

function sallyport({ port, issuer }: DemoFolder): string {
  return `version: 1
listen: 127.0.0.1:${port}
data: ./data
identity:
  issuers:
    - issuer: ${issuer}
      groups: { claim: groups }
master_key: file:master.key
policy: policy.yaml
resources: [connections/]
approvals:
  # /approvals, where people decide.
  page: { issuer: ${issuer}, client_id: ${DEMO_CLIENT_ID}, scopes: [openid, email, profile, groups] }
# A server that is busy does not notice that its input is closed; Ctrl-C should not wait for it.
limits: { stdio_stop: 1s }
`
}

/** Path of the program that an npm package's server is. */
function program(name: string): string {
  const manifest = fileURLToPath(import.meta.resolve(`${name}/package.json`))
  return JSON.stringify(join(manifest, '..', 'dist', 'index.js'))
}

function everything(): string {
  return `kind: Connection
name: everything
labels: { kind: demo, env: dev }
upstream:
  stdio:
    command: ${JSON.stringify(process.execPath)}
    args: [${program('@modelcontextprotocol/server-everything')}, stdio]
`
}

function files(scratch: string): string {
  return `kind: Connection
name: files
labels: { kind: files, env: dev }
upstream:
  stdio:
    command: ${JSON.stringify(process.execPath)}
    args: [${program('@modelcontextprotocol/server-filesystem')}, ${JSON.stringify(scratch)}]
`
}

function customers(url: string): string {
  return `kind: Connection
name: customers
labels: { kind: sqlite, env: demo, data: pii }
upstream:
  http: { url: ${url} }
credentials:
  - { name: api-key, header: X-Api-Key }
`
}

const POLICY = `# Who may do what through this gateway. The strictest matching rule wins, wherever it stands;
# what no rule allows is refused, and is left out of the lists that a caller sees.
version: 1
default: deny

groups:            # readable name -> values of the "groups" claim of the identity provider
  engineers: [engineers]
  dba:       [dba]
  auditors:  [auditors]

rules:
- id: everything-for-engineers
  effect: allow
  match: { connections: [everything], groups: [engineers, dba] }

- id: no-environment
  effect: deny
  match: { connections: [everything], tools: [get-env] }
  except: { groups: [dba] }
  message: The environment of a server is for those who run it.

- id: files-for-engineers
  effect: allow
  match: { connections: [files], groups: [engineers, dba] }

- id: no-moving-files
  effect: deny
  match: { connections: [files], tools: [move_file] }
  message: Files are not moved by agents here; copy them instead.

# -- customers: rules look into the arguments; SQL is read by a parser, not by a list of words -----------------------
- id: customers-look
  effect: allow
  match: { connections: { data: pii }, groups: [engineers, dba], prompts: ["*"], resources: ["**"] }

- id: customers-tools
  effect: allow
  match: { connections: { data: pii }, groups: [engineers, dba], tools: [find_customer, credit_report, export_csv] }

- id: customers-change
  effect: allow
  match: { connections: { data: pii }, groups: [dba], tools: [update_customer] }

- id: customers-sql
  effect: allow
  match: { connections: { data: pii }, groups: [engineers, dba], tools: [query] }
  when: sql.parsed && sql.verbs.all(v, v in ["read", "write"])

- id: no-destructive-sql
  effect: deny
  match: { connections: { data: pii }, tools: [query] }
  when: |
    !sql.parsed
    || sql.statements > 1
    || !sql.verbs.all(v, v in ["read", "write"])
    || sql.flags.exists(f, f.startsWith("fn:"))        // functions that are on no list of harmless ones
  message: The schema changes by migrations. Send one SELECT, INSERT, UPDATE or DELETE that can be read.
  severity: high

- id: no-unbounded-writes
  effect: deny
  match: { connections: { data: pii }, tools: [query] }
  when: sql.where in ["none", "tautology"]
  message: Say in the WHERE which rows are meant.
  severity: high

- id: writes-need-a-dba
  effect: approve
  match: { connections: { data: pii }, tools: [query] }
  except: { groups: [dba] }
  when: '"write" in sql.verbs'
  approval: { by: [{ group: dba, count: 1 }] }

- id: few-exports
  effect: limit
  match: { connections: { data: pii }, tools: [export_csv] }
  limit: [{ calls: 3, per: 10m, by: [identity] }]

tests:
- { name: engineers find customers, as: { groups: [engineers] }, call: { connection: customers, tool: find_customer, args: {} }, expect: allow }
- { name: engineers read, as: { groups: [engineers] }, call: { connection: customers, tool: query, args: { sql: "SELECT name FROM customers WHERE country = 'DE'" } }, expect: allow }
- { name: nobody drops tables, as: { groups: [dba] }, call: { connection: customers, tool: query, args: { sql: "DROP TABLE customers" } }, expect: deny, rule: no-destructive-sql }
- { name: not in a comment either, as: { groups: [dba] }, call: { connection: customers, tool: query, args: { sql: "SELECT 1; DR/**/OP TABLE customers" } }, expect: deny, rule: no-destructive-sql }
- { name: a bounded write waits for a dba, as: { groups: [engineers] }, call: { connection: customers, tool: query, args: { sql: "UPDATE customers SET plan = 'pro' WHERE id = 7" } }, expect: approve, rule: writes-need-a-dba }
- { name: an unbounded one does not even, as: { groups: [dba] }, call: { connection: customers, tool: query, args: { sql: "DELETE FROM customers WHERE 1 = 1" } }, expect: deny, rule: no-unbounded-writes }
- { name: engineers do not change customers, as: { groups: [engineers] }, call: { connection: customers, tool: update_customer, args: {} }, expect: deny, rule: default }
- { name: auditors call nothing, as: { groups: [auditors] }, call: { connection: everything, tool: echo, args: {} }, expect: deny, rule: default }
`
