import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { callSchema, includedSchema, policySchema } from '../policy/policy-schema.ts'
import { connectionSchema } from './connection-schema.ts'
import { LIMIT_NAMES, LIMIT_TABLE } from './limits.ts'
import { referencePage } from './reference-page.ts'
import { sallyportSchema } from './schema.ts'
import { parseDuration, parseSize, printDuration, printSize } from '../base/units.ts'

const SCHEMAS = [
  { name: 'sallyport', schema: sallyportSchema() },
  { name: 'connection', schema: connectionSchema() },
  { name: 'policy', schema: policySchema() },
]

describe('what is published about the configuration is what the code does', () => {
  it.each([...SCHEMAS, { name: 'included', schema: includedSchema() }, { name: 'call', schema: callSchema() }])(
    'the schema $name is one by the rules of JSON Schema, which nobody checks later',
    ({ schema }) => {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
      expect({ valid: ajv.validateSchema(schema), errors: ajv.errors }).toEqual({ valid: true, errors: null })
    },
  )

  it.each(SCHEMAS)('the JSON Schema $name (UPDATE_SCHEMAS=1 writes it)', async ({ name, schema }) => {
    const text = `${JSON.stringify(schema, undefined, 2)}\n`
    expect(await published(`schema/${name}.schema.json`, text, process.env['UPDATE_SCHEMAS'])).toBe(text)
  })

  it('the page configuration.md (UPDATE_DOCS=1 writes it)', async () => {
    const text = referencePage()
    expect(await published('configuration.md', text, process.env['UPDATE_DOCS'])).toBe(text)
  })
})

describe('limits', () => {
  it('have a default that is in their own range, and a name of their own', () => {
    const rows = LIMIT_NAMES.map((name) => LIMIT_TABLE[name])
    expect(rows.filter((row) => row.value < row.least || row.value > row.most)).toEqual([])
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
  })

  it.each(['0B', '1023B', '4MiB', '1GiB', '1536KiB'])('the size %s is printed as it is read', (text) => {
    expect(printSize(parseSize(text) ?? -1)).toBe(text)
  })

  it.each(['0ms', '1500ms', '30s', '90m', '1h', '7d'])('the duration %s is printed as it is read', (text) => {
    expect(printDuration(parseDuration(text) ?? -1)).toBe(text)
  })

  it.each(['', '4', '4mb', '4 MiB', '-1MiB', '1.5MiB', '04MiB', '1e3B'])('"%s" is no size', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })
})

async function published(name: string, text: string, update: string | undefined): Promise<string> {
  const path = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))
  if (update === '1') {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  return readFile(path, 'utf8')
}
