// Policies in tests: loaded as the program loads them, with parsers of SQL, and without a file on the disk.
import { DIALECTS, type Dialect } from '../../src/facts/facts.ts'
import { compileInspection, type InspectionSource } from '../../src/facts/inspection.ts'
import type { SqlReaders } from '../../src/facts/read-facts.ts'
import { inspectHere } from '../../src/inspection/inspect-here.ts'
import { loadReader } from '../../src/inspection/readers.ts'
import type { Places } from '../../src/policy/collect.ts'
import { loadPolicy, type LoadedPolicy, type PolicyPlace } from '../../src/policy/parse-policy.ts'
import type { ConnectionFacts } from '../../src/policy/rule.ts'

/** A connection as a configuration would describe it. */
export interface TestConnection extends Partial<InspectionSource> {
  readonly name: string
}

export interface PolicyPlaceOptions {
  /** Undefined: those of the `test_with` of the file. */
  readonly connections?: readonly TestConnection[] | undefined
  /** Texts of packs by name. */
  readonly packs?: Readonly<Record<string, string>>
  /** Texts of files beside the policy by name. */
  readonly files?: Readonly<Record<string, string>>
  /** PostgreSQL alone where nothing is said: parsers of the other dialects take a second to load. */
  readonly readers?: SqlReaders
}

const POSTGRES: SqlReaders = new Map([['postgresql', await loadReader('postgresql')]])

/** Everything that loading a policy named `policy.yaml` needs. */
export function policyPlace(options: PolicyPlaceOptions = {}): PolicyPlace {
  const { packs = {}, files = {}, readers = POSTGRES } = options
  return {
    ...placesOf(packs, files),
    connections: options.connections?.map(connectionFacts),
    inspect: inspectHere(readers),
  }
}

/** Loads a policy that is expected to be right. */
export function loadRight(text: string, options?: PolicyPlaceOptions): Extract<LoadedPolicy, { kind: 'policy' }> {
  const loaded = loadPolicy(text, policyPlace(options))
  if (loaded.kind === 'policy') return loaded
  throw new Error(
    loaded.mistakes.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`).join('\n'),
  )
}

/** A connection with its inspectors, as a configuration makes it. */
export function connectionFacts({ name, labels = {}, inspect, dialect }: TestConnection): ConnectionFacts {
  const inspection = compileInspection({ labels, inspect, dialect })
  if ('kind' in inspection) throw new Error(`${name}: ${inspection.message}`)
  return { name, labels, inspection }
}

/** Parsers of all dialects. */
export async function allReaders(): Promise<SqlReaders> {
  const load = async (dialect: Dialect) => [dialect, await loadReader(dialect)] as const
  return new Map(await Promise.all(DIALECTS.map(load)))
}

function placesOf(packs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Places {
  const of = (texts: Readonly<Record<string, string>>, name: string, file: string) => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined
    return text === undefined ? undefined : { file, text }
  }
  return {
    file: 'policy.yaml',
    packNames: Object.keys(packs),
    pack: (name) => of(packs, name, `packs/${name}.yaml`),
    beside: (name) => of(files, name, name),
  }
}
