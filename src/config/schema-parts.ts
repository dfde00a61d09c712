import type { Schema } from '../policy/check-shape.ts'
import { LIMIT_NAMES, LIMIT_TABLE, type LimitRow } from './limits.ts'
import { DURATION_PATTERN, printDuration, printSize, SIZE_PATTERN } from '../base/units.ts'

export const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

export function limits(include: (row: LimitRow) => boolean): Schema {
  const rows = LIMIT_NAMES.map((name): LimitRow => LIMIT_TABLE[name]).filter(include)
  return object(Object.fromEntries(rows.map((row) => [row.key, limit(row)])), {
    description: 'Limits; see docs/configuration.md.',
  })
}

function limit(row: LimitRow): Schema {
  switch (row.kind) {
    case 'count':
      return { type: 'integer', minimum: row.least, maximum: row.most, default: row.value, description: row.why }
    case 'size':
      return size(row.why, printSize(row.value))
    case 'duration':
      return duration(row.why, printDuration(row.value))
  }
}

export function object(properties: Schema, more: { required?: readonly string[]; description: string }): Schema {
  return {
    type: 'object',
    description: more.description,
    properties,
    required: more.required ?? [],
    additionalProperties: false,
  }
}

export function text(description: string, more: Schema = {}): Schema {
  return { type: 'string', minLength: 1, description, ...more }
}

export function list(items: Schema, description: string): Schema {
  return { type: 'array', items, description }
}

export function map(description: string): Schema {
  return { type: 'object', additionalProperties: { type: 'string' }, description }
}

export function size(description: string, value: string): Schema {
  return {
    type: 'string',
    pattern: SIZE_PATTERN,
    default: value,
    description: `${description} A size, such as ${value}.`,
  }
}

export function duration(description: string, value: string): Schema {
  return {
    type: 'string',
    pattern: DURATION_PATTERN,
    default: value,
    description: `${description} A duration, such as ${value}.`,
  }
}
