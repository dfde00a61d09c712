import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import { plainName, type Inspection } from '../facts/inspection.ts'

/** Which arguments that are text are read for facts, and which are not, by the schema that a server gives of its tool. */
export function inspectedArguments(
  tool: JsonObject,
  inspection: Inspection | undefined,
): { covered: readonly string[]; uncovered: readonly string[] } {
  const inspectors = inspection?.inspectors.filter(({ kind }) => kind === 'sql' || kind === 'shell') ?? []
  if (inspectors.length === 0) return { covered: [], uncovered: [] }
  const { inputSchema } = tool
  const properties = isObject(inputSchema) && isObject(inputSchema['properties']) ? inputSchema['properties'] : {}
  const texts = Object.keys(properties).filter((name) => isText(properties[name]))
  const isCovered = (name: string) =>
    inspectors.some((inspector) => {
      switch (inspector.by) {
        case 'path':
          return inspector.path.some((step) => 'key' in step && step.key === name)
        case 'name':
          return inspector.names.has(plainName(name))
        case 'all':
          return true
      }
    })
  return { covered: texts.filter(isCovered), uncovered: texts.filter((name) => !isCovered(name)) }
}

/** A free text; a choice of a few words is none. */
function isText(schema: JsonValue | undefined): boolean {
  return (
    isObject(schema) && schema['enum'] === undefined && (schema['type'] === 'string' || schema['type'] === undefined)
  )
}
