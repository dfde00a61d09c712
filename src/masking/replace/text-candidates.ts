import type { EntityName } from '../entities.ts'
import { isInGroup } from './entity-groups.ts'
import { type Format, isOfFormat, shapedText, type ShapedText, timeTexts } from './formats.ts'
import { blankOf, likenessOf } from './likeness.ts'
import type { Stand } from './stand.ts'

/** A text that may stand for a value, if everybody accepts it. */
export interface Candidate extends ShapedText {
  /** Made here and known as ours, so no detector need be asked. */
  readonly isOwn: boolean
}

export interface CandidatesFor {
  readonly entity: EntityName
  readonly text: string
  /** Of the whole text; undefined where it has none. */
  readonly format: Format | undefined
  /** Whether the value is all of the text that it stands in. */
  readonly isWhole: boolean
  /** Characters that the schema asks for, without what stands around the value. */
  readonly least: number
  readonly most: number
  readonly keepsYear: boolean
}

/** Tries to hit a pattern. */
const TRIES = 16
/** Characters of base32, 5 bits each: with fewer of them two values may get the same text. */
const ROOM_MIN = 18
/** Characters. Nobody gets a longer text for a value. */
const PADDED_MAX = 65_536

/** Texts for a value in a place that a schema speaks of, the best first. What stands for it is asked for when it is needed. */
export function* textCandidates(about: CandidatesFor, standOf: () => Stand): Generator<Candidate> {
  const { format, isWhole, text, keepsYear } = about
  if (format !== undefined && isWhole) {
    for (const time of timeTexts(format, text, { keepsYear })) yield { text: time, back: 'no', isOwn: true }
  }
  const stand = standOf()
  if (format !== undefined && isWhole) yield* own(shapedText(format, stand))
  yield { text: stand.plain, back: 'itself', isOwn: true }
  for (const shape of shapesOf(about)) {
    yield* own(shapedText(shape, stand))
    for (const time of timeTexts(shape, text, { keepsYear })) yield { text: time, back: 'no', isOwn: true }
  }
  yield* ofLength(about, stand)
  yield* alike(about, stand)
}

function* own(shaped: ShapedText | undefined): Generator<Candidate> {
  if (shaped !== undefined) yield { ...shaped, isOwn: true }
}

/** What the value itself is, though no schema says it: inside of a longer text, or where a pattern stands for a format. */
function shapesOf({ entity, text }: CandidatesFor): readonly Format[] {
  const shapes: Format[] = ['date', 'date-time', 'uuid', 'ipv4', 'ipv6']
  const seen = shapes.filter((shape) => isOfFormat(shape, text))
  if (entity === 'email') return ['email', ...seen]
  return entity === 'url' ? ['uri', ...seen] : seen
}

/** The bare characters, as many of them as there is room for, and more where more are asked for. */
function* ofLength({ least, most }: CandidatesFor, { characters, varies }: Stand): Generator<Candidate> {
  if (least > PADDED_MAX) return
  const back = varies && characters.length >= ROOM_MIN ? 'alias' : 'no'
  yield { text: characters, back, isOwn: false }
  if (least > characters.length) yield { text: characters.padEnd(least, 'x'), back, isOwn: false }
  if (most < characters.length) yield { text: characters.slice(0, Math.max(0, most)), back: 'no', isOwn: false }
}

/** Texts built like the value: what a pattern asks for is mostly that. */
function* alike({ entity, text }: CandidatesFor, { bits, varies }: Stand): Generator<Candidate> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (varies) {
      const keepsPrefix = attempt % 2 === 1 && hasPrefix(entity)
      const likeness = likenessOf(text, { seed: bits, attempt: attempt >> 1, keepsPrefix })
      if (likeness === undefined) return
      yield { text: likeness.text, back: likeness.room >= ROOM_MIN ? 'alias' : 'no', isOwn: false }
    } else {
      const blank = blankOf(text, attempt)
      if (blank === undefined) return
      yield { text: blank, back: 'no', isOwn: false }
    }
  }
}

/** Ids begin with a country or with what they are; of a name or an address the beginning is a part of it. */
function hasPrefix(entity: EntityName): boolean {
  return entity === 'iban' || entity === 'bank_account' || entity === 'field' || isInGroup(entity, 'national_ids')
}
