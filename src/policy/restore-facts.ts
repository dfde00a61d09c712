import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import { NO_CLOUD, NO_HTTP, NO_K8S, NO_MONGO, NO_SHELL, NO_SQL, type Facts, type ShellFacts } from '../facts/facts.ts'
import { NO_COMMAND } from './inputs.ts'

/** The facts that `inputsOf` put on record. What does not look like facts counts as there and unreadable. */
export function restoreFacts(recorded: JsonObject): Facts {
  return {
    sql: restored(recorded['sql'], NO_SQL),
    shell: restoredShell(recorded['shell']),
    http: restored(recorded['http'], NO_HTTP),
    mongo: restored(recorded['mongo'], NO_MONGO),
    k8s: restored(recorded['k8s'], NO_K8S),
    cloud: restored(recorded['cloud'], NO_CLOUD),
  }
}

function restored<T extends { readonly present: boolean }>(recorded: JsonValue | undefined, none: T): T {
  if (recorded === undefined) return none
  return filled(recorded, none, { present: true }) ?? { ...none, present: true }
}

function restoredShell(recorded: JsonValue | undefined): ShellFacts {
  if (!isObject(recorded)) return restored(recorded, NO_SHELL)
  const { commands, sql, k8s, cloud, ...plain } = recorded
  return {
    ...restored(plain, NO_SHELL),
    commands: listOf(commands).map((one) => filled(one, NO_COMMAND, {}) ?? NO_COMMAND),
    sql: listOf(sql).map((one) => restored(one, NO_SQL)),
    k8s: listOf(k8s).map((one) => restored(one, NO_K8S)),
    cloud: listOf(cloud).map((one) => restored(one, NO_CLOUD)),
  }
}

/** `none` with the members that were recorded; undefined where one of them is of another type. */
function filled<T extends object>(recorded: JsonValue, none: T, more: JsonObject): T | undefined {
  if (!isObject(recorded)) return undefined
  const known = Object.keys(none).filter((key) => Object.hasOwn(recorded, key))
  const facts = { ...none, ...more, ...Object.fromEntries(known.map((key) => [key, recorded[key]])) }
  return isLike(facts, none) ? facts : undefined
}

function isLike<T extends object>(value: object, like: T): value is T {
  const members = new Map<string, unknown>(Object.entries(value))
  return Object.entries(like).every(([key, usual]) => isSameType(members.get(key), usual))
}

function isSameType(value: unknown, usual: unknown): boolean {
  if (Array.isArray(usual)) return Array.isArray(value) && value.every((item) => typeof item === 'string')
  return typeof value === typeof usual
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}
