// Results of tools that say what their results look like: whatever is hidden in them, they still look like that.
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/base/assert.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { madeResult, type MadeResult } from '../support/masking/made-schemas.ts'
import { openMasker } from '../support/masking/passages.ts'
import { Chance } from '../support/masking/random.ts'
import { isRecord } from '../support/process.ts'

const { MASKING_SEED } = process.env
const chance = new Chance(MASKING_SEED === undefined ? undefined : Number(MASKING_SEED))
/** To compile the schema of each takes some milliseconds. */
const RESULTS = 400
const WITHHELD = /output schema leaves no room/

describe(`results with a schema (seed ${chance.seed})`, () => {
  it('satisfy it once they are masked, in text and structured content alike, or are withheld', () => {
    using world = openMasker()
    const seen = { masked: 0, withheld: 0 }
    for (let i = 0; i < RESULTS; i++) {
      const made = madeResult(chance)
      const check = checkOf(made.document)
      // A schema that does not accept its own value says nothing.
      if (!check(made.value)) continue
      const shown = shownOf(made, world)
      if (shown === undefined) {
        seen.withheld += 1
        continue
      }
      expect([made.document, shown.structuredContent, check(shown.structuredContent)]).toEqual([
        made.document,
        shown.structuredContent,
        true,
      ])
      const text = JSON.stringify(shown)
      expect(made.planted.filter((value) => text.includes(JSON.stringify(value).slice(1, -1)))).toEqual([])
      expect(like(JSON.parse(shown.content[0]?.text ?? ''), shown.structuredContent)).toEqual(shown.structuredContent)
      seen.masked += 1
    }
    expect(seen.masked).toBeGreaterThan(RESULTS / 2)
    expect(seen.withheld).toBeGreaterThan(0)
  })
})

describe('members that a schema leaves no room for', () => {
  const one = ['hunter2', 'Zq7x'].join('!')
  const other = ['correct', 'Zq8y'].join('!')
  const document = (least: number) => ({
    type: 'object',
    properties: { password: { const: one }, passphrase: { const: other }, at: { type: 'integer' } },
    minProperties: least,
  })

  it('are left out, each and together', () => {
    using world = openMasker()
    const made = { document: document(1), value: { password: one, passphrase: other, at: 3 }, planted: [one, other] }
    expect(shownOf(made, world)?.structuredContent).toEqual({ at: 3 })
  })

  it('are not left out where the object needs one of them: the result is withheld', () => {
    using world = openMasker()
    const made = { document: document(2), value: { password: one, passphrase: other, at: 3 }, planted: [one, other] }
    expect(shownOf(made, world)).toBeUndefined()
  })
})

interface Shown {
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent: JsonObject
}

/** What the client gets; undefined where the schema leaves no room. */
function shownOf({ document, value }: MadeResult, world: ReturnType<typeof openMasker>): Shown | undefined {
  const result = { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value }
  const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
  try {
    const masked = world.passage({ outputSchema: document }).results.bytes(bytes)
    return (JSON.parse(new TextDecoder().decode(masked)) as { result: Shown }).result
  } catch (error) {
    if (error instanceof GatewayError && WITHHELD.test(error.message)) return undefined
    throw error
  }
}

/** A value without the members that another lacks: where nothing may stand but a value, its member is left out. */
function like(value: unknown, other: unknown): unknown {
  if (Array.isArray(value)) return value.map((one, i) => like(one, Array.isArray(other) ? other[i] : undefined))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([key]) => isRecord(other) && key in other)
  return Object.fromEntries(kept.map(([key, one]) => [key, like(one, isRecord(other) ? other[key] : undefined)]))
}

/** As clients check it, formats too. */
function checkOf(document: JsonObject): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, logger: false })
  addFormats.default(ajv)
  const validate = ajv.compile(document)
  return (value) => validate(value)
}
