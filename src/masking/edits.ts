import { decodeUtf8, encodeUtf8, toBase64 } from '../base/bytes.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import type { Asked } from './engine.ts'
import { ENTITY_NAMES } from './entities.ts'
import { scanView } from './find/scan-view.ts'
import { type Replacement, replacementFor } from './replace/replacement.ts'
import type { SchemaChecks, SchemaOfValue } from './replace/schema-shape.ts'
import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'
import { type Edit, mergeEdits } from './views/splice.ts'
import { valueOf } from './value-of.ts'

/** The schema of one part of a message. */
export interface SchemaOf {
  /** Keys that lead to the part, from the message down: `result`, `structuredContent`. */
  readonly at: readonly string[]
  readonly document: JsonObject
  readonly checks: SchemaChecks
}

/** What is written where: undefined where nothing that may stand there would hide the value. In order, none overlaps another. */
export function editsOf(document: Document, acts: readonly Act[], asked: Asked): readonly Edit[] | undefined {
  const maker = new Maker(document, asked)
  const edits: Edit[] = []
  for (const act of acts) {
    const edit = maker.edit(act)
    if (edit === undefined) return undefined
    edits.push(edit)
  }
  return mergeEdits(edits)
}

/** The edit that writes a text back in base64. */
export function embeddedEdit({ start, end }: { start: number; end: number }, text: Uint8Array): Edit {
  return { start, end, put: encodeUtf8(toBase64(text)) }
}

class Maker {
  readonly #document: Document
  readonly #asked: Asked
  /** Replacements of values without a schema: of the same value the same, and a row of a table has few. */
  readonly #made = new Map<string, Replacement>()
  #instance: JsonValue | undefined
  #ordinal = 0

  constructor(document: Document, asked: Asked) {
    this.#document = document
    this.#asked = asked
  }

  edit(act: Act): Edit | undefined {
    const replacement = this.#replacement(act)
    switch (replacement.kind) {
      case 'put':
        return replacement.isToken && act.kind === 'string' && act.at !== undefined
          ? { ...tokenSpan(act.at), put: encodeUtf8(replacement.text) }
          : { start: act.start, end: act.end, put: encodeUtf8(replacement.text) }
      case 'drop':
        return act.at === undefined ? undefined : dropOf(act.at)
      case 'impossible':
        return undefined
    }
  }

  #replacement(act: Act): Replacement {
    const schema = this.#schemaAt(act)
    const key =
      schema === undefined && act.kind !== 'key' ? `${act.entity} ${act.action} ${act.kind} ${act.value}` : undefined
    const known = key === undefined ? undefined : this.#made.get(key)
    if (known !== undefined) return known
    const made = this.#make(act, schema)
    if (key !== undefined) this.#made.set(key, made)
    return made
  }

  #make(act: Act, schema: SchemaOfValue | undefined): Replacement {
    const { scanner, rules, book } = this.#asked
    const own = ENTITY_NAMES[act.entity]
    const terms = { scanner, thresholds: rules.thresholds, keepsAll: false }
    this.#ordinal += 1
    return replacementFor({
      entity: own ?? 'field',
      label: own === undefined ? scanner.entities[act.entity] : undefined,
      action: act.action,
      kind: act.kind,
      text: act.value,
      around: schema === undefined ? undefined : this.#around(act),
      book,
      ordinal: this.#ordinal,
      isClean: (text) =>
        scanView({ bytes: encodeUtf8(text), raw: false }, terms, () => undefined).findings.length === 0,
      schema,
    })
  }

  #around({ at, start, end, kind }: Act): { before: string; after: string } | undefined {
    if (at === undefined || (kind !== 'string' && kind !== 'key')) return undefined
    const { structure, token } = at
    return {
      before: valueOf(this.#document, { start: structure.innerStart(token), end: start, at }),
      after: valueOf(this.#document, { start: end, end: structure.innerEnd(token), at }),
    }
  }

  /** Only in the message itself: what stands in a text has no schema. */
  #schemaAt({ at }: Act): SchemaOfValue | undefined {
    const { schema } = this.#asked
    if (schema === undefined || at === undefined || at.structure.level > 0) return undefined
    const steps = stepsTo(at)
    if (steps.length < schema.at.length || schema.at.some((key, i) => steps[i] !== key)) return undefined
    this.#instance ??= partOf(this.#document, schema.at)
    const { document, checks } = schema
    return { document, checks, instance: this.#instance, steps: steps.slice(schema.at.length) }
  }
}

function stepsTo({ structure, token }: Located): (string | number)[] {
  const steps: (string | number)[] = []
  for (let at = structure.kind(token) === 'key' ? structure.valueOf(token) : token; at > 0; at = structure.parent(at)) {
    const key = structure.keyOf(at)
    steps.push(key < 0 ? structure.indexIn(at) : structure.keyText(key))
  }
  return steps.toReversed()
}

function partOf({ bytes }: Document, path: readonly string[]): JsonValue {
  let value: JsonValue | undefined = parseJson(decodeUtf8(bytes))
  for (const key of path) value = isObject(value) ? value[key] : undefined
  return value ?? null
}

function tokenSpan({ structure, token }: Located): { start: number; end: number } {
  return { start: structure.start(token), end: structure.end(token) }
}

/** Takes a member away with its key and one of the commas beside it. */
function dropOf({ structure, token }: Located): Edit | undefined {
  const key = structure.keyOf(token)
  if (key < 0) return undefined
  const nothing = new Uint8Array(0)
  const next = structure.nextSibling(token)
  // All that a following one leaves before it goes: the comma, and blanks.
  if (next >= 0) return { start: structure.start(key), end: structure.start(structure.keyOf(next)), put: nothing }
  const before = previousEnd(structure, token)
  return { start: before ?? structure.start(key), end: structure.end(token), put: nothing }
}

function previousEnd(structure: Structure, token: number): number | undefined {
  let last: number | undefined
  for (let at = structure.firstChild(structure.parent(token)); at >= 0 && at !== token; at = structure.nextSibling(at))
    last = structure.end(at)
  return last
}
