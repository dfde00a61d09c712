// Unmodified MCP clients behind one small interface, so that a story can be told once for all of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMCPClient } from '@ai-sdk/mcp'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { isRecord, runProgram } from './process.ts'
import type { Finished } from './process.ts'

export interface Target {
  readonly url: string
  readonly token?: string | undefined
}

export type Args = Readonly<Record<string, unknown>>
export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (report: unknown) => void
}

export interface Caller extends AsyncDisposable {
  listTools(): Promise<unknown>
  call(tool: string, args: Args, options?: CallOptions): Promise<unknown>
  /** What else this client can ask, by name; read-only. */
  readonly more: Readonly<Record<string, () => Promise<unknown>>>
  /** Which options of `call` this client knows. */
  readonly can: { readonly progress: boolean; readonly cancel: boolean }
}

const WHO = { name: 'story', version: '1.0.0' }

/** By name; each opens a connection of its own. */
export const CLIENTS: Readonly<Record<string, (target: Target) => Promise<Caller>>> = {
  'SDK v1': openV1,
  'SDK v2, legacy': (target) => openV2(target, 'legacy'),
  'SDK v2, negotiating': (target) => openV2(target, 'auto'),
  'AI SDK': openAiSdk,
  'Inspector, legacy': (target) => openInspector(target, 'legacy'),
  'Inspector, auto': (target) => openInspector(target, 'auto'),
  mcporter: openMcporter,
}

async function openV1(target: Target): Promise<Caller> {
  const client = new ClientV1(WHO)
  const transport = new HttpV1(new URL(target.url), { requestInit: { headers: headersOf(target) } })
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    call: (name, args, options = {}) => client.callTool({ name, arguments: args }, undefined, sdkOptions(options)),
    more: {
      about: () =>
        Promise.resolve([client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()]),
      ...sdkQuestions(client),
      ping: () => client.ping(),
    },
    can: { progress: true, cancel: true },
    [Symbol.asyncDispose]: async () => {
      await transport.terminateSession()
      await client.close()
    },
  }
}

async function openV2(target: Target, mode: 'auto' | 'legacy'): Promise<Caller> {
  const client = new ClientV2(WHO, { versionNegotiation: { mode } })
  const transport = new HttpV2(new URL(target.url), { requestInit: { headers: headersOf(target) } })
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    call: (name, args, options = {}) => client.callTool({ name, arguments: args }, sdkOptions(options)),
    more: {
      about: () =>
        Promise.resolve([client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()]),
      ...sdkQuestions(client),
    },
    can: { progress: true, cancel: true },
    [Symbol.asyncDispose]: async () => {
      await transport.terminateSession()
      await client.close()
    },
  }
}

interface Questions {
  listResources(): Promise<{ resources: readonly { uri: string }[] }>
  listResourceTemplates(): Promise<unknown>
  listPrompts(): Promise<{ prompts: readonly { name: string; arguments?: readonly unknown[] | undefined }[] }>
  readResource(params: { uri: string }): Promise<unknown>
  getPrompt(params: { name: string }): Promise<unknown>
}

/** What both SDK clients and the AI SDK ask alike. */
function sdkQuestions(client: Questions): Caller['more'] {
  return {
    resources: () => client.listResources(),
    templates: () => client.listResourceTemplates(),
    prompts: () => client.listPrompts(),
    'first resource': async () => {
      const [first] = (await client.listResources()).resources
      return client.readResource({ uri: first?.uri ?? '' })
    },
    'a resource that is not there': () => client.readResource({ uri: 'test://nowhere' }),
    'first prompt': async () => {
      const [first] = (await client.listPrompts()).prompts
      return client.getPrompt({ name: first?.name ?? '' })
    },
    'a prompt that is not there': () => client.getPrompt({ name: 'no-such-prompt' }),
  }
}

function sdkOptions({ signal, onProgress }: CallOptions): {
  signal?: AbortSignal
  onprogress?: (report: unknown) => void
} {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onprogress: onProgress }),
  }
}

async function openAiSdk(target: Target): Promise<Caller> {
  const client = await createMCPClient({ transport: { type: 'http', url: target.url, headers: headersOf(target) } })
  return {
    listTools: () => client.listTools(),
    call: (name, args, { signal } = {}) =>
      client.callTool({ name, arguments: args, ...(signal === undefined ? {} : { options: { signal } }) }),
    more: sdkQuestions(client),
    can: { progress: false, cancel: true },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** A command line: each question is a process of its own; what it prints and its exit code are the answer. */
async function openInspector(target: Target, era: 'auto' | 'legacy'): Promise<Caller> {
  const ask = (args: readonly string[]) =>
    commandLine('node_modules/.bin/mcp-inspector', [
      '--cli',
      target.url,
      '--transport=http',
      `--protocol-era=${era}`,
      '--format=json',
      '--quiet',
      ...Object.entries(headersOf(target)).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...args,
    ])
  return {
    listTools: () => ask(['--method', 'tools/list']),
    call: (tool, args) =>
      ask(['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)]),
    more: {
      resources: () => ask(['--method', 'resources/list']),
      prompts: () => ask(['--method', 'prompts/list']),
    },
    can: { progress: false, cancel: false },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function openMcporter(target: Target): Promise<Caller> {
  const ask = (verb: string, args: readonly string[]) =>
    commandLine('node_modules/.bin/mcporter', [
      verb,
      '--http-url',
      target.url,
      '--allow-http',
      '--name',
      'story',
      '--no-oauth',
      ...Object.entries(headersOf(target)).flatMap(([name, value]) => ['--header', `${name}=${value}`]),
      ...args,
    ])
  return {
    // Beside the tools it prints how long it took and where from.
    listTools: async () => toolsIn(await ask('list', ['--json'])),
    call: (tool, args) => ask('call', [tool, '--args', JSON.stringify(args), '--output', 'json']),
    more: {},
    can: { progress: false, cancel: false },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function toolsIn(done: Finished): unknown {
  const printed: unknown = done.code === 0 ? JSON.parse(done.stdout) : done
  return isRecord(printed) && 'tools' in printed ? printed['tools'] : printed
}

/** Its home is a folder that is gone afterwards: these programs keep and find settings there. */
async function commandLine(program: string, args: readonly string[]): Promise<Finished> {
  const home = mkdtempSync(join(tmpdir(), 'client-home-'))
  try {
    return await runProgram({ args: [program, ...args], env: { HOME: home, XDG_CONFIG_HOME: home } })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function headersOf(target: Target): Record<string, string> {
  return target.token === undefined ? {} : { Authorization: `Bearer ${target.token}` }
}
