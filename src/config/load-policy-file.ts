import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Dialect, DIALECTS } from '../facts/facts.ts'
import { compileInspection } from '../facts/inspection.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { isObject, type JsonObject } from '../base/json.ts'
import { inspectHere } from '../inspection/inspect-here.ts'
import { loadReader } from '../inspection/readers.ts'
import type { Mistake } from '../policy/mistake.ts'
import { type ReadPolicy, readPolicy, warningsOf } from '../policy/parse-policy.ts'
import { runTests, type TestResult } from '../policy/run-tests.ts'
import { readYaml } from '../policy/yaml-source.ts'
import { readConfigFor } from './load.ts'
import { readText, type Environment } from './main-file.ts'
import { policyPlaces } from './policy-places.ts'

export interface PolicyFileChoice {
  /** Undefined: the one that the configuration names. */
  readonly file: string | undefined
  /** Undefined: `sallyport.yaml` beside the file, if there is one; else the file's own `test_with`. */
  readonly config: string | undefined
}

export type CheckedPolicy =
  | {
      readonly kind: 'policy'
      readonly file: string
      readonly read: ReadPolicy
      readonly tests: readonly TestResult[]
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

/** Reads a policy for the command line, with the connections that it is for, and runs its tests; failing ones are results. */
export async function loadPolicyFile(choice: PolicyFileChoice, environment: Environment): Promise<CheckedPolicy> {
  const beside = choice.file === undefined ? 'sallyport.yaml' : join(dirname(resolve(choice.file)), 'sallyport.yaml')
  const config = choice.config ?? (existsSync(beside) ? beside : undefined)
  if (config !== undefined) return withConfig(choice.file, config, environment)
  if (choice.file === undefined)
    return wrong(
      resolve('policy.yaml'),
      'there is no sallyport.yaml here',
      'name a policy, or a configuration: -c sallyport.yaml',
    )
  return onItsOwn(resolve(choice.file))
}

async function withConfig(file: string | undefined, path: string, environment: Environment): Promise<CheckedPolicy> {
  const found = await readConfigFor(path, environment)
  if (found.kind === 'mistakes') return found
  const { policyFile, connections, readers } = found
  const chosen = file === undefined ? policyFile : resolve(file)
  const text = await readText(chosen)
  if (text === undefined) return wrong(chosen, 'this file cannot be read')
  const read = readPolicy(text, { ...policyPlaces(chosen), connections, inspect: inspectHere(readers) })
  return read.kind === 'mistakes' ? read : tested(chosen, read)
}

async function onItsOwn(file: string): Promise<CheckedPolicy> {
  const text = await readText(file)
  if (text === undefined) return wrong(file, 'this file cannot be read')
  const world = worldOf(text, file)
  if (world === undefined)
    return wrong(
      file,
      'nothing says which connections this policy is for',
      'name the configuration: -c sallyport.yaml, or describe them in the file: test_with: { connections: { NAME: { labels: { … } } } }',
    )
  const readers = await readersFor(world)
  const read = readPolicy(text, { ...policyPlaces(file), connections: undefined, inspect: inspectHere(readers) })
  return read.kind === 'mistakes' ? read : tested(file, read)
}

function tested(file: string, read: ReadPolicy): CheckedPolicy {
  return { kind: 'policy', file, read, tests: runTests(read), warnings: warningsOf(read) }
}

/** `test_with.connections`; empty where the file cannot be read yet, which is then said with its line. */
function worldOf(text: string, file: string): JsonObject | undefined {
  const [document] = readYaml(text, file).documents
  const value: unknown = document?.value
  if (!isObject(value)) return {}
  const { test_with: given } = value
  if (!isObject(given)) return undefined
  return isObject(given['connections']) ? given['connections'] : {}
}

async function readersFor(world: JsonObject): Promise<SqlReaders> {
  const dialects = new Set<Dialect>()
  for (const one of Object.values(world)) {
    if (!isObject(one)) continue
    const labels = isObject(one['labels']) ? one['labels'] : {}
    const texts = Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [key, typeof value === 'string' ? value : '']),
    )
    const { dialect } = one
    const inspect = isObject(one['inspect']) ? one['inspect'] : undefined
    const inspection = compileInspection({
      labels: texts,
      inspect,
      dialect: typeof dialect === 'string' ? dialect : undefined,
    })
    if ('kind' in inspection) continue
    if (inspection.dialect !== undefined) dialects.add(inspection.dialect)
    if (inspection.inspectors.some(({ kind }) => kind === 'shell')) dialects.add('postgresql')
  }
  const wanted = DIALECTS.filter((dialect) => dialects.has(dialect))
  return new Map(await Promise.all(wanted.map(async (dialect) => [dialect, await loadReader(dialect)] as const)))
}

function wrong(file: string, message: string, hint?: string): CheckedPolicy {
  return { kind: 'mistakes', mistakes: [{ file, line: 1, column: 1, message, hint }] }
}
