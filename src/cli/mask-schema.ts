import { isObject } from '../base/json.ts'
import type { Document } from '../masking/document.ts'
import type { SchemaOf } from '../masking/edits.ts'
import { pathAt } from '../masking/structure/leaves.ts'
import { safe } from '../recording/print.ts'
import { jsonFrom, readInput } from './read-input.ts'
import { schemaMistake, SchemaValidators } from './schema-checks.ts'
import { UsageError } from './usage.ts'

export type SchemaFor = (document: Document) => SchemaOf | undefined

/** The schema of a tool, from a file: about the structured content of a result or the arguments of a call, else about the whole. */
export function schemaFrom(file: string): SchemaFor {
  const schema = jsonFrom(readInput(file), file)
  if (!isObject(schema)) throw new UsageError(`${file} is no JSON Schema: that is an object.`)
  const mistake = schemaMistake(schema)
  if (mistake !== undefined)
    throw new UsageError(
      `${file} is no JSON Schema of 2020-12 (${safe(mistake)}). A gateway would mask as if there were none.`,
    )
  const checks = new SchemaValidators().of(schema)
  if (checks === undefined) throw new UsageError(`${file} is too long for the schema of a tool.`)
  return ({ structure }) => {
    const at = PLACES.find((path) => structure !== undefined && pathAt(structure, path) >= 0) ?? []
    return { at, document: schema, checks }
  }
}

const PLACES: readonly (readonly string[])[] = [
  ['result', 'structuredContent'],
  ['structuredContent'],
  ['params', 'arguments'],
]
