// Messages of every kind that passes a gateway, with values planted in them.
import { Buffer } from 'node:buffer'
import type { Chance } from '../support/masking/random.ts'
import { Digits, Members, members, type Tree, writeJson } from './json-writer.ts'
import { CARRIERS, makePlant, type Plant, SPELLINGS } from './masking-plants.ts'

export interface FuzzMessage {
  readonly text: string
  /** Values that stand in it somehow. */
  readonly planted: readonly string[]
  /** Those of them that show what they are by themselves and are spelled in a way that is promised to be read. */
  readonly fair: readonly string[]
}

/** JSON in JSON in JSON in JSON is text. */
const LEVELS_MAX = 3
const PLANTS_MAX = 4

export function makeMessage(chance: Chance): FuzzMessage {
  return new Maker(chance).message()
}

class Maker {
  readonly #chance: Chance
  readonly #plants: readonly Plant[]
  readonly #fair = new Set<string>()

  constructor(chance: Chance) {
    this.#chance = chance
    this.#plants = Array.from({ length: chance.below(PLANTS_MAX + 1) }, () => makePlant(chance))
  }

  message(): FuzzMessage {
    const id = new Digits(this.#chance.digits(1))
    const body = this.#chance.pick(BODIES)(this)
    const text = writeJson(
      new Members([['jsonrpc', '2.0'], ...('method' in body ? [] : [['id', id] as const]), ...Object.entries(body)]),
      this.#chance,
    )
    return { text, planted: this.#plants.map(({ value }) => value), fair: [...this.#fair] }
  }

  get chance(): Chance {
    return this.#chance
  }

  /** A text with a value in it, or with none. */
  text(): string {
    const chance = this.#chance
    const parts = Array.from({ length: 1 + (chance.below(4) === 0 ? chance.below(3) : 0) }, () => this.#part(0))
    return parts.join('\n\n')
  }

  #part(level: number): string {
    const chance = this.#chance
    if (level < LEVELS_MAX && chance.below(4) === 0)
      return this.#amongWords(writeJson(this.#document(level + 1), chance))
    if (this.#plants.length === 0 || chance.below(5) === 0) return chance.pick(PROSE)
    return this.#planted(chance.pick(this.#plants))
  }

  /** JSON alone, or as texts have it: behind words, in lines, in a block of Markdown, in a stream. */
  #amongWords(json: string): string {
    const chance = this.#chance
    if (chance.below(2) === 0) return json
    return chance.pick([
      `Found 1 row: ${json}`,
      `Found:\n${inLines(json)}`,
      `${json}\n${json}`,
      `\`\`\`json\n${json}\n\`\`\``,
      `data: ${json}\n\n`,
    ])
  }

  #planted(plant: Plant): string {
    const chance = this.#chance
    const carrier = chance.pick(CARRIERS)
    const spelling = chance.below(2) === 0 ? undefined : chance.pick(SPELLINGS)
    if (plant.isPlain && carrier.isFair && (spelling?.isFair ?? true)) this.#fair.add(plant.value)
    if (spelling === undefined) return carrier.write(plant, chance)
    if (!spelling.isOfValue) return spelling.of(carrier.write(plant, chance), chance)
    return carrier.write({ ...plant, value: spelling.of(plant.value, chance) }, chance)
  }

  #document(level: number): Tree {
    const rest = this.#chance.below(2) === 0 ? {} : { at: '2026-11-25T10:00:00Z', list: [this.#part(level)] }
    return members({ n: new Digits('1'), note: this.#part(level), ...rest, row: this.row(level) })
  }

  /** Members of all types, some of them with a name that says what their value is. */
  row(level = 0): Tree {
    const chance = this.#chance
    const pairs: (readonly [string, Tree])[] = [['id', new Digits(String(chance.below(1000)))]]
    for (let i = chance.below(4); i > 0; i -= 1) pairs.push(...this.#members(level))
    // Two members of one name are refused before anybody masks.
    return new Members([...new Map(pairs)])
  }

  #members(level: number): (readonly [string, Tree])[] {
    const chance = this.#chance
    const plant = this.#plants.length === 0 ? undefined : chance.pick(this.#plants)
    const kind = chance.below(9)
    if (plant === undefined || kind === 0) return [[chance.shaped('a{5}'), chance.pick(ODD_VALUES)]]
    if (kind === 1)
      return [
        ['name', plant.key.toUpperCase()],
        ['value', plant.value],
      ]
    if (kind === 2) return [[plant.key, members({ a: plant.value, b: [plant.value, new Digits('12')] })]]
    if (kind === 3) return [[plant.value, true]]
    if (kind === 4) return [[plant.key, chance.pick([true, false, null, '', new Digits('1234'), new Digits('-7.50')])]]
    if (kind === 5) return [[chance.shaped('a{5}'), this.#part(level)]]
    if (kind === 6) return [[chance.pick([plant.key, chance.shaped('a{5}')]), this.#number(plant.value)]]
    return [[plant.key, plant.value]]
  }

  #number(value: string): Tree {
    const digits = value.replaceAll(/\D/g, '').replace(/^0+/, '')
    if (digits.length < 5) return value
    const written = this.#chance.pick([
      digits,
      digits,
      digits,
      `-${digits}`,
      `${digits}.0`,
      `${digits}.25`,
      `${digits}e0`,
      `${digits}E+2`,
    ])
    return new Digits(written)
  }

  blob(): string {
    const chance = this.#chance
    const text = this.text()
    const bytes = chance.below(4) === 0 ? Buffer.from(chance.digits(120), 'hex') : Buffer.from(text)
    return bytes.toString('base64')
  }

  content(): Tree {
    const chance = this.#chance
    const mimeType = chance.pick(['text/plain', 'application/json', 'image/png', 'application/octet-stream'])
    const uri = chance.pick([
      'file:///a/b.txt',
      `https://example.com/q?x=${encodeURIComponent(this.text().toWellFormed())}`,
    ])
    switch (chance.below(8)) {
      case 0:
        return members({ type: 'resource', resource: members({ uri, mimeType, text: this.text() }) })
      case 1:
        return members({ type: 'resource', resource: members({ uri, mimeType, blob: this.blob() }) })
      case 2:
        return members({ type: 'image', data: this.blob(), mimeType })
      case 3:
        return members({ type: 'resource_link', uri, name: this.text(), description: this.text() })
      default:
        return members({ type: 'text', text: this.text() })
    }
  }

  contents(): Tree[] {
    return Array.from({ length: 1 + this.#chance.below(3) }, () => this.content())
  }

  rows(): Tree[] {
    return Array.from({ length: this.#chance.below(4) }, () => this.row())
  }
}

/** As programs print it for people. */
function inLines(json: string): string {
  return json.replace(/^\{/, '{\n  ').replace(/\}$/, '\n}')
}

type Body = Readonly<Record<string, Tree>>

const BODIES: readonly ((make: Maker) => Body)[] = [
  (make) => ({ result: members({ content: make.contents(), isError: make.chance.below(4) === 0 }) }),
  (make) => ({ result: members({ content: make.contents(), structuredContent: members({ rows: make.rows() }) }) }),
  (make) => ({ result: members({ structuredContent: make.row(), content: [] }) }),
  (make) => ({
    result: members({
      contents: [members({ uri: 'file:///x', text: make.text() }), members({ uri: 'a:b', blob: make.blob() })],
    }),
  }),
  (make) => ({
    result: members({ description: make.text(), messages: [members({ role: 'user', content: make.content() })] }),
  }),
  (make) => ({ result: members({ completion: members({ values: [make.text(), make.text()], hasMore: false }) }) }),
  (make) => ({ error: members({ code: new Digits('-32603'), message: make.text(), data: make.row() }) }),
  (make) => ({
    method: 'notifications/progress',
    params: members({ progressToken: 't', progress: new Digits('1'), message: make.text() }),
  }),
  (make) => ({
    method: 'notifications/message',
    params: members({ level: 'info', logger: 'x', data: make.chance.pick([make.text(), make.row()]) }),
  }),
  (make) => ({
    method: 'elicitation/create',
    params: members({
      message: make.text(),
      requestedSchema: members({ type: 'object', properties: members({ email: members({ type: 'string' }) }) }),
    }),
  }),
  (make) => ({
    method: 'sampling/createMessage',
    params: members({ messages: [members({ role: 'user', content: make.content() })], systemPrompt: make.text() }),
  }),
  (make) => ({
    method: 'tools/call',
    params: members({ name: 'find', arguments: make.row(), _meta: members({ progressToken: 't' }) }),
  }),
  (make) => ({
    method: 'tools/call',
    params: members({ name: 'write', arguments: members({ text: make.text(), rows: make.rows() }) }),
  }),
]

const PROSE = [
  'The server did not answer in time, so we try again later.',
  'a4c1e9b2-9f1d-4c3a-8e2b-1f2a3b4c5d6e 2026-01-02T03:04:05.678Z GET /v1/items/17 200 13ms',
  'SELECT id, name FROM users WHERE id = 42;',
  'Größe: 12,5 m², 日本語のテキスト, Ωμέγα, Привет 🚲',
  '',
  '{not json',
  '100% & more &amp; %zz \\n "quoted" <b>bold</b>',
]

const ODD_VALUES: readonly Tree[] = [
  new Digits('12345678901234567890'),
  new Digits('1.0'),
  new Digits('1e400'),
  new Digits('-0'),
  new Digits('1E-7'),
  new Digits('0.1234567890123456789'),
  true,
  false,
  null,
  '',
  [],
  members({}),
  '\ud800',
  'x\u0000y',
]
