// Output schemas by chance, each with a value that fits it and personal data and secrets in it.
import type { JsonObject, JsonValue } from '../../../src/base/json.ts'
import type { Chance } from './random.ts'

/** A schema, and a value that it accepts. */
interface Made {
  readonly schema: JsonObject
  readonly value: JsonValue
}

export interface MadeResult {
  readonly document: JsonObject
  readonly value: JsonObject
  /** Texts of values that are to be hidden; none of them stands anywhere by chance. */
  readonly planted: readonly string[]
}

export function madeResult(chance: Chance): MadeResult {
  const maker = new Maker(chance)
  const { schema, value } = maker.object(0)
  return { document: { ...schema, $defs: maker.defs }, value: value as JsonObject, planted: maker.planted }
}

const DEPTH_MAX = 3

class Maker {
  readonly defs: Record<string, JsonObject> = {}
  readonly planted: string[] = []
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  object(depth: number): Made {
    const members = new Map<string, Made>()
    const count = this.#chance.between(1, 5)
    while (members.size < count) {
      const [key, made] = this.#member(depth)
      members.set(key, this.#said(made))
    }
    const [patterned, named] = parted([...members], ([key]) => key.startsWith('x_'))
    return {
      schema: {
        type: 'object',
        properties: Object.fromEntries(named.map(([key, { schema }]) => [key, schema])),
        ...(patterned.length > 0 && { patternProperties: { '^x_': patterned[0]?.[1].schema ?? true } }),
        required: [...members.keys()].filter(() => this.#chance.below(2) === 0),
        additionalProperties: false,
        ...(this.#chance.below(3) === 0 && { minProperties: 1 }),
      },
      value: Object.fromEntries([...named, ...patterned.slice(0, 1)].map(([key, { value }]) => [key, value])),
    }
  }

  #member(depth: number): readonly [string, Made] {
    const kind = depth < DEPTH_MAX ? this.#chance.below(10) : this.#chance.below(8)
    if (kind === 9) return [this.#chance.pick(['person', 'owner', 'detail']), this.object(depth + 1)]
    if (kind === 8) return [this.#chance.pick(['people', 'list']), this.#array(depth + 1)]
    if (kind >= 6) return [this.#chance.pick(['state', 'count', 'at', 'x_note']), this.#harmless()]
    const { key, value, fits } = this.#sensitive()
    this.planted.push(String(value))
    return [key, { value, schema: this.#chance.pick(fits) }]
  }

  #array(depth: number): Made {
    const all = Array.from({ length: this.#chance.between(1, 3) }, () => this.object(depth))
    return this.#chance.below(2) === 0
      ? {
          schema: { type: 'array', items: { anyOf: all.map(({ schema }) => schema) } },
          value: all.map(({ value }) => value),
        }
      : {
          schema: { type: 'array', prefixItems: all.map(({ schema }) => schema), items: false },
          value: all.map(({ value }) => value),
        }
  }

  #harmless(): Made {
    return this.#chance.pick<Made>([
      { schema: { enum: ['open', 'closed'] }, value: 'open' },
      { schema: { type: 'integer', minimum: 0, maximum: 9 }, value: this.#chance.below(10) },
      { schema: { type: 'boolean' }, value: true },
      { schema: { const: 'v1' }, value: 'v1' },
      { schema: { type: 'null' }, value: null },
    ])
  }

  /** The same schema, said in another way. */
  #said({ schema, value }: Made): Made {
    switch (this.#chance.below(8)) {
      case 0: {
        const name = `d${Object.keys(this.defs).length}/~x`
        this.defs[name] = schema
        return { schema: { $ref: `#/$defs/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` }, value }
      }
      case 1:
        return { schema: { anyOf: [{ type: 'null' }, schema] }, value: value }
      case 2:
        return value === null ? { schema, value } : { schema: { oneOf: [{ type: 'null' }, schema] }, value }
      case 3:
        return { schema: { allOf: [{ description: 'made up' }, schema] }, value }
      default:
        return { schema, value }
    }
  }

  /** A value that its key or its form gives away, with the schemas that a server may have for it. */
  #sensitive(): { readonly key: string; readonly value: string | number; readonly fits: readonly JsonObject[] } {
    const chance = this.#chance
    const text: JsonObject = { type: 'string' }
    const kinds = [
      () => {
        const value = `${chance.shaped('a{7}')}@${chance.shaped('a{9}')}.example`
        const fits = [
          text,
          { type: 'string', format: 'email' },
          { type: 'string', pattern: '^[^@ ]+@[^@ ]+$' },
          about(value),
        ]
        return { key: 'email', value, fits: [...fits, ...only(value)] }
      },
      () => {
        const value = chance.shaped('4539 9{4} 9{4} 9{4}')
        const pattern = String.raw`^\d{4} \d{4} \d{4} \d{4}$`
        return {
          key: 'card_number',
          value,
          fits: [text, about(value), { type: 'string', pattern }, { type: ['string', 'null'] }],
        }
      },
      () => {
        const value = 4_000_000_000_000_000 + chance.below(1e9) * 1_000
        const bounds = { minimum: 1_000_000_000_000_000, maximum: 9_000_000_000_000_000 }
        return {
          key: 'credit_card',
          value,
          fits: [
            { type: 'integer' },
            { type: 'number' },
            { type: 'integer', ...bounds },
            { type: 'integer', multipleOf: 1_000 },
          ],
        }
      },
      () => {
        const value = chance.shaped('21[-]9{2}-9{4}').replace('[-]', '4-')
        const pattern = String.raw`^\d{3}-\d{2}-\d{4}$`
        return {
          key: 'ssn',
          value,
          fits: [text, { type: 'string', pattern }, { type: 'string', minLength: 11, maxLength: 11 }],
        }
      },
      () => {
        const value = `19${chance.between(40, 99)}-0${chance.between(1, 9)}-1${chance.between(1, 8)}`
        return { key: 'date_of_birth', value, fits: [text, { type: 'string', format: 'date' }, about(value)] }
      },
      () => {
        const value = chance.shaped('w{9}!Aa7')
        return { key: 'password', value, fits: [text, { type: 'string', minLength: 8, maxLength: 64 }, ...only(value)] }
      },
      () => {
        const value = `https://ann:${chance.shaped('w{14}')}@db.example/x`
        return { key: 'home_url', value, fits: [text, { type: 'string', format: 'uri' }] }
      },
      () => {
        const value = chance.shaped('+49 30 9{8}')
        const pattern = String.raw`^\+[0-9 ]{8,20}$`
        return { key: 'phone', value, fits: [text, { type: 'string', pattern }, about(value)] }
      },
      () => {
        const value = `${chance.shaped('Aa{6}')} ${chance.shaped('Aa{9}')}`
        return {
          key: 'full_name',
          value,
          fits: [text, { type: 'string', maxLength: 40 }, { type: 'string', maxLength: 18 }],
        }
      },
      () => {
        const value = chance.shaped('h{8}-h{4}-4h{3}-ah{3}-h{12}')
        return { key: 'api_key', value, fits: [text, { type: 'string', format: 'uuid' }] }
      },
    ]
    return chance.pick(kinds)()
  }
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(is), all.filter((one) => !is(one))]
}

/** The length of a value, and a little more or less. */
function about(value: string): JsonObject {
  return { type: 'string', minLength: value.length - 2, maxLength: value.length + 3 }
}

/** Nothing but the value, or the value or something else. */
function only(value: string): JsonObject[] {
  return [{ enum: [value, 'none at all'] }, { const: value }]
}
