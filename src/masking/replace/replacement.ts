import { assert } from '../../base/assert.ts'
import type { EntityName } from '../entities.ts'
import type { Book } from '../surrogates/book.ts'
import type { Action } from './actions.ts'
import { factsOf } from './entity-groups.ts'
import { isOfFormat } from './formats.ts'
import { redactedText } from './forms.ts'
import { canonicalNumber, numberSurrogate, oneWayNumber } from './numbers.ts'
import { partialOf } from './partial.ts'
import type { SchemaOfValue } from './schema-shape.ts'
import { type Stand, standFor } from './stand.ts'
import { type Candidate, textCandidates } from './text-candidates.ts'
import { SchemaPlace } from './with-schema.ts'

export interface ReplacementFor {
  readonly entity: EntityName
  /** What texts call the kind, where it is one of the configuration: lower-case letters and underscores. */
  readonly label?: string | undefined
  /** Neither `allow` nor `block`. */
  readonly action: Action
  readonly kind: 'string' | 'number' | 'literal' | 'key'
  /** The value without escapes; of a number or literal, the token. */
  readonly text: string
  /** What stands before and after the value in its string or key. */
  readonly around?: { readonly before: string; readonly after: string } | undefined
  readonly book: Book
  /** Tells keys of one object apart where nothing else does. */
  readonly ordinal: number
  /** Whether no detector reports a text or a number. Asked only of what cannot be told to be ours. */
  readonly isClean: (text: string) => boolean
  readonly schema?: SchemaOfValue | undefined
  /** Whether the rule wants `null` where it may stand. */
  readonly nulls?: boolean | undefined
}

export type Replacement =
  /** `isToken`: the text is a whole JSON token, not a part of a string. `restorable`: the book gives the value back for it. */
  | { readonly kind: 'put'; readonly text: string; readonly restorable: boolean; readonly isToken: boolean }
  /** The property is left out: nothing may stand there but the value. */
  | { readonly kind: 'drop' }
  /** Nothing of the result may pass. */
  | { readonly kind: 'impossible' }

/** What stands where a value stood, so that the message stays JSON and, where a schema is known, of its schema. */
export function replacementFor(request: ReplacementFor): Replacement {
  assert(request.action !== 'allow' && request.action !== 'block', 'only what is hidden gets a replacement')
  const place = request.schema === undefined ? undefined : new SchemaPlace(request.schema)
  if (request.nulls === true && request.kind !== 'key' && (place?.fits(null) ?? true)) return token('null', false)
  const put = putFor(request, place)
  if (put !== undefined) return put
  // Without a schema every property is optional, but only what is true or false has no other stand-in.
  const mayDrop = place === undefined ? request.kind === 'literal' : place.isOptional
  return mayDrop ? { kind: 'drop' } : { kind: 'impossible' }
}

type Put = Extract<Replacement, { kind: 'put' }>

function putFor(request: ReplacementFor, place: SchemaPlace | undefined): Put | undefined {
  switch (request.kind) {
    case 'string':
      return textFor(request, place)
    case 'key':
      return keyFor(request, place)
    case 'number':
      return numberFor(request, place)
    case 'literal':
      // Of three words each says all; `null` says that there is no value.
      return request.text === 'null' ? token('null', false) : undefined
  }
}

function token(text: string, restorable: boolean): Put {
  return { kind: 'put', text, restorable, isToken: true }
}

function part(text: string, restorable: boolean): Put {
  return { kind: 'put', text, restorable, isToken: false }
}

function textFor(request: ReplacementFor, place: SchemaPlace | undefined): Put | undefined {
  if (place === undefined && request.action !== 'partial') return plainFor(request)
  const { before, after } = request.around ?? NOTHING
  const fits = (text: string) => {
    const format = place?.format
    const whole = `${before}${text}${after}`
    return (format === undefined || isOfFormat(format, whole)) && (place?.fits(whole) ?? true)
  }
  return firstFit(request, place, fits)
}

/** As `firstFit` where any text will do: most values are in no schema. */
function plainFor(request: ReplacementFor): Put | undefined {
  const { plain, row } = standOfRequest(request)
  return plain === '' || plain === request.text ? undefined : part(plain, row !== undefined)
}

const NOTHING = { before: '', after: '' }

/** A key that two members had would be one member fewer for whoever reads it. */
function keyFor(request: ReplacementFor, place: SchemaPlace | undefined): Put | undefined {
  const { before, after } = request.around ?? NOTHING
  const fits = (text: string) => place?.fitsKey(`${before}${text}${after}`) ?? true
  if (request.action === 'partial' || standMaker(request)().varies) return firstFit(request, place, fits)
  const numbered = redactedText(labelOf(request), request.ordinal)
  return fits(numbered) ? part(numbered, false) : firstFit(request, place, fits)
}

function firstFit(
  request: ReplacementFor,
  place: SchemaPlace | undefined,
  fits: (text: string) => boolean,
): Put | undefined {
  const { action, text, isClean } = request
  if (action === 'partial') {
    const partial = partOf(request)
    if (partial !== text && fits(partial)) return part(partial, false)
  }
  const stand = standMaker(request)
  for (const candidate of candidatesFor(request, place, stand)) {
    if (candidate.text === '' || candidate.text === text || !fits(candidate.text)) continue
    if (!candidate.isOwn && !isClean(candidate.text)) continue
    const restorable = backOf(request, candidate, stand)
    if (restorable !== undefined) return part(candidate.text, restorable)
  }
  return undefined
}

function partOf({ entity, text, kind, ordinal }: ReplacementFor): string {
  const partial = partialOf(entity, text)
  return kind === 'key' ? `${partial}:${ordinal}` : partial
}

function candidatesFor(
  request: ReplacementFor,
  place: SchemaPlace | undefined,
  standOf: () => Stand,
): Iterable<Candidate> {
  const { entity, text, around, action, kind } = request
  const { before, after } = around ?? NOTHING
  if (place === undefined) return [{ text: standOf().plain, back: 'itself', isOwn: true }]
  const isKey = kind === 'key'
  const other = lengthOf(before) + lengthOf(after)
  return textCandidates(
    {
      entity,
      text,
      format: isKey ? undefined : place.format,
      isWhole: before === '' && after === '',
      least: isKey ? 0 : place.minLength - other,
      most: isKey ? Infinity : place.maxLength - other,
      keepsYear: action !== 'redact' && !factsOf(entity).isSecret,
    },
    standOf,
  )
}

/** As JSON Schema counts: code points. */
function lengthOf(text: string): number {
  return Array.from(text).length
}

/** Undefined where the text stands for another value already, so that it may not be used. */
function backOf({ book, text }: ReplacementFor, candidate: Candidate, standOf: () => Stand): boolean | undefined {
  if (candidate.back === 'no') return false
  const { row } = standOf()
  if (row === undefined || candidate.back === 'itself') return row !== undefined
  return book.alias(row, candidate.text, text) ? true : undefined
}

/** Numbers that a value must be one of so that it may come back: in fewer, a number that nobody hid is soon one of them. */
const NUMBERS_MIN = 10n ** 8n

function numberFor(request: ReplacementFor, place: SchemaPlace | undefined): Put | undefined {
  const { text, book } = request
  const limits = place?.numberLimits ?? {}
  const isUsable = (number: string) => request.isClean(number) && (place?.fits(Number(number)) ?? true)
  const { row, bits, varies } = standMaker(request)()
  const comesBack = (room: bigint) => row !== undefined && room >= NUMBERS_MIN
  const isFree = (number: string, room: bigint) =>
    row === undefined || !comesBack(room) || book.alias(row, canonicalNumber(number), text)
  if (varies) {
    const found = numberSurrogate(text, bits, (number, room) => isUsable(number) && isFree(number, room), limits)
    if (found !== undefined) return token(found.text, comesBack(found.room))
  }
  const oneWay = oneWayNumber(text, isUsable, limits)
  return oneWay === undefined ? undefined : token(oneWay, false)
}

function labelOf({ label, entity }: ReplacementFor): string {
  return label ?? entity
}

/** Minted at most once, and not at all where nothing asks for it. */
function standMaker(request: ReplacementFor): () => Stand {
  let stand: Stand | undefined
  return () => (stand ??= standOfRequest(request))
}

function standOfRequest(request: ReplacementFor): Stand {
  const { entity, action, text, book } = request
  return standFor({ entity, action, text, book, label: labelOf(request) })
}
