import { printLine } from '../cli/out.ts'
import type { IdentityProvider } from './identity-provider.ts'

/** What a person or a program needs to use the demo. */
export interface DemoFacts {
  readonly event: 'ready'
  readonly url: string
  readonly issuer: string
  readonly client_id: string
  readonly folder: string
  readonly connections: readonly { readonly name: string; readonly url: string }[]
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly groups: readonly string[]
    readonly token: string
  }[]
}

export async function facts(
  running: { readonly url: string; readonly connections: readonly string[]; readonly provider: IdentityProvider },
  folder: string,
): Promise<DemoFacts> {
  const { url, provider } = running
  const people = await Promise.all(
    provider.people.map(async ({ id, name, groups }) => ({ id, name, groups, token: await provider.token(id, url) })),
  )
  return {
    event: 'ready',
    url,
    issuer: provider.issuer,
    client_id: provider.clientId,
    folder,
    connections: running.connections.map((name) => ({ name, url: `${url}/mcp/${name}` })),
    people,
  }
}

const ABOUT: Readonly<Record<string, string>> = {
  everything: 'the reference server, over stdio: every kind of tool',
  files: 'one scratch folder, over stdio',
  customers: '500 made-up customers in SQLite, over HTTP; one tool needs an API key that only the gateway knows',
}

export function printWelcome({ url, issuer, connections, people, folder }: DemoFacts): void {
  const [first] = connections
  const example = connections.find(({ name }) => name === 'customers') ?? first
  if (example === undefined) return
  const lines = [
    `Sallyport is ready at ${url}`,
    '',
    'Connections',
    ...connections.map((one) => `  ${one.url.padEnd(42)} ${ABOUT[one.name] ?? ''}`),
    '',
    `People (log in by a click at ${issuer}; no passwords, this machine only)`,
    ...people.map(({ id, name, groups }) => `  ${id.padEnd(7)} ${name.padEnd(14)} ${groups.join(', ')}`),
    '',
    `Who decides about calls that wait: ${url}/approvals`,
    '',
    'Add it to a client; it will open the login page by itself',
    `  Claude Code    claude mcp add --transport http customers ${example.url}`,
    `  Codex          codex mcp add customers --url ${example.url}`,
    `  Cursor         .cursor/mcp.json: {"mcpServers":{"customers":{"url":"${example.url}"}}}`,
    `  VS Code        code --add-mcp '{"name":"customers","type":"http","url":"${example.url}"}'`,
    `  MCP Inspector  npx @modelcontextprotocol/inspector --transport http --server-url ${example.url}`,
    '',
    'One call, as alice (paste into another terminal, in this folder)',
    ...exampleCall(example.url, people.find(({ id }) => id === 'alice')?.token ?? ''),
    '',
    'A call that waits until somebody else agrees (the first here, the second in a third terminal while it waits)',
    ...waitingCall(example.url, people.find(({ id }) => id === 'bob')?.token ?? ''),
    '',
    'Policy to play with (takes effect a moment after it is saved; try the query tool with DROP TABLE customers)',
    `  ${folder}/policy.yaml`,
    '',
    'What was recorded (in this folder)',
    `  npx sallyport tail --data ${folder}/data`,
    '',
    'Ctrl-C ends it.',
  ]
  for (const line of lines) printLine(line)
}

function exampleCall(url: string, token: string): readonly string[] {
  return [
    `  TOKEN=${token}`,
    `  npx mcp-inspector --cli ${url} --transport http --header "Authorization: Bearer $TOKEN" \\`,
    '    --method tools/call --tool-name find_customer --tool-arg text=anna',
  ]
}

function waitingCall(url: string, token: string): readonly string[] {
  const { origin } = new URL(url)
  return [
    `  npx mcp-inspector --cli ${url} --transport http --header "Authorization: Bearer $TOKEN" \\`,
    `    --method tools/call --tool-name query --tool-args-json '{"sql":"UPDATE customers SET plan = 1 WHERE id = 7"}'`,
    `  BOB=${token}`,
    `  ID=$(curl -s -H "Authorization: Bearer $BOB" ${origin}/api/v1/approvals | grep -oE '[2-9A-Za-z]{4}-[2-9A-Za-z]{4}' | head -1)`,
    `  curl -s -H "Authorization: Bearer $BOB" -H 'Content-Type: application/json' -d '{"verdict":"approve"}' ${origin}/api/v1/approvals/$ID/vote`,
  ]
}
