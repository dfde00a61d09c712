import { isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
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
  readonly value: unknown
  readonly #document: Document
  readonly #lines: LineCounter
  readonly #text: string

  constructor(source: { file: string; text: string; lines: LineCounter; document: Document }) {
    this.file = source.file
    this.#text = source.text
    this.#lines = source.lines
    this.#document = source.document
    this.value = source.document.errors.length > 0 ? undefined : source.document.toJS()
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
    const start = this.#lines.linePos(offset)
    // A folded text has other lines than the file; its beginning is near enough.
    if (node.type === 'BLOCK_FOLDED') return this.#mistake({ offset }, message, hint)
    if (node.type === 'BLOCK_LITERAL') {
      const line = start.line + within.line
      const text = this.#lineText(line)
      return { file: this.file, line, column: indentOf(text) + within.column, message, hint, lineText: text }
    }
    const quote = node.type === 'PLAIN' ? 0 : 1
    const column = within.line === 1 ? start.col + quote + within.column - 1 : start.col
    return { file: this.file, line: start.line, column, message, hint, lineText: this.#lineText(start.line) }
  }

  /** Mistakes of the YAML itself. */
  syntax(): Mistake[] {
    const found = [...this.#document.errors, ...this.#document.warnings].map((error) =>
      this.#mistake({ offset: error.pos[0] }, yamlSentence(error.message)),
    )
    visit(this.#document, {
      Alias: (_, node) => {
        found.push(this.#mistake({ offset: node.range?.[0] ?? 0 }, 'YAML aliases are not accepted', 'write it out'))
      },
    })
    return found
  }

  #mistake(place: Place, message: string, hint?: string): Mistake {
    const { line, col } = this.#lines.linePos(place.offset)
    const lineText = place.secret === true ? undefined : this.#lineText(line)
    return { file: this.file, line, column: col, message, hint, lineText }
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
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, strict: true, uniqueKeys: true, prettyErrors: false })
  const all: Document[] = Array.isArray(parsed) ? parsed : []
  const documents = all.map((document) => new YamlDocument({ file, text, lines, document }))
  return { documents, mistakes: documents.flatMap((document) => document.syntax()) }
}

function yamlSentence(message: string): string {
  return message === 'Map keys must be unique' ? 'this key stands here twice' : `this is not YAML: ${message}`
}

function indentOf(line: string | undefined): number {
  return /^ */.exec(line ?? '')?.[0].length ?? 0
}

function keyOf(item: unknown): string | undefined {
  return isPair(item) && isScalar(item.key) ? String(item.key.value) : undefined
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}
