import type { Schema } from '../policy/check-shape.ts'
import { connectionSchema } from './connection-schema.ts'
import { printLimit } from './check-limits.ts'
import { LIMIT_NAMES, LIMIT_TABLE, type LimitRow } from './limits.ts'
import { sallyportSchema } from './schema.ts'

/** `docs/configuration.md`, made from the schemas and the table of limits so that it cannot tell anything else. */
export function referencePage(): string {
  return [
    '# Configuration',
    'One file, `sallyport.yaml`, and the files that it names. `sallyport check -c sallyport.yaml` checks them all and says every mistake with its line. Paths are relative to the file they stand in. This page is made from the code; the same is published as JSON Schema in [schema/](schema/).',
    '## sallyport.yaml',
    keys(sallyportSchema(), 'sallyport.yaml'),
    '## Connections',
    'Each YAML document with `kind: Connection` in the files and folders of `resources` is one MCP server behind the gateway. A file may hold several, separated by `---`.',
    keys(connectionSchema(), 'Connection'),
    '## Limits',
    'Under `limits` in `sallyport.yaml`; those marked ✓ also under `limits` of a connection. Sizes are written `4MiB`, durations `30s`.',
    limitTable(),
    '',
  ].join('\n\n')
}

function keys(schema: Schema, title: string): string {
  const rows = rowsOf(schema, '')
  return [`| key of ${title} | | default | |`, '|---|---|---|---|', ...rows].join('\n')
}

/** A row for each key, inner keys after their own; limits have a table of their own. */
function rowsOf(schema: Schema, prefix: string): string[] {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  return Object.entries(properties(schema)).flatMap(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`
    const need = required.includes(key) ? 'required' : ''
    const fallback = typeof value['default'] === 'string' ? `\`${value['default']}\`` : ''
    const row = `| \`${name}\` | ${need} | ${fallback} | ${cell(value['description'])} |`
    return key === 'limits' ? [row] : [row, ...rowsOf(value, name), ...itemRows(value, name)]
  })
}

function itemRows(schema: Schema, name: string): string[] {
  const items = schema['items']
  if (isSchema(items)) return rowsOf(items, `${name}[]`)
  const values = schema['additionalProperties']
  return isSchema(values) ? rowsOf(values, `${name}.NAME`) : []
}

function properties(schema: Schema): Readonly<Record<string, Schema>> {
  const found = schema['properties']
  if (!isSchema(found)) return {}
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, Schema] => isSchema(entry[1])))
}

function limitTable(): string {
  const rows = LIMIT_NAMES.map((name): LimitRow => LIMIT_TABLE[name]).map((row) => {
    const range = `${printLimit(row, row.least)} to ${printLimit(row, row.most)}`
    return `| \`${row.key}\` | ${printLimit(row, row.value)} | ${range} | ${row.perConnection ? '✓' : ''} | ${cell(row.why)} |`
  })
  return ['| limit | default | range | connection | why |', '|---|---|---|---|---|', ...rows].join('\n')
}

function cell(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll('|', '\\|') : ''
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
