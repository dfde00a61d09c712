import { type ClassTerms, STANDARD_TERMS } from '../audit/retention-class.ts'
import { nameGlob } from '../base/name-glob.ts'
import { DAY_MS, DURATION_PATTERN, KIB, MIB, parseDuration, parseSize, SECOND_MS, SIZE_PATTERN } from '../base/units.ts'
import type { Schema } from '../policy/check-shape.ts'
import type { Mistake } from '../policy/mistake.ts'
import type { Labels } from '../policy/rule.ts'
import type { MainFile } from './main-file.ts'
import { duration, list, map, object } from './schema-parts.ts'

/** How long records are kept, and how. */
export interface RetentionConfig {
  /** A segment that is older is ended, so that it can be sealed. */
  readonly sealAfterMs: number
  /** Most that sealed records may take; undefined: as much as the disk has. */
  readonly capBytes: number | undefined
  /** In the order of the file; `standard` is always there. */
  readonly classes: readonly ClassConfig[]
}

export interface ClassConfig {
  readonly name: string
  readonly terms: ClassTerms
  /** Names of connections, with `*`. */
  readonly connections: readonly string[]
  readonly labels: Labels
}

export interface RetentionEntry {
  readonly cap?: string
  readonly classes?: Readonly<Record<string, ClassEntry>>
}

interface ClassEntry {
  readonly payload?: string
  readonly index?: string
  readonly entries?: string
  readonly encrypt?: boolean
  readonly keys?: 'session' | 'class'
  readonly on_full?: ClassTerms['onFull']
  readonly max_body?: string
  readonly over_limit?: ClassTerms['overLimit']
  readonly connections?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
}

export const STANDARD = 'standard'
const SEAL_AFTER = '5m'

/** `seal_after` stands beside the size of a segment. */
export function sealAfterSchema(): Schema {
  return duration('A segment with records for a pack is ended after so long, so that they are sealed.', SEAL_AFTER)
}

export function retentionSchema(): Schema {
  return {
    cap: {
      type: 'string',
      pattern: SIZE_PATTERN,
      description: 'Most that sealed records may take, such as 200GiB; beyond it is as a full disk. Default: the disk.',
    },
    classes: {
      type: 'object',
      propertyNames: { pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
      additionalProperties: classSchema(),
      properties: { [STANDARD]: classSchema() },
      description:
        'Retention classes by name. standard is for what no other class takes; further ones have the same keys.',
    },
  }
}

function classSchema(): Schema {
  return object(
    {
      payload: time('How long content is kept.', '400d'),
      index: time('How long it can be searched; at most payload.', '400d'),
      entries: time('How long entries are kept, by which records are proven; at least payload.', '400d'),
      encrypt: { type: 'boolean', description: 'Whether packs are encrypted. Default: true.' },
      keys: {
        enum: ['session', 'class'],
        default: 'session',
        description: 'A key for each session, so that one can be shredded, or one for all, which is smaller.',
      },
      on_full: {
        enum: ['reject-new', 'drop-oldest-payload'],
        default: 'reject-new',
        description: 'When room runs out: refuse calls, or let the oldest content of this class go, on record.',
      },
      max_body: {
        type: 'string',
        pattern: SIZE_PATTERN,
        default: '64MiB',
        description: 'Largest request or reply that is recorded; at least 1KiB.',
      },
      over_limit: {
        enum: ['block', 'hash-only'],
        default: 'block',
        description: 'A larger one does not pass, or it passes and only its hash is kept, on record as such.',
      },
      connections: list(
        { type: 'string', minLength: 1 },
        'Connections whose records are of this class, by name, with *.',
      ),
      labels: map('Connections with all of these labels are of this class too.'),
    },
    { description: 'How long records of this class are kept, and how.' },
  )
}

function time(description: string, value: string): Schema {
  return { type: 'string', pattern: DURATION_PATTERN, default: value, description }
}

export function readRetention(main: MainFile, mistakes: Mistake[]): RetentionConfig {
  const { document, entry } = main
  const { cap, classes = {}, segment } = entry.audit ?? {}
  const sealAfterMs = parseDuration(segment?.seal_after ?? SEAL_AFTER) ?? 0
  const capBytes = cap === undefined ? undefined : parseSize(cap)
  if (sealAfterMs < SECOND_MS)
    mistakes.push(document.at(['audit', 'segment', 'seal_after'], 'this must be at least 1s'))
  if (capBytes !== undefined && capBytes < MIB)
    mistakes.push(document.at(['audit', 'cap'], 'this must be at least 1MiB'))
  const all = Object.entries(classes).map(([name, one]) => toClass(name, one))
  for (const one of all) checkClass(main, one, mistakes)
  const standard = all.some(({ name }) => name === STANDARD) ? [] : [toClass(STANDARD, {})]
  return { sealAfterMs, capBytes, classes: [...standard, ...all] }
}

/** Class of the records of a connection: the first that names it, or whose labels it has. */
export function classNameOf(classes: readonly ClassConfig[], connection: { name: string; labels: Labels }): string {
  const found = classes.find(({ connections, labels }) => {
    const wanted = Object.entries(labels)
    const labelled = wanted.length > 0 && wanted.every(([key, value]) => connection.labels[key] === value)
    return labelled || connections.some((glob) => nameGlob(glob)(connection.name))
  })
  return found?.name ?? STANDARD
}

function toClass(name: string, entry: ClassEntry): ClassConfig {
  const payloadDays = daysOf(entry.payload) ?? STANDARD_TERMS.payloadDays
  return {
    name,
    terms: {
      payloadDays,
      indexDays: daysOf(entry.index) ?? Math.min(payloadDays, STANDARD_TERMS.indexDays),
      entryDays: daysOf(entry.entries) ?? Math.max(payloadDays, STANDARD_TERMS.entryDays),
      encrypt: entry.encrypt ?? true,
      keys: entry.keys ?? 'session',
      onFull: entry.on_full ?? 'reject-new',
      maxBodyBytes: parseSize(entry.max_body ?? '') ?? STANDARD_TERMS.maxBodyBytes,
      overLimit: entry.over_limit ?? 'block',
    },
    connections: entry.connections ?? [],
    labels: entry.labels ?? {},
  }
}

function checkClass({ document }: MainFile, { name, terms }: ClassConfig, mistakes: Mistake[]): void {
  const { entryDays, indexDays, payloadDays } = terms
  const at = (key: string) => ['audit', 'classes', name, key] as const
  if (![entryDays, indexDays, payloadDays].every((days) => Number.isInteger(days) && days >= 1))
    mistakes.push(document.at(at('payload'), 'payload, index and entries must be whole days, at least 1d'))
  if (terms.maxBodyBytes < KIB) mistakes.push(document.at(at('max_body'), 'this must be at least 1KiB'))
  if (indexDays > payloadDays)
    mistakes.push(document.at(at('index'), 'the index would outlive the content', 'index must be at most payload'))
  if (payloadDays > entryDays)
    mistakes.push(document.at(at('entries'), 'content would outlive its proof', 'entries must be at least payload'))
}

function daysOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text)
  return ms === undefined ? undefined : ms / DAY_MS
}
