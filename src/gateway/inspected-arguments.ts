import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import { plainName, type Inspection, type Inspector } from '../facts/inspection.ts'

/** Which arguments that are text are read for facts, and which are not, by the schema that a server gives of its tool. */
export function inspectedArguments(
  tool: JsonObject,
  inspection: Inspection | undefined,
): { covered: readonly string[]; uncovered: readonly string[] } {
  const inspectors = inspection?.inspectors.filter(({ kind }) => kind === 'sql' || kind === 'shell') ?? []
  if (inspectors.length === 0) return { covered: [], uncovered: [] }
  const leaves = leavesOf(tool['inputSchema'], [], 0)
  const isCovered = (path: readonly string[]) => inspectors.some((inspector) => covers(inspector, path))
  return { covered: names(leaves.filter(isCovered)), uncovered: names(leaves.filter((path) => !isCovered(path))) }
}

function names(paths: readonly (readonly string[])[]): string[] {
  return [...new Set(paths.map((path) => path.join('.')))]
}

function covers(inspector: Inspector, path: readonly string[]): boolean {
  switch (inspector.by) {
    case 'path':
      return inspector.path.flatMap((step) => ('key' in step ? [step.key] : [])).join('.') === path.join('.')
    case 'name':
      return inspector.names.has(plainName(path.at(-1) ?? ''))
    case 'all':
      return true
  }
}

/** Schemas deeper than this are those of no tool that people use. */
const DEPTH_MAX = 8

/** Keys that lead to each free text; a list of texts stands under its own key. */
function leavesOf(schema: JsonValue | undefined, path: readonly string[], depth: number): (readonly string[])[] {
  if (depth > DEPTH_MAX || !isObject(schema)) return []
  if (isText(schema) && path.length > 0) return [path]
  const { properties, items } = schema
  const inList = leavesOf(items, path, depth + 1)
  if (!isObject(properties)) return inList
  return [...inList, ...Object.keys(properties).flatMap((key) => leavesOf(properties[key], [...path, key], depth + 1))]
}

/** A free text; a choice of a few words is none. */
function isText({ enum: choice, type, properties, items }: JsonObject): boolean {
  if (choice !== undefined) return false
  return type === 'string' || (type === undefined && properties === undefined && items === undefined)
}
