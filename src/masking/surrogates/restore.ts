import { decodeLatin1, decodeUtf8, encodeUtf8, indexOf } from '../../base/bytes.ts'
import { stringifyJson } from '../../base/json.ts'
import type { EntityName } from '../entities.ts'
import { canonicalNumber } from '../replace/numbers.ts'
import { findForms, type FormSpan } from '../replace/read-forms.ts'
import type { PathPattern } from '../structure/paths.ts'
import type { HeldRow } from './held-row.ts'
import type { Leaf } from './leaves.ts'
import type { ScopeBook } from './scope-book.ts'
import { type CompiledSink, takesInside } from './sinks.ts'
import { leadingMark, spelledValue } from './spellings.ts'

/** Why a surrogate stays one. For the record alone: whoever asked hears the same words for each. */
export type RestoreFault =
  | 'damaged'
  | 'unknown'
  | 'expired'
  | 'origin'
  | 'sink'
  | 'judged'
  | 'approval'
  | 'inside'
  | 'characters'
  | 'url'
  | 'number'
  | 'redacted'
  | 'too-many'

export interface RestoreRequest {
  /** A whole message of a client. */
  readonly bytes: Uint8Array
  /** Its strings, keys and numbers that are said to the upstream; undefined where it cannot be read. */
  readonly leaves: () => Iterable<Leaf> | undefined
  /** The caller's scope; undefined where nothing was ever given out in it. */
  readonly book: Pick<ScopeBook, 'find' | 'findAlias' | 'hasAliases' | 'isGenuine'> | undefined
  readonly sinks: readonly CompiledSink[]
  readonly place: RestorePlace
  readonly nowMs: number
}

export interface RestorePlace {
  readonly upstream: string
  /** Upstreams that policy declares to be one group with it. */
  readonly group?: readonly string[] | undefined
  readonly tool: string | undefined
  /** Sends, publishes, fetches or destroys: then a person says yes to each call. */
  readonly isOpenWorld: boolean
  readonly isApproved: boolean
  /** Arguments that policy read as SQL, commands or URLs: what was judged is what is sent. */
  readonly judged: readonly PathPattern[]
  /** Bytes of what is filled into forms that this answers. */
  readonly forms: readonly { readonly start: number; readonly end: number }[]
}

export type RestorePlan =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'restore'
      /** In order, apart from each other. `put` holds values: it goes nowhere but to the upstream. */
      readonly edits: readonly { readonly start: number; readonly end: number; readonly put: Uint8Array }[]
      /** To be hidden in everything that comes back for this call. */
      readonly values: readonly { readonly entity: EntityName; readonly value: string; readonly id: string }[]
      readonly ids: readonly string[]
    }
  | { readonly kind: 'refused'; readonly why: RestoreFault; readonly id: string | undefined }

/** Surrogates of one call. More is not one person's work but a table that is carried away. */
const RESTORED_MAX = 1_000
const ESCAPED_UNIT = encodeUtf8('\\u')
/** `~12`, and what would make it a longer one. */
const MARK_BYTES = 4
const REDACTED_WORD = encodeUtf8('redacted')
/** In a URI; somebody may have spelled its colon in percent signs, as parsers of URLs do. */
const REDACTED = /redacted(?::|%3a)[a-z][a-z_]*/i

/**
 * Says what becomes of the surrogates in a message of a client: all of them turn back, or the message is refused
 * (masking.md, 10.5). It is the last look at a call, after policy, approval and the durable intent.
 */
export function planRestore(request: RestoreRequest): RestorePlan {
  if (!mayHoldForms(request)) return NONE
  const leaves = request.leaves()
  if (leaves === undefined) return { kind: 'refused', why: 'damaged', id: undefined }
  const plan = new Plan(request)
  for (const leaf of leaves) {
    const fault = plan.add(leaf)
    if (fault !== undefined) return { kind: 'refused', ...fault }
  }
  return plan.done()
}

const NONE: RestorePlan = { kind: 'none' }

/** An escape can hide a mark, and an alias has none. What was hidden for good counts in URIs of resources alone. */
function mayHoldForms({ bytes, book, place }: RestoreRequest): boolean {
  if (book?.hasAliases === true || findForms(bytes).length > 0 || indexOf(bytes, ESCAPED_UNIT) >= 0) return true
  return place.tool === undefined && indexOf(bytes, REDACTED_WORD) >= 0
}

interface Fault {
  readonly why: RestoreFault
  readonly id: string | undefined
}

/** What is written for a stand-in, and the value that is hidden from then on. */
interface Put {
  readonly row: HeldRow
  readonly put: string
  readonly value: string
}

class Plan {
  readonly #request: RestoreRequest
  readonly #edits: { start: number; end: number; put: Uint8Array }[] = []
  readonly #values = new Map<string, { entity: EntityName; value: string; id: string }>()

  constructor(request: RestoreRequest) {
    this.#request = request
  }

  add(leaf: Leaf): Fault | undefined {
    return leaf.kind === 'number' ? this.#addNumber(leaf) : this.#addText(leaf)
  }

  done(): RestorePlan {
    if (this.#edits.length === 0) return NONE
    const values = [...this.#values.values()]
    return { kind: 'restore', edits: this.#edits, values, ids: [...new Set(values.map(({ id }) => id))] }
  }

  /** A number bears no check characters, so it must be the whole argument, and a number again. */
  #addNumber(leaf: Leaf): Fault | undefined {
    const text = canonicalNumber(leaf.text)
    const row = this.#request.book?.findAlias(text)
    if (row === undefined) return undefined
    const value = row.aliases.get(text) ?? ''
    const why = this.#mayNot(row, leaf) ?? (isJsonNumber(value) ? undefined : 'number')
    if (why !== undefined) return { why, id: row.id }
    return this.#put(leaf, { row, value, put: value })
  }

  #addText(leaf: Leaf): Fault | undefined {
    const { text } = leaf
    if (REDACTED.test(text) && this.#isOwnUri(leaf)) return { why: 'redacted', id: undefined }
    const alias = this.#request.book?.findAlias(text)
    if (alias !== undefined) {
      const value = alias.aliases.get(text) ?? alias.value
      return this.#addWhole(leaf, { row: alias, put: value, value })
    }
    const bytes = encodeUtf8(text)
    const forms = findForms(bytes).filter((form) => !isAccident(bytes, form))
    const [first] = forms
    if (first === undefined) return undefined
    const read = this.#read(first, bytes)
    if (forms.length > 1 || first.start > 0 || ('end' in read && read.end < bytes.length))
      return this.#addInside(leaf, bytes, forms)
    return 'why' in read ? read : this.#addWhole(leaf, read)
  }

  #isOwnUri(leaf: Leaf): boolean {
    const { sinks, place } = this.#request
    return leaf.kind === 'string' && sinks.some((sink) => sink.isOwn && sink.isFor(place.tool) && leaf.isAt(sink.path))
  }

  #addWhole(leaf: Leaf, { row, value, put }: Put): Fault | undefined {
    const why = this.#mayNot(row, leaf)
    return why === undefined ? this.#put(leaf, { row, value, put }) : { why, id: row.id }
  }

  /** The text is written anew as a whole: what stands around the forms may be escaped, and is then escaped again. */
  #addInside(leaf: Leaf, bytes: Uint8Array, forms: readonly FormSpan[]): Fault | undefined {
    let put = ''
    let from = 0
    let last: Omit<Put, 'put'> | undefined
    for (const form of forms) {
      const read = this.#read(form, bytes)
      if ('why' in read) return read
      const { row, value, end } = read
      const span = spanIn(bytes, { start: form.start, end })
      const why = this.#mayNot(row, leaf) ?? this.#mayNotInside(read.put, leaf, span)
      if (why !== undefined) return { why, id: row.id }
      put += decodeUtf8(bytes, from, form.start) + read.put
      from = end
      last = { row, value }
      this.#note(row, value)
    }
    if (last === undefined) return undefined
    return this.#put(leaf, { ...last, put: put + decodeUtf8(bytes, from) })
  }

  /** What comes back for a form; of a mark of a spelling behind it, just that. */
  #read(form: FormSpan, bytes: Uint8Array): (Put & { readonly end: number }) | Fault {
    const row = this.#rowOf(form)
    if ('why' in row) return row
    const mark = leadingMark(decodeLatin1(bytes, form.end, Math.min(bytes.length, form.end + MARK_BYTES)))
    const spelling = mark === '' ? undefined : row.aliases.get(mark)
    return spelling === undefined
      ? { row, put: row.value, value: row.value, end: form.end }
      : { row, put: spelling, value: spelledValue(spelling), end: form.end + mark.length }
  }

  #rowOf({ form }: FormSpan): HeldRow | Fault {
    const { book } = this.#request
    if (form === undefined) return { why: 'damaged', id: undefined }
    const row = book?.find(form.id18)
    if (row !== undefined && (form.entity === undefined || form.entity === row.entity)) return row
    const isOurs = form.entity === undefined || book?.isGenuine(form.entity, form.id18) === true
    return { why: isOurs ? 'unknown' : 'damaged', id: isOurs ? form.id18 : undefined }
  }

  /** Rules 1, 3, 8, 9 and 12: who, from where, to where, how long. */
  #mayNot(row: HeldRow, leaf: Leaf): RestoreFault | undefined {
    const { place, sinks, nowMs } = this.#request
    const { upstream, group = [], isOpenWorld, isApproved, judged } = place
    if (row.expiresMs <= nowMs) return 'expired'
    const isHome = (origin: string) => origin === upstream || (group.includes(upstream) && group.includes(origin))
    if (!row.origins.some((origin) => isHome(origin.upstream))) return 'origin'
    if (leaf.kind === 'key' || !sinks.some((sink) => this.#isAt(sink, leaf))) return 'sink'
    if (judged.some((path) => leaf.isUnder(path))) return 'judged'
    return isOpenWorld && !isApproved ? 'approval' : undefined
  }

  #isAt({ isFor, path, isForm = false }: CompiledSink, leaf: Leaf): boolean {
    const { tool, forms } = this.#request.place
    if (isForm && !forms.some(({ start, end }) => start <= leaf.start && leaf.end <= end)) return false
    return isFor(tool) && leaf.isAt(path)
  }

  /** Rule 2: a quote that is put into SQL, HTML or a command line would be an injection. */
  #mayNotInside(value: string, leaf: Leaf, span: { start: number; end: number }): RestoreFault | undefined {
    const here = this.#request.sinks.filter((sink) => sink.within !== undefined && this.#isAt(sink, leaf))
    if (here.length === 0) return 'inside'
    const fitting = here.filter(({ within }) => within?.(value) === true)
    if (fitting.length === 0) return 'characters'
    return fitting.some((sink) => takesInside(sink, { ...span, text: leaf.text }, value)) ? undefined : 'url'
  }

  #put(leaf: Leaf, { row, value, put }: Put): Fault | undefined {
    this.#note(row, value)
    if (this.#values.size > RESTORED_MAX) return { why: 'too-many', id: undefined }
    const text = leaf.kind === 'number' ? put : escapedAt(put, leaf.level)
    this.#edits.push({ start: leaf.start, end: leaf.end, put: encodeUtf8(text) })
    return undefined
  }

  #note({ id, entity }: HeldRow, value: string): void {
    this.#values.set(`${id} ${value}`, { entity, value, id })
  }
}

/** Written as it stands between quotes: once in the message itself, once more for each text it lies in. */
function escapedAt(text: string, level: number): string {
  let written = text
  for (let i = 0; i <= level; i += 1) written = stringifyJson(written).slice(1, -1)
  return written
}

/**
 * A megabyte of base64url holds something like a mark once in a while. What is no surrogate, and is glued to the letters
 * before it, is text: nothing comes back from it.
 */
function isAccident(bytes: Uint8Array, { form, start }: FormSpan): boolean {
  return form === undefined && /[A-Za-z0-9_-]/.test(decodeLatin1(bytes, Math.max(0, start - 1), start))
}

/** Places of a form in the text, where they are known in its bytes. */
function spanIn(bytes: Uint8Array, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const before = decodeUtf8(bytes, 0, start).length
  return { start: before, end: before + decodeUtf8(bytes, start, end).length }
}

/** RFC 8259, section 6. */
function isJsonNumber(text: string): boolean {
  return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text)
}
