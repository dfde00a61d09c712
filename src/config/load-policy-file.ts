import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isObject, type JsonObject } from '../base/json.ts'
import { compileInspection } from '../facts/inspection.ts'
import type { SqlReaders } from '../facts/read-facts.ts'
import { inspectHere } from '../inspection/inspect-here.ts'
import { loadReaders } from '../inspection/readers.ts'
import { sensitiveFinder } from '../masking/sensitive.ts'
import { Scanners } from '../masking/scanners.ts'
import type { Mistake } from '../policy/mistake.ts'
import { type ReadPolicy, readPolicy, warningsOf } from '../policy/parse-policy.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import { runTests, type TestResult } from '../policy/run-tests.ts'
import { readYaml } from '../policy/yaml-source.ts'
import { type ConfigForPolicy, readConfigFor } from './load.ts'
import { readText, type Environment } from './main-file.ts'
import { policyPlaces } from './policy-places.ts'

export interface PolicyFileChoice {
  /** Undefined: the one that the configuration names. */
  readonly file: string | undefined
  /** Undefined: `sallyport.yaml` beside the file, if that names this policy; else the file's own `test_with`. */
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
  const { file, config } = choice
  if (config !== undefined) return within(await readConfigFor(config, environment), file)
  const beside = join(file === undefined ? '' : dirname(resolve(file)), MAIN_FILE)
  const found = existsSync(beside) ? await readConfigFor(beside, environment) : undefined
  if (file !== undefined) return byItself(resolve(file), found)
  if (found !== undefined) return within(found, undefined)
  return wrong(
    resolve('policy.yaml'),
    `there is no ${MAIN_FILE} here`,
    'name a policy, or a configuration: -c sallyport.yaml',
  )
}

const MAIN_FILE = 'sallyport.yaml'

/** `beside`: the configuration in the folder of the file, which may be one of another policy, or be broken. */
async function byItself(file: string, beside: ConfigForPolicy | undefined): Promise<CheckedPolicy> {
  if (beside?.kind === 'config' && beside.policyFile === file) return within(beside, file)
  const text = await readText(file)
  if (text === undefined) return wrong(file, 'this file cannot be read')
  const world = worldOf(text, file)
  if (world !== undefined) return onItsOwn(text, file, world)
  if (beside?.kind === 'mistakes') return beside
  return wrong(
    file,
    'nothing says which connections this policy is for',
    'name the configuration: -c sallyport.yaml, or describe them in the file: test_with: { connections: { NAME: { labels: { … } } } }',
  )
}

async function within(found: ConfigForPolicy, file: string | undefined): Promise<CheckedPolicy> {
  if (found.kind === 'mistakes') return found
  const { policyFile, connections, readers, masking, receivers } = found
  const chosen = file === undefined ? policyFile : resolve(file)
  const text = await readText(chosen)
  if (text === undefined) return wrong(chosen, 'this file cannot be read')
  const inspect = inspectHere(readers, sensitiveFinder(masking.scanners, masking.own))
  return tested(chosen, readPolicy(text, { ...policyPlaces(chosen), connections, inspect, receivers }))
}

async function onItsOwn(text: string, file: string, world: JsonObject): Promise<CheckedPolicy> {
  const readers = await readersFor(world).catch((error: unknown) =>
    error instanceof Error ? error.message : 'a parser is missing',
  )
  if (typeof readers === 'string') return wrong(file, readers)
  const inspect = inspectHere(readers, sensitiveFinder(new Scanners([]), []))
  return tested(file, readPolicy(text, { ...policyPlaces(file), connections: undefined, inspect }))
}

function tested(file: string, read: ReturnType<typeof readPolicy>): CheckedPolicy {
  if (read.kind === 'mistakes') return read
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

/** As far as the connections can be understood; what is wrong with them is said when the policy is read. */
async function readersFor(world: JsonObject): Promise<SqlReaders> {
  const connections = Object.entries(world).flatMap(([name, one]) => connectionOf(name, one) ?? [])
  return loadReaders(connections)
}

function connectionOf(name: string, one: unknown): ConnectionFacts | undefined {
  if (!isObject(one)) return undefined
  const { labels: given, inspect, dialect } = one
  const labels = Object.fromEntries(
    Object.entries(isObject(given) ? given : {}).map(([key, value]) => [key, typeof value === 'string' ? value : '']),
  )
  const inspection = compileInspection({
    labels,
    inspect: isObject(inspect) ? inspect : undefined,
    dialect: typeof dialect === 'string' ? dialect : undefined,
  })
  return 'kind' in inspection ? undefined : { name, labels, inspection }
}

function wrong(file: string, message: string, hint?: string): CheckedPolicy {
  return { kind: 'mistakes', mistakes: [{ file, line: 1, column: 1, message, hint }] }
}
