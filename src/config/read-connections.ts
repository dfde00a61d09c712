import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { compileInspection, type Inspection } from '../facts/inspection.ts'
import { nameGlob } from '../base/name-glob.ts'
import { Shape } from '../policy/check-shape.ts'
import { suggest, type Mistake } from '../policy/mistake.ts'
import { readYaml, type YamlDocument } from '../policy/yaml-source.ts'
import { checkConnection } from './check-connection.ts'
import type { ConnectionConfig, CredentialDeclaration, UpstreamConfig } from './config.ts'
import { connectionSchema } from './connection-schema.ts'
import type { ConnectionEntry, CredentialEntry } from './files.ts'
import { limitsWith, type Limits } from './limits.ts'
import { cannotRead, readText, type MainFile } from './main-file.ts'
import { toMasking } from './read-masking.ts'

export interface FoundConnections {
  readonly connections: readonly ConnectionConfig[]
  readonly mistakes: readonly Mistake[]
}

const CONNECTION = new Shape<ConnectionEntry>(connectionSchema())
/** More files than this is the wrong folder. */
const FILES_MAX = 10_000

interface Found {
  readonly document: YamlDocument
  readonly entry: ConnectionEntry
}

/** Reads the resource files that the main file names, folders in the order of file names. */
export async function readConnections(main: MainFile, limits: Limits): Promise<FoundConnections> {
  const mistakes: Mistake[] = []
  const found: Found[] = []
  for (const [i, name] of (main.entry.resources ?? []).entries()) {
    const files = await filesAt(resolve(main.folder, name))
    if (files === undefined) mistakes.push(cannotRead(main.document, ['resources', i], resolve(main.folder, name)))
    for (const file of files ?? []) await readFileOf(file, found, mistakes)
  }
  mistakes.push(...duplicates(found), ...found.flatMap(({ document, entry }) => checkConnection(document, entry)))
  return { connections: found.map((one) => toConnection(one, limits, main)), mistakes }
}

async function filesAt(path: string): Promise<string[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = (await readdir(path)).filter((name) => /^[^.].*\.ya?ml$/.test(name))
    return names.length > FILES_MAX ? undefined : names.toSorted().map((name) => join(path, name))
  } catch {
    return undefined
  }
}

async function readFileOf(file: string, found: Found[], mistakes: Mistake[]): Promise<void> {
  const text = await readText(file)
  if (text === undefined) {
    mistakes.push({ file, line: 1, column: 1, message: 'this file cannot be read' })
    return
  }
  const read = readYaml(text, file)
  mistakes.push(...read.mistakes)
  if (read.mistakes.length > 0) return
  for (const document of read.documents) {
    const wrongKind = checkKind(document)
    if (wrongKind !== undefined) {
      mistakes.push(wrongKind)
      continue
    }
    const shaped = CONNECTION.check(document)
    if (shaped.kind === 'shaped') found.push({ document, entry: shaped.value })
    else mistakes.push(...shaped.mistakes)
  }
}

function checkKind(document: YamlDocument): Mistake | undefined {
  const value: unknown = document.value
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  if (kind === 'Connection') return undefined
  if (typeof kind === 'string') return document.at(['kind'], `unknown kind "${kind}"`, suggest(kind, ['Connection']))
  return document.at(['kind'], 'this document has no kind', 'begin it with kind: Connection')
}

function duplicates(found: readonly Found[]): Mistake[] {
  const first = new Map<string, string>()
  return found.flatMap(({ document, entry: { name } }) => {
    const other = first.get(name)
    if (other !== undefined) return [document.at(['name'], `there is another connection "${name}", in ${other}`)]
    first.set(name, document.file)
    return []
  })
}

function toConnection({ document: { file }, entry }: Found, limits: Limits, main: MainFile): ConnectionConfig {
  return {
    name: entry.name,
    labels: entry.labels ?? {},
    inspection: inspectionOf(entry),
    upstream: toUpstream(entry.upstream, dirname(file)),
    credentials: (entry.credentials ?? []).flatMap(toCredential),
    masking: toMasking(entry.name, entry.masking),
    ownKinds: ownKindsOf(entry.name, main),
    limits: limitsWith(limits, entry.limits ?? {}),
    scopes: entry.scopes ?? [],
    receipts: entry.receipts ?? main.entry.audit?.receipts ?? 'off',
    file,
  }
}

/** Kinds of data that the main file describes, as far as they are looked for on this connection. */
function ownKindsOf(connection: string, { entry: { masking } }: MainFile): string[] {
  return (masking?.detectors ?? []).flatMap(({ name, connections }) =>
    connections === undefined || connections.some((glob) => nameGlob(glob)(connection)) ? [name] : [],
  )
}

/** Reads nothing where it is declared wrong; `checkConnection` has said so. */
function inspectionOf({ labels = {}, inspect, dialect }: ConnectionEntry): Inspection {
  const compiled = compileInspection({ labels, inspect, dialect })
  return 'kind' in compiled ? { inspectors: [], dialect: undefined } : compiled
}

function toUpstream({ http, stdio }: ConnectionEntry['upstream'], folder: string): UpstreamConfig {
  if (http !== undefined) {
    const caFile = http.ca === undefined ? undefined : resolve(folder, http.ca)
    return { kind: 'http', url: http.url, caFile, host: http.host ?? 'rewrite' }
  }
  const { command = '', args = [], env = {}, cwd } = stdio ?? {}
  return {
    kind: 'stdio',
    // A bare name is looked up in PATH; anything with a slash is a file beside the one that names it.
    command: command.includes('/') ? resolve(folder, command) : command,
    args,
    env,
    cwd: cwd === undefined ? undefined : resolve(folder, cwd),
    per: 'session',
  }
}

/** Empty where no place is named; `checkConnection` has said so. */
function toCredential({ name, header, bearer, basic, env }: CredentialEntry): CredentialDeclaration[] {
  if (header !== undefined) return [{ name, kind: 'header', header }]
  if (bearer !== undefined) return [{ name, kind: 'bearer' }]
  if (basic !== undefined) return [{ name, kind: 'basic' }]
  return env === undefined ? [] : [{ name, kind: 'env', variable: env }]
}
