import { ENTITY_NAMES, type EntityId, entityId } from '../entities.ts'
import { DIGIT } from '../scan/bytes-tables.ts'
import { lowered, raised } from './collector.ts'
import type { Columns } from './columns.ts'
import type { Finding } from './finding.ts'
import { contextInside, contextNear, deniedInside, deniedNear, type Words } from './near.ts'
import { ownName } from './own-name.ts'

/**
 * What keys around a value say of it. `kind`: a word of its kind in any of them; `denial`: a word in the key of just this value
 * that speaks against its being somebody's. Undefined where there is none. Asked only where it would decide.
 */
export type KeyContext = (words: Words, finding: Finding, about: 'kind' | 'denial') => string | undefined

export interface Weighing {
  readonly words: Words
  readonly keyContext: KeyContext
  readonly columns: Columns
}

const FIRST_ID = entityId('national_id')
const LAST_ID = entityId('ph_mobile')
const CARD = entityId('credit_card')
/** What was found by its key or its prefix needs no word. */
const WEIGHED: ReadonlySet<Finding['by']> = new Set(['shape', 'checksum', 'pattern'])

/** A finding with what stands near it: words of its kind raise its score to `least`, words against it lower it below. */
export function weighed(finding: Finding, weighing: Weighing, least: number): Finding {
  return WEIGHED.has(finding.by) ? lower(raise(finding, weighing, least), weighing, least) : finding
}

function raise(finding: Finding, weighing: Weighing, least: number): Finding {
  if (finding.score >= least) return finding
  const word = wordOfKind(finding, weighing)
  return word === undefined ? finding : { ...finding, word, score: Math.min(1, raised(finding.score)) }
}

function wordOfKind(finding: Finding, { words, keyContext, columns }: Weighing): string | undefined {
  const near = contextNear(words, finding, finding.entity) ?? keyContext(words, finding, 'kind')
  if (near !== undefined) return near
  const head = columns.headOf(finding)
  return head && contextInside(words, head, finding.entity)
}

function lower(finding: Finding, weighing: Weighing, least: number): Finding {
  const { score, entity, word } = finding
  if (score < least || word !== undefined || !isDeniable(entity) || lowered(score) >= least) return finding
  const denied = entity === CARD ? cardDenial(finding, weighing) : denial(finding, weighing)
  if (denied === undefined || wordOfKind(finding, weighing) !== undefined) return finding
  return { ...finding, denied, score: lowered(score) }
}

/** Numbers look like one another. A secret or an e-mail address looks like nothing else, whatever stands near it. */
function isDeniable(entity: EntityId): boolean {
  return entity === CARD || (entity >= FIRST_ID && entity <= LAST_ID) || entity >= ENTITY_NAMES.length
}

function denial(finding: Finding, weighing: Weighing): string | undefined {
  return deniedNear(weighing.words, finding) ?? namedDenial(finding, weighing)
}

/** People write of orders and of the cards they were paid with in one breath, so only the very name of a number denies a card. */
function cardDenial(finding: Finding, weighing: Weighing): string | undefined {
  return isInGroups(weighing.words.view.bytes, finding) ? undefined : namedDenial(finding, weighing)
}

/** The key, the column or the name before it says that it is the number of something else. */
function namedDenial(finding: Finding, { words, keyContext, columns }: Weighing): string | undefined {
  const ofKey = keyContext(words, finding, 'denial')
  if (ofKey !== undefined) return ofKey
  const name = ownName(words.view, finding) ?? columns.headOf(finding)
  return name && deniedInside(words, name)
}

function isInGroups(bytes: Uint8Array, { start, end }: Finding): boolean {
  for (let at = start; at < end; at++) if (DIGIT[bytes[at] ?? 0] === 0) return true
  return false
}
