// A real gateway for a test: its own folder, its own issuer, a free port, and the binary's `serve` in a process of its own.
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { startIssuer } from './issuer.ts'
import type { Claims, Issuer, SignOptions } from './issuer.ts'
import { runCommand } from './commands.ts'
import { type Finished, startProgram } from './process.ts'
import type { Program } from './process.ts'

export interface ConnectionSpec {
  readonly upstream:
    | { readonly http: { readonly url: string; readonly host?: 'rewrite' | 'pass' } }
    | { readonly stdio: Readonly<Record<string, unknown>> & { readonly command: string } }
  readonly labels?: Readonly<Record<string, string>>
  readonly inspect?: Readonly<Record<string, string | readonly string[]>>
  readonly dialect?: string
  /** Declarations as in the file: `{ name, header: X-Api-Key }`, `{ name, bearer: true }`, ... */
  readonly credentials?: readonly Readonly<Record<string, unknown>>[]
  /** Values of those, by name; stored with `sallyport credential set` before the gateway starts. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly limits?: Readonly<Record<string, unknown>>
  readonly scopes?: readonly string[]
  readonly receipts?: string
  /** `masking` of the connection, as in its file. */
  readonly masking?: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly groups: readonly string[]
  readonly email?: string
  readonly name?: string
}

export interface GatewayOptions {
  /** By name. */
  readonly connections: Readonly<Record<string, ConnectionSpec>>
  /** Default: everybody may do everything. */
  readonly policy?: Readonly<Record<string, unknown>>
  /** By name, which is also the token's subject. Default: alice (engineers), bob (dba, approvers), ada (auditors). */
  readonly people?: Readonly<Record<string, Person>>
  /** Merged over the keys of `sallyport.yaml`. */
  readonly config?: Readonly<Record<string, unknown>> | ((issuer: string) => Readonly<Record<string, unknown>>)
  readonly env?: Readonly<Record<string, string>>
  /** Merged over the entry of the issuer in `identity`. */
  readonly issuer?: Readonly<Record<string, unknown>>
}

export interface Gateway {
  /** `http://127.0.0.1:PORT`; another one after a restart. */
  base(): string
  port(): number
  /** MCP endpoint of a connection. */
  url(connection: string): string
  /** An access token of that person for this gateway. `claims` are laid over, to make bad ones. */
  token(person: string, claims?: Claims, options?: SignOptions): Promise<string>
  /** Holds `sallyport.yaml`, `policy.yaml`, `connections/`, `master.key`. */
  readonly folder: string
  /** Holds what the gateway wrote. */
  readonly dataFolder: string
  readonly issuer: Issuer
  process(): Program
  /** Replaces `policy.yaml`; what a running gateway makes of it is the gateway's affair. */
  writePolicy(policy: Readonly<Record<string, unknown>>): Promise<void>
  /** Path of its `sallyport.yaml`. */
  readonly configFile: string
  /** Runs another command of the binary to its end; `-c` or `--data` is for the caller to give. */
  command(args: readonly string[], input?: string): Promise<Finished>
  /** SIGKILL of the gateway alone: folder and issuer stay, so that `restart` can show what survived. */
  kill(): Promise<void>
  /** Ends it politely if it still runs, then starts it again over the same folder. */
  restart(): Promise<void>
  /** Ends everything and removes the folder. Safe to repeat. */
  stop(): Promise<void>
}

const PEOPLE = {
  alice: { groups: ['engineers'], email: 'alice@example.com', name: 'Alice' },
  bob: { groups: ['dba', 'approvers'], email: 'bob@example.com', name: 'Bob' },
  ada: { groups: ['auditors'], email: 'ada@example.com', name: 'Ada' },
} as const satisfies Record<string, Person>

const ALLOW_ALL = {
  version: 1,
  default: 'deny',
  rules: [{ id: 'allow-all', effect: 'allow', match: { connections: ['*'] } }],
}

const MAIN = 'src/cli/main.ts'
const MASTER_KEY_BYTES = 32

/** Starts a gateway and waits until it is ready. Whoever starts it calls `stop`. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const issuer = await startIssuer()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  const config = join(folder, 'sallyport.yaml')
  const cleanUp = async () => {
    await issuer.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await writeFolder(folder, issuer.url, options)
    await storeSecrets(options, config)
    let running = await serve(config, options)
    return {
      ...addresses(() => running),
      token: (person, claims, signOptions) =>
        issuer.sign({ ...claimsOf(person, options), aud: baseOf(running), ...claims }, signOptions),
      folder,
      configFile: config,
      dataFolder: dataFolderOf(folder, options),
      issuer,
      process: () => running,
      writePolicy: (policy) => writeFile(join(folder, 'policy.yaml'), stringify(policy)),
      command,
      kill: () => running.kill(),
      restart: async () => {
        await running.stop()
        running = await serve(config, options)
      },
      stop: async () => {
        await running.stop()
        await cleanUp()
      },
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

function dataFolderOf(folder: string, { config = {} }: GatewayOptions): string {
  const { data } = typeof config === 'function' ? config('') : config
  return resolve(folder, typeof data === 'string' ? data : 'data')
}

function command(args: readonly string[], input?: string): Promise<Finished> {
  return runCommand(args, { input })
}

async function writeFolder(folder: string, issuer: string, options: GatewayOptions): Promise<void> {
  const config = {
    version: 1,
    listen: '127.0.0.1:0',
    data: './data',
    identity: { issuers: [{ issuer, groups: { claim: 'groups' }, ...options.issuer }] },
    master_key: 'file:master.key',
    policy: 'policy.yaml',
    resources: ['connections/'],
    ...(typeof options.config === 'function' ? options.config(issuer) : options.config),
  }
  await mkdir(join(folder, 'connections'))
  await writeFile(join(folder, 'master.key'), randomBytes(MASTER_KEY_BYTES).toString('base64'), { mode: 0o600 })
  await writeFile(join(folder, 'sallyport.yaml'), stringify(config))
  await writeFile(join(folder, 'policy.yaml'), stringify(options.policy ?? ALLOW_ALL))
  for (const [name, { secrets: _, ...spec }] of Object.entries(options.connections)) {
    await writeFile(join(folder, 'connections', `${name}.yaml`), stringify({ kind: 'Connection', name, ...spec }))
  }
}

async function storeSecrets(options: GatewayOptions, config: string): Promise<void> {
  for (const [connection, { secrets = {} }] of Object.entries(options.connections)) {
    for (const [name, value] of Object.entries(secrets)) {
      const done = await command(['credential', 'set', connection, name, '-c', config], value)
      if (done.code !== 0)
        throw new Error(`credential set ${connection} ${name} ended with ${done.code}\n${done.stderr}`)
    }
  }
}

function serve(config: string, options: GatewayOptions): Promise<Program> {
  return startProgram({
    args: [MAIN, 'serve', '--json', '-c', config],
    isReady: (line) => line['event'] === 'ready',
    ...(options.env === undefined ? {} : { env: options.env }),
  })
}

function addresses(running: () => Program): Pick<Gateway, 'base' | 'port' | 'url'> {
  return {
    base: () => baseOf(running()),
    port: () => Number(new URL(baseOf(running())).port),
    url: (connection) => `${baseOf(running())}/mcp/${connection}`,
  }
}

function baseOf(program: Program): string {
  const { url } = program.ready
  if (typeof url !== 'string') throw new Error('the ready line has no url')
  return url
}

function claimsOf(name: string, options: GatewayOptions): Claims {
  const people: Readonly<Record<string, Person>> = options.people ?? PEOPLE
  const person = people[name]
  if (person === undefined) throw new Error(`there is no person called ${name} in this test`)
  return { sub: name, email: person.email ?? `${name}@example.com`, name: person.name ?? name, groups: person.groups }
}
