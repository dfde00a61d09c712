import { concat, encodeShort, encodeUtf8, toBase64 } from '../base/bytes.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import { Drops } from './drops.ts'
import type { Asked } from './engine.ts'
import { ENTITY_NAMES } from './entities.ts'
import { AskedForms } from './asked-forms.ts'
import { writeText } from './find/charsets.ts'
import type { Embedded } from './find/find-all.ts'
import { scanView } from './find/scan-view.ts'
import { markInUri } from './in-uris.ts'
import { redactedText } from './replace/forms.ts'
import { type Replacement, replacementFor } from './replace/replacement.ts'
import type { SchemaChecks, SchemaOfValue } from './replace/schema-shape.ts'
import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'
import { partOf } from './still-fits.ts'
import { type Edit, mergeEdits } from './views/splice.ts'
import { valueOf } from './value-of.ts'

/** The schema of one part of a message. */
export interface SchemaOf {
  /** Keys that lead to the part, from the message down: `result`, `structuredContent`. */
  readonly at: readonly string[]
  readonly document: JsonObject
  readonly checks: SchemaChecks
}

/** Each is of another part of the message. */
export function schemasOf({ schema, forms = [] }: Asked): readonly SchemaOf[] {
  return schema === undefined ? forms : [schema, ...forms]
}

/** What is written where: undefined where nothing that may stand there would hide the value. In order, none overlaps another. */
export function editsOf(document: Document, acts: readonly Act[], asked: Asked): readonly Edit[] | undefined {
  const maker = new Maker(document, asked)
  const edits: Edit[] = []
  for (const act of maker.ordered(acts)) {
    const edit = maker.edit(act)
    if (edit === undefined) return undefined
    if (edit !== DROPPED) edits.push(edit)
  }
  const drops = maker.drops.edits()
  return mergeEdits(drops.length === 0 ? edits : [...edits, ...drops])
}

/** The edit that writes a text back in base64. */
export function embeddedEdit({ start, end, charset }: Omit<Embedded, 'text'>, text: Uint8Array): Edit {
  return { start, end, put: encodeUtf8(toBase64(writeText(text, charset))) }
}

type Put = Extract<Replacement, { kind: 'put' }>

const NOTHING = { before: '', after: '' }

/** The member goes whole; where from where to is known when all that go are. */
const DROPPED = 'dropped'

class Maker {
  readonly drops = new Drops()
  readonly #document: Document
  readonly #asked: Asked
  /** Replacements by value: where no schema says otherwise, of the same value the same. A row of a table has few. */
  readonly #made = new Map<string, Made>()
  /** Of texts that may be put: whether no detector reports them. Redacted numbers of one length are all the same. */
  readonly #clean = new Map<string, boolean>()
  /** Keys that were made, with their object and what else stands in them. */
  readonly #keys = new Map<Structure, Set<string>>()
  readonly #isCleanText = (text: string) => this.#isClean(text)
  readonly #schemas: readonly SchemaOf[]
  /** Parts of the message that have a schema, as they were received. */
  readonly #instances = new Map<SchemaOf, JsonValue>()
  readonly #forms: AskedForms | undefined
  #ordinal = 0

  constructor(document: Document, asked: Asked) {
    this.#document = document
    this.#asked = asked
    this.#schemas = schemasOf(asked)
    this.#forms = AskedForms.in(document, asked.checksOf)
  }

  /** What a schema says of a value counts for its copies in texts too (masking.md, 8.3), and so it comes first. */
  ordered(acts: readonly Act[]): readonly Act[] {
    if (this.#schemas.length === 0) return acts
    const isFree = (act: Act) => this.#schemaAt(act) === undefined
    return [...acts.filter((act) => !isFree(act)), ...acts.filter(isFree)]
  }

  edit(act: Act): Edit | typeof DROPPED | undefined {
    const { replacement, put } = act.kind === 'key' ? written(this.#forKey(act)) : this.#replacement(act)
    switch (replacement.kind) {
      case 'put':
        return replacement.isToken && act.kind === 'string' && act.at !== undefined
          ? overToken(act.at, put)
          : { start: act.start, end: act.end, put: this.#spelled(act, replacement, put) }
      case 'drop':
        return this.#drop(act)
      case 'impossible':
        return undefined
    }
  }

  #spelled(act: Act, { restorable, isToken }: Put, put: Uint8Array): Uint8Array {
    if (!restorable || isToken || act.kind !== 'string') return put
    const mark = markInUri(this.#document, act, ENTITY_NAMES[act.entity] ?? 'field', this.#asked.book)
    return mark.length === 0 ? put : concat([put, mark])
  }

  /** In a list and in JSON of a text nothing can be left out; `null` says there that there is no value. */
  #drop(act: Act): Edit | typeof DROPPED | undefined {
    const { start, end, at } = act
    if (at !== undefined && !isInText(act) && this.drops.add(at)) return DROPPED
    return this.#schemaAt(act) === undefined ? { start, end, put: NULL } : undefined
  }

  #replacement(act: Act): Written {
    const schema = this.#schemaAt(act)
    const { entity, action, kind, value } = act
    const others = this.#made.get(value)
    const known = madeFor(others, act)
    if (known !== undefined && schema === undefined) return known
    const replacement = this.#make(act, schema)
    const made = { entity, action, kind, replacement, put: putOf(replacement), others }
    if (known === undefined && (schema === undefined || isOfKind(replacement, kind))) this.#made.set(value, made)
    return made
  }

  /** Two spellings of one value have the same stand-in; as keys of one object they would be one member for whoever reads it. */
  #forKey(act: Act): Replacement {
    const made = this.#make(act, this.#schemaAt(act))
    if (made.kind !== 'put' || act.at === undefined) return made
    const keys = this.#keys.get(act.at.structure) ?? new Set<string>()
    this.#keys.set(act.at.structure, keys)
    const { before, after } = this.#around(act) ?? NOTHING
    const key = JSON.stringify([act.at.structure.parent(act.at.token), before, made.text, after])
    if (!keys.has(key)) {
      keys.add(key)
      return made
    }
    const label = this.#asked.scanner.entities[act.entity] ?? 'value'
    return { ...made, text: redactedText(label, this.#ordinal), restorable: false }
  }

  #make(act: Act, schema: SchemaOfValue | undefined): Replacement {
    const { scanner, book } = this.#asked
    const own = ENTITY_NAMES[act.entity]
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
      isClean: this.#isCleanText,
      schema,
    })
  }

  #isClean(text: string): boolean {
    const known = this.#clean.get(text)
    if (known !== undefined) return known
    const { scanner, rules } = this.#asked
    const terms = { scanner, thresholds: rules.thresholds, keepsAll: false }
    const isClean = scanView({ bytes: encodeUtf8(text), raw: false }, terms, () => undefined).findings.length === 0
    this.#clean.set(text, isClean)
    return isClean
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
  #schemaAt(act: Act): SchemaOfValue | undefined {
    const { at } = act
    if ((this.#schemas.length === 0 && this.#forms === undefined) || at === undefined) return undefined
    if (at.structure.level > 0 || isInText(act)) return undefined
    const steps = stepsTo(at)
    const schema = this.#schemas.find((one) => leadsTo(one.at, steps))
    if (schema === undefined) return this.#forms?.fieldAt(steps)
    const { document, checks } = schema
    return { document, checks, instance: this.#instanceOf(schema), steps: steps.slice(schema.at.length) }
  }

  #instanceOf(schema: SchemaOf): JsonValue {
    const instance = this.#instances.get(schema) ?? partOf(this.#document.bytes, schema.at)
    this.#instances.set(schema, instance)
    return instance
  }
}

function leadsTo(path: readonly string[], steps: readonly (string | number)[]): boolean {
  return steps.length >= path.length && path.every((key, i) => steps[i] === key)
}

interface Written {
  readonly replacement: Replacement
  /** Its bytes; none where nothing is put. */
  readonly put: Uint8Array
}

interface Made extends Written, Pick<Act, 'entity' | 'action' | 'kind'> {
  /** Of the same value where it is of another kind, or something else is done with it. */
  readonly others: Made | undefined
}

function madeFor(first: Made | undefined, { entity, action, kind }: Act): Made | undefined {
  for (let one = first; one !== undefined; one = one.others)
    if (one.entity === entity && one.action === action && one.kind === kind) return one
  return undefined
}

function written(replacement: Replacement): Written {
  return { replacement, put: putOf(replacement) }
}

/** A number or literal of JSON in a text that is none as a whole. */
function isInText({ kind, at }: Act): boolean {
  return (kind === 'number' || kind === 'literal') && (at === undefined || at.structure.kind(at.token) === 'string')
}

function putOf(replacement: Replacement): Uint8Array {
  return replacement.kind === 'put' ? encodeShort(replacement.text) : NO_BYTES
}

const NO_BYTES = new Uint8Array(0)
const NULL = encodeUtf8('null')

/** Fit for any place that a value of its kind may stand in: of a text, `null` is not. */
function isOfKind(made: Replacement, kind: Act['kind']): boolean {
  return made.kind === 'put' && (!made.isToken || kind !== 'string')
}

function stepsTo({ structure, token }: Located): (string | number)[] {
  const steps: (string | number)[] = []
  for (let at = structure.kind(token) === 'key' ? structure.valueOf(token) : token; at > 0; at = structure.parent(at)) {
    const key = structure.keyOf(at)
    steps.push(key < 0 ? structure.indexIn(at) : structure.keyText(key))
  }
  return steps.toReversed()
}

function overToken({ structure, token }: Located, put: Uint8Array): Edit {
  return { start: structure.start(token), end: structure.end(token), put }
}
