import { dirname, resolve } from 'node:path'
import type { Mistake } from '../policy/mistake.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { inspectHere } from '../inspection/inspect-here.ts'
import { loadReaders } from '../inspection/readers.ts'
import { sensitiveFinder } from '../masking/sensitive.ts'
import { loadPolicy, type LoadedPolicy } from '../policy/parse-policy.ts'
import { Shape } from '../policy/check-shape.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import { readYaml } from '../policy/yaml-source.ts'
import type { Config, ConnectionConfig } from './config.ts'
import type { SallyportFile } from './files.ts'
import { cannotRead, readText, type Environment, type MainFile } from './main-file.ts'
import { NOTIFY_SECRETS } from './notify-schema.ts'
import { policyPlaces } from './policy-places.ts'
import { readConnections, type FoundConnections } from './read-connections.ts'
import { type MaskingSettings, readMasking } from './read-masking.ts'
import { readSettings, type Settings } from './read-settings.ts'
import { sallyportSchema } from './schema.ts'

export type LoadedConfig =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

/**
 * Reads `sallyport.yaml` with the connections and the policy that it names, and checks it all. Every mistake in every
 * file is reported at once; with a single one there is no configuration.
 */
export async function loadConfig(path: string, environment: Environment): Promise<LoadedConfig> {
  const main = await readMain(path)
  return 'mistakes' in main ? main : assemble(main, environment)
}

export type ConfigForPolicy =
  | {
      readonly kind: 'config'
      readonly policyFile: string
      readonly connections: readonly ConnectionFacts[]
      readonly readers: SqlReaders
      readonly masking: MaskingSettings
      readonly receivers: readonly string[]
    }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

/** The same without the policy, for whoever has another one to hold against these connections. */
export async function readConfigFor(path: string, environment: Environment): Promise<ConfigForPolicy> {
  const main = await readMain(path)
  if ('mistakes' in main) return main
  const settings = readSettings(main, environment)
  const { connections, mistakes } = await readConnections(main, settings.limits)
  // A key that is not there yet, or the like, is no matter for a policy.
  if (mistakes.length > 0) return fail(mistakes)
  const read = await readersOf(main, connections)
  if ('message' in read) return fail([read])
  const { policyFile, masking } = settings
  const { receivers } = settings.approvals.notify
  return { kind: 'config', policyFile, connections: factsOf(connections), readers: read.readers, masking, receivers }
}

export type MaskingConfig =
  | ({ readonly kind: 'config' } & Pick<Config, 'connections' | 'masking' | 'dataFolder' | 'issuers'>)
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

/** What it says of masking, for whoever needs neither the keys nor the policy of a gateway. */
export async function readMaskingConfig(path: string, environment: Environment): Promise<MaskingConfig> {
  const main = await readMain(path)
  if ('mistakes' in main) return main
  const ofMasking: Mistake[] = []
  const masking = readMasking(main.document, main.entry, ofMasking)
  const { limits, dataFolder, issuers } = readSettings(main, environment)
  const { connections, mistakes } = await readConnections(main, limits)
  const all = [...ofMasking, ...mistakes]
  return all.length > 0 ? fail(all) : { kind: 'config', connections, masking, dataFolder, issuers }
}

const SECRETS = [
  '/master_key',
  '/approvals/page/client_secret',
  '/audit/anchors/*/access_key_id',
  '/audit/anchors/*/secret_access_key',
  ...NOTIFY_SECRETS,
]

const MAIN = new Shape<SallyportFile>(sallyportSchema())

async function readMain(path: string): Promise<MainFile | Extract<LoadedConfig, { kind: 'mistakes' }>> {
  const file = resolve(path)
  const text = await readText(file)
  if (text === undefined) return fail([{ file, line: 1, column: 1, message: 'this file cannot be read' }])
  const { documents, mistakes } = readYaml(text, file)
  const [document, second] = documents
  if (document === undefined) return fail([...mistakes, { file, line: 1, column: 1, message: 'the file is empty' }])
  if (second !== undefined) return fail([...mistakes, second.at([], 'this file holds one document')])
  if (mistakes.length > 0) return fail(mistakes)
  const shaped = MAIN.check(document, { secret: SECRETS })
  if (shaped.kind === 'mistakes') return fail(shaped.mistakes)
  return { document, entry: shaped.value, folder: dirname(file) }
}

async function assemble(main: MainFile, environment: Environment): Promise<LoadedConfig> {
  const settings = readSettings(main, environment)
  const found = await readConnections(main, settings.limits)
  const { loaded, mistakes } = await readPolicy(main, settings, found)
  const all = [...settings.mistakes, ...found.mistakes, ...mistakes]
  if (all.length > 0 || loaded === undefined) return fail(all)
  const { mistakes: _, ...values } = settings
  const { connections } = found
  return { kind: 'config', config: { ...values, ...loaded, file: main.document.file, connections } }
}

type FromPolicy = Pick<Config, 'policy' | 'policyFiles' | 'policyWarnings' | 'readers'>

async function readPolicy(
  main: MainFile,
  { policyFile: file, masking, approvals }: Settings,
  { connections, mistakes }: FoundConnections,
): Promise<{ loaded?: FromPolicy; mistakes: readonly Mistake[] }> {
  const text = await readText(file)
  if (text === undefined) return { mistakes: [cannotRead(main.document, ['policy'], file)] }
  const read = await readersOf(main, connections)
  if ('message' in read) return { mistakes: [read] }
  const { receivers } = approvals.notify
  const loaded = loadPolicyFor(text, { file, connections, readers: read.readers, masking, receivers })
  if (loaded.kind === 'policy') {
    const { policy, files: policyFiles, warnings: policyWarnings } = loaded
    return { loaded: { policy, policyFiles, policyWarnings, readers: read.readers }, mistakes: [] }
  }
  // With connections missing for their own mistakes, "no such connection" in the policy would only mislead.
  return { mistakes: mistakes.length > 0 ? [] : loaded.mistakes }
}

/** Where a parser is not installed, that is said of the configuration that needs it. */
async function readersOf(
  { document }: MainFile,
  connections: readonly ConnectionConfig[],
): Promise<{ readers: SqlReaders } | Mistake> {
  try {
    return { readers: await loadReaders(connections) }
  } catch (error) {
    return document.at(['resources'], error instanceof Error ? error.message : String(error))
  }
}

interface PolicyFor {
  readonly file: string
  readonly connections: readonly ConnectionConfig[]
  readonly readers: SqlReaders
  readonly masking: MaskingSettings
  /** Who can be told of approvals; undefined: that is not looked at. */
  readonly receivers?: readonly string[] | undefined
}

/** Reads a policy for connections that are configured already: at the start, and again whenever its file changes. */
export function loadPolicyFor(
  text: string,
  { file, connections, readers, masking, receivers }: PolicyFor,
): LoadedPolicy {
  const inspect = inspectHere(readers, sensitiveFinder(masking.scanners, masking.own))
  return loadPolicy(text, { ...policyPlaces(file), connections: factsOf(connections), inspect, receivers })
}

function factsOf(connections: readonly ConnectionConfig[]): ConnectionFacts[] {
  return connections.map(({ name, labels, inspection, ownKinds }) => ({ name, labels, inspection, ownKinds }))
}

function fail(mistakes: readonly Mistake[]): Extract<LoadedConfig, { kind: 'mistakes' }> {
  return {
    kind: 'mistakes',
    mistakes: mistakes.toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column),
  }
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
