import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import type { Mistake } from './mistake.ts'

/** Keys and indices that lead to a value. */
export type Path = readonly (string | number)[]

/** A policy or configuration written by people is far below this; more is a wrong file. */
const FILE_CHARS_MAX = 4 * 1024 * 1024

interface Place {
  readonly offset: number
  readonly secret?: boolean | undefined
}

/** One YAML document that remembers where everything stood. */
export class YamlDocument {
  readonly file: string
  /** Of the YAML itself. */
  readonly mistakes: readonly Mistake[]
  /** Undefined where there are mistakes. */
  readonly value: unknown
  readonly #document: Document
  readonly #starts: readonly number[]
  readonly #text: string

  constructor(source: { file: string; text: string; starts: readonly number[]; document: Document }) {
    this.file = source.file
    this.#text = source.text
    this.#starts = source.starts
    this.#document = source.document
    this.mistakes = this.#syntax()
    // An alias that leads nowhere, or a thousandfold, would throw here.
    this.value = this.mistakes.length > 0 ? undefined : source.document.toJS()
  }

  /** A mistake at the value that `path` leads to, or at the nearest thing around it. */
  at(path: Path, message: string, hint?: string): Mistake {
    return this.#mistake({ offset: this.#find(path, 'value') }, message, hint)
  }

  /** A mistake at the key that `path` ends with. */
  atKey(path: Path, message: string, hint?: string): Mistake {
    return this.#mistake({ offset: this.#find(path, 'key') }, message, hint)
  }

  /** As `at`, without showing the line: what stands there may be a secret. */
  atSecret(path: Path, message: string, hint?: string): Mistake {
    return this.#mistake({ offset: this.#find(path, 'value'), secret: true }, message, hint)
  }

  /** A mistake inside of a text, at a line and column of its own, both from 1. */
  inText(path: Path, within: { line: number; column: number }, message: string, hint?: string): Mistake {
    const node = this.#document.getIn(path, true)
    const offset = this.#find(path, 'value')
    if (!isScalar(node)) return this.#mistake({ offset }, message, hint)
    const start = this.#placeOf(offset)
    if (node.type === 'BLOCK_LITERAL') return this.#inBlock(String(node.value), start.line, within, { message, hint })
    // A text that is folded, or that goes on in the next line, has other lines than the file: its beginning is near enough.
    const written = this.#text.slice(offset, node.range?.[1] ?? offset)
    if (node.type === 'BLOCK_FOLDED' || written.includes('\n')) return this.#mistake({ offset }, message, hint)
    return this.#mistake({ offset: offset + writtenLength(written, within.column - 1) }, message, hint)
  }

  #inBlock(
    value: string,
    header: number,
    within: { line: number; column: number },
    said: { message: string; hint: string | undefined },
  ): Mistake {
    const lines = value.trimEnd().split('\n')
    const row = Math.min(within.line, lines.length)
    const length = lines[row - 1]?.length ?? 0
    const lineText = this.#lineText(header + row)
    const indent = (lineText?.trimEnd().length ?? 0) - (lines[row - 1]?.trimEnd().length ?? 0)
    // A text that ends too early ends at its last word, not on a line below it.
    const column = indent + (row < within.line ? length + 1 : within.column)
    return { file: this.file, line: header + row, column, ...said, lineText }
  }

  #syntax(): Mistake[] {
    // What is no YAML any more makes no sense to the end, and each word of it would be a mistake of its own.
    const { errors, warnings } = this.#document
    const broken = errors.findIndex(({ code }) => !SENTENCES.has(code))
    const all = broken < 0 ? [...errors, ...warnings] : errors.slice(0, broken + 1)
    const found = all.map((error) => this.#mistake({ offset: error.pos[0] }, ...yamlSentence(error)))
    if (broken >= 0) return found
    visit(this.#document, {
      Alias: (_, node) => {
        // One without a name is an error already.
        if (node.source !== '') found.push(this.#mistake({ offset: node.range?.[0] ?? 0 }, ALIAS, ALIAS_HINT))
      },
      Pair: (_, { key }) => {
        if (isMap(key) || isSeq(key))
          found.push(this.#mistake({ offset: key.range?.[0] ?? 0 }, 'a key is a text here', 'put it in quotes'))
      },
    })
    return found
  }

  #mistake(place: Place, message: string, hint?: string): Mistake {
    const { line, column } = this.#placeOf(place.offset)
    const lineText = place.secret === true ? undefined : this.#lineText(line)
    return { file: this.file, line, column, message, hint, lineText }
  }

  /** Counted here: the parser's own counter loses its order where a text is broken. */
  #placeOf(offset: number): { line: number; column: number } {
    const next = this.#starts.findIndex((start) => start > offset)
    const line = next < 0 ? this.#starts.length : next
    return { line, column: offset - (this.#starts[line - 1] ?? 0) + 1 }
  }

  #lineText(line: number): string | undefined {
    return this.#text.split('\n')[line - 1]?.replace(/\r$/, '')
  }

  #find(path: Path, want: 'key' | 'value'): number {
    let node: unknown = this.#document.contents
    let offset = startOf(node) ?? this.#document.range?.[0] ?? 0
    for (const [depth, part] of path.entries()) {
      const step = stepInto(node, part)
      if (step === undefined) return offset
      offset = step.keyAt ?? offset
      if (want === 'key' && depth === path.length - 1) return offset
      node = step.node
      offset = startOf(node) ?? offset
    }
    return offset
  }
}

function stepInto(node: unknown, part: string | number): { node: unknown; keyAt: number | undefined } | undefined {
  if (isSeq(node) && typeof part === 'number') return { node: node.items[part], keyAt: undefined }
  const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(part)) : undefined
  return pair === undefined ? undefined : { node: pair.value, keyAt: startOf(pair.key) }
}

/** Reads a file of one or more YAML 1.2 documents: no duplicate keys, no aliases, no tags of one's own. */
export function readYaml(text: string, file: string): { documents: YamlDocument[]; mistakes: Mistake[] } {
  if (text.length > FILE_CHARS_MAX) {
    return { documents: [], mistakes: [{ file, line: 1, column: 1, message: 'the file is larger than 4 MiB' }] }
  }
  const parsed = parseAllDocuments(text, { strict: true, uniqueKeys: true, prettyErrors: false, logLevel: 'error' })
  const all: Document[] = Array.isArray(parsed) ? parsed : []
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const documents = all.map((document) => new YamlDocument({ file, text, starts, document }))
  return { documents, mistakes: documents.flatMap(({ mistakes }) => mistakes) }
}

/** The sentence and a hint. */
function yamlSentence({ code, message }: YAMLParseError | YAMLWarning): [string, string] {
  return (
    SENTENCES.get(code) ?? [
      `this is not YAML: ${message}`,
      HINTS.get(code) ??
        'does each line begin where its neighbours begin? does a text with : or # in it stand in quotes?',
    ]
  )
}

const ALIAS = 'YAML aliases are not accepted'
const ALIAS_HINT = 'write it out; a text that begins with * stands in quotes'

const SENTENCES = new Map<string, [string, string]>([
  ['BAD_ALIAS', [ALIAS, ALIAS_HINT]],
  ['DUPLICATE_KEY', ['this key stands here twice', 'remove one of them']],
  ['TAG_RESOLVE_FAILED', ['this begins with !, which is a tag of YAML', 'put the text in quotes']],
  ['TAB_AS_INDENT', ['this line begins with a tab', 'indent with spaces']],
])

const HINTS = new Map<string, string>([
  ['MISSING_CHAR', 'is a quote or a bracket never closed?'],
  ['BAD_INDENT', 'is a bracket never closed, or does the line begin too far to the left?'],
])

/** How long the first `count` characters of a text on one line are as written, with its opening quote. */
function writtenLength(written: string, count: number): number {
  const piece = written.startsWith('"') ? ESCAPED : written.startsWith("'") ? /''|[^]/y : /[^]/y
  piece.lastIndex = /^["']/.test(written) ? 1 : 0
  for (let i = 0; i < count; i += 1) if (!piece.test(written)) break
  return piece.lastIndex
}

/** One character between double quotes (YAML 1.2.2, 5.7). */
const ESCAPED = /\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[^]|[^]/y

function keyOf(item: unknown): string | undefined {
  return isPair(item) && isScalar(item.key) ? String(item.key.value) : undefined
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}
