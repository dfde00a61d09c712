// Policies in tests: loaded as the program loads them, with parsers of SQL, and without a file on the disk.
import type { JsonObject } from '../../src/base/json.ts'
import { DIALECTS, type Dialect } from '../../src/facts/facts.ts'
import { compileInspection, type InspectionSource } from '../../src/facts/inspection.ts'
import type { SqlReaders } from '../../src/facts/read-facts.ts'
import { inspectHere } from '../../src/inspection/inspect-here.ts'
import { loadReader } from '../../src/inspection/readers.ts'
import { NO_CIRCUMSTANCES, type Circumstances } from '../../src/policy/circumstances.ts'
import type { IncludedFile, Places } from '../../src/policy/collect.ts'
import type { About, Question } from '../../src/policy/decide.ts'
import { loadPolicy, type LoadedPolicy, type PolicyPlace } from '../../src/policy/parse-policy.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { ConnectionFacts } from '../../src/policy/rule.ts'
import { findSensitive } from './sensitive.ts'

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
    inspect: inspectHere(readers, findSensitive),
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
  return new Map(await Promise.all(DIALECTS.map(entryOf)))
}

async function entryOf(dialect: Dialect) {
  return [dialect, await loadReader(dialect)] as const
}

export interface Asking {
  /** Values of the groups claim. */
  readonly groups?: readonly string[]
  /** Name of the connection. */
  readonly on: string
  /** A tool by its name, or anything else. */
  readonly about: string | About
  readonly args?: JsonObject
  readonly circumstances?: Partial<Circumstances>
}

/** Makes questions to a policy, with facts read from the arguments as a gateway reads them. */
export function asker(policy: Policy, options: PolicyPlaceOptions): (asking: Asking) => Question {
  const { connections = [], inspect } = policyPlace(options)
  return ({ groups = [], on, about: given, args = {}, circumstances = {} }) => {
    const connection = connections.find(({ name }) => name === on)
    if (connection === undefined) throw new Error(`no connection ${on}`)
    const about: About = typeof given === 'string' ? { kind: 'tool', name: given } : given
    const inspected = inspect(connection, about.kind === 'tool' ? about.name : '', args)
    return {
      policy,
      who: { subject: 'ann', groups },
      connection,
      about,
      circumstances: { ...NO_CIRCUMSTANCES, args, ...inspected, ...circumstances },
    }
  }
}

/** What is wrong with a policy, as `line:column message | hint`, with the file in front where it is another one. */
export function complaints(text: string, options?: PolicyPlaceOptions): string[] {
  const loaded = loadPolicy(text, policyPlace(options))
  if (loaded.kind === 'policy') return []
  return loaded.mistakes.map(({ file, line, column, message, hint }) => {
    const place = `${file === 'policy.yaml' ? '' : `${file}:`}${line}:${column}`
    return `${place} ${message}${hint === undefined ? '' : ` | ${hint}`}`
  })
}

function placesOf(packs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Places {
  return {
    file: 'policy.yaml',
    packNames: Object.keys(packs),
    pack: (name) => included(packs, name, `packs/${name}.yaml`),
    beside: (name) => included(files, name, name),
  }
}

function included(texts: Readonly<Record<string, string>>, name: string, file: string): IncludedFile | undefined {
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined
  return text === undefined ? undefined : { file, text }
}
