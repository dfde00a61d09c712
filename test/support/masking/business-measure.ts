import { encodeUtf8, decodeUtf8 } from '../../../src/base/bytes.ts'
import { type Asked, maskMessage } from '../../../src/masking/engine.ts'
import { explainText } from '../../../src/masking/explain.ts'
import { makeRuleSet } from '../../../src/masking/rule-set.ts'
import { Scanners } from '../../../src/masking/scanners.ts'
import { type BusinessMessage, businessMessages, type Json, type PlacedLeaf, type Row } from './business-corpus.ts'

/** A value that is nobody's and was hidden. */
export interface FalseMask {
  readonly kind: string
  /** The last key on the way to it; a number where it has none. */
  readonly key: string
  /** What it was found as, with the rule. */
  readonly rules: readonly string[]
  readonly value: string
}

export interface BusinessScore {
  /** How many leaves of each kind were looked through. */
  readonly leaves: ReadonlyMap<string, number>
  readonly masks: readonly FalseMask[]
}

/** Masks a corpus with the default profile, as results are masked, and tells what was hidden. */
export function measureBusiness(seed: number, leaves: number): BusinessScore {
  const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
  const book = { mint: () => undefined, alias: () => false, hash: () => '' }
  const scanner = new Scanners([]).for(rules)
  const asked: Asked = { scanner, rules, book, restored: [], schema: undefined, binary: 'pass' }
  const counts = new Map<string, number>()
  const masks: FalseMask[] = []
  for (const message of businessMessages(seed, leaves)) {
    for (const { kind } of message.parts.flatMap(({ rows }) => rows).flatMap((row) => row.leaves))
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const masked = maskMessage(encodeUtf8(message.json), asked)
    if (masked.kind === 'refused') throw new Error(`a result without anybody's data was refused: ${masked.why}`)
    if (masked.kind === 'changed') masks.push(...masksOf(message, JSON.parse(decodeUtf8(masked.bytes)), asked))
  }
  return { leaves: counts, masks }
}

interface Masked {
  readonly result: {
    readonly content: readonly { readonly text: string }[]
    readonly structuredContent: { readonly results: readonly (readonly Json[])[] }
  }
}

function masksOf(message: BusinessMessage, masked: Masked, asked: Asked): FalseMask[] {
  const { content, structuredContent } = masked.result
  const why = explained(message.json, asked)
  return message.parts.flatMap(({ rows, text }, i) => {
    const after = content[i]?.text ?? ''
    const inText: Written = text.rowOfLine === undefined ? JSON.parse(after) : linesByRow(after, text.rowOfLine)
    return rows.flatMap((row, at) => {
      const isHidden = (leaf: PlacedLeaf): boolean =>
        !holds(structuredContent.results[i]?.[at], leaf) || !holds(inText[at], leaf)
      return row.leaves.filter(isHidden).map((leaf) => falseMask(leaf, row, why))
    })
  })
}

/** Rows after masking: as JSON, or the lines of each. */
type Written = readonly (Json | Lines)[]

class Lines {
  text = ''
}

function linesByRow(text: string, rowOfLine: readonly number[]): Lines[] {
  const lines = text.split('\n')
  if (lines.length !== rowOfLine.length) throw new Error('masking has taken a line away')
  const rows: Lines[] = []
  for (const [i, row] of rowOfLine.entries()) {
    if (row < 0) continue
    const of = (rows[row] ??= new Lines())
    of.text += `${lines[i] ?? ''}\n`
  }
  return rows
}

/** Whether a row still has the leaf. In lines its letters and digits do, for signs are written in several ways. */
function holds(row: Json | Lines | undefined, { path, value }: PlacedLeaf): boolean {
  if (row instanceof Lines) return value === null || bare(row.text).includes(bare(String(value)))
  let at: unknown = row
  for (const step of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined
  return at === value
}

function bare(text: string): string {
  return text.replaceAll(/\\[ntr]/g, '').replaceAll(/[^\p{L}\p{N}]/gu, '')
}

interface Why {
  readonly found: string
  readonly rule: string
}

function explained(json: string, { scanner, rules }: Asked): Why[] {
  const all = explainText(json, { scanner, rules }) ?? []
  return all.flatMap(({ counts, entity, rule, start, end, hidden = { start, end } }) =>
    counts ? [{ found: bare(json.slice(hidden.start, hidden.end)), rule: `${entity} ${rule}` }] : [],
  )
}

function falseMask(leaf: PlacedLeaf, row: Row, why: readonly Why[]): FalseMask {
  const { kind, path, value } = leaf
  const text = bare(String(value))
  const whole = bare(JSON.stringify(row.written))
  const ofLeaf = why.filter(({ found }) => text.includes(found) || (found.includes(text) && whole.includes(found)))
  return { kind, key: String(path.at(-1)), rules: [...new Set(ofLeaf.map(({ rule }) => rule))], value: String(value) }
}
