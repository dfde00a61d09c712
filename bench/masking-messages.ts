// Results of a tool as servers send them: rows of a database that stand both as JSON in a text and as structured content,
// lines of a log, and a table of Markdown. Seeded: every run measures the same messages.
import { decodeUtf8, encodeUtf8 } from '../src/base/bytes.ts'
import { parseJson } from '../src/base/json.ts'
import { Chance } from '../test/support/masking/random.ts'

/** `clean` has no personal data, `one` three values in its first row, `sparse` in every 40th row, line and cell, `dense` in every one. */
export type Density = 'clean' | 'one' | 'sparse' | 'dense'

const EVERY: Readonly<Record<Density, number>> = { clean: Infinity, one: Infinity, sparse: 40, dense: 1 }

/** A result of a tool call of about `bytes` bytes. */
export function toolResult(bytes: number, density: Density): Uint8Array {
  const random = new Chance(7)
  const rows: Row[] = []
  const lines: string[] = []
  const table = ['| id | item | state | contact |', '|---|---|---|---|']
  for (let size = 0, i = 0; size < bytes; i += 1) {
    const has = i === 0 ? density !== 'clean' : i % EVERY[density] === 0
    const row = makeRow(i, has, random)
    rows.push(row)
    lines.push(logLine(row, random))
    table.push(
      `| ${i} | ${row.sku} | ${row.status} | ${has ? `${textOf(row, 'contact')} ${textOf(row, 'phone')}` : row.uuid} |`,
    )
    size += JSON.stringify(row).length * 2.2 + (lines.at(-1)?.length ?? 0) + (table.at(-1)?.length ?? 0)
  }
  const texts = [JSON.stringify(rows), lines.join('\n'), table.join('\n')]
  const content = texts.map((text) => ({ type: 'text', text }))
  return encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: 7, result: { content, structuredContent: { rows } } }))
}

/** What costs of masking are multiples of: a message is read as JSON and written again. */
export function readAndWrite(message: Uint8Array): Uint8Array {
  return encodeUtf8(JSON.stringify(parseJson(decodeUtf8(message))))
}

type Row = ReturnType<typeof plainRow> & Record<string, unknown>

function textOf(row: Row, name: string): string {
  const value = row[name]
  return typeof value === 'string' ? value : ''
}

function makeRow(i: number, has: boolean, random: Chance): Row {
  return has ? { ...plainRow(i, random), ...personOf(i, random) } : plainRow(i, random)
}

function plainRow(i: number, random: Chance) {
  const at = 1_700_000_000_000 + random.below(10_000_000_000)
  return {
    id: i,
    uuid: random.shaped('h{8}-h{4}-4h{3}-8h{3}-h{12}'),
    created_at: new Date(at).toISOString(),
    updated_ms: at + random.below(1_000_000),
    commit: random.shaped('h{40}'),
    version: `${random.below(9)}.${random.below(30)}.${random.below(40)}`,
    status: random.pick(['active', 'closed', 'pending']),
    sku: `AB-${random.below(9_000) + 1_000}-XL`,
    amount: random.below(100_000) / 100,
    url: `https://app.example.com/items/${random.below(1_000_000)}?page=${random.below(9)}`,
    note: Array.from({ length: 9 }, () => random.pick(WORDS)).join(' '),
  }
}

/** Three values that are hidden. */
function personOf(i: number, random: Chance): Record<string, string> {
  return {
    contact: `user${i}.name${random.below(999)}@mail${random.below(50)}.example`,
    card: withLuhn(`4${random.digits(14)}`),
    phone: `+1 202 555 ${random.digits(4)}`,
  }
}

function logLine(row: Row, random: Chance): string {
  const who = row['contact'] === undefined ? '' : ` ${textOf(row, 'contact')} ${textOf(row, 'card')}`
  return `${row.created_at} INFO [${row.uuid}] GET /v1/items/${row.id} 200 ${random.below(900)}ms trace=${random.shaped('h{16}')}${who}`
}

function withLuhn(digitsBefore: string): string {
  const sum = Array.from(digitsBefore).reduceRight((total, digit, place) => {
    const doubled = (digitsBefore.length - place) % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${digitsBefore}${(10 - (sum % 10)) % 10}`
}

const WORDS =
  'the server did not answer in time so we try again later with another node and report it to whoever is on call today'.split(
    ' ',
  )
