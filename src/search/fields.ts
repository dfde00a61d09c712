import { ENTRY_KINDS } from '../audit/entry.ts'

/** Fields that a record has values in. */
export const VALUE_FIELDS = [
  'who',
  'group',
  'client',
  'agent',
  'behalf',
  'ip',
  'connection',
  'server',
  'label',
  'tool',
  'resource',
  'method',
  'target',
  'session',
  'trace',
  'id',
  'stream',
  'kind',
  'decision',
  'policy',
  'rule',
  'approver',
  'entity',
  'status',
  'is',
  'has',
  'tag',
] as const
export const NUMBER_FIELDS = ['seq', 'rows', 'bytes', 'latency'] as const
export const TIME_FIELDS = ['after', 'before', 'during'] as const

export type ValueField = (typeof VALUE_FIELDS)[number]
export type NumberField = (typeof NUMBER_FIELDS)[number]
export type TimeField = (typeof TIME_FIELDS)[number]
export type FieldName = ValueField | NumberField | TimeField | 'text'

const ALIASES: Readonly<Record<string, FieldName>> = { user: 'who', conn: 'connection', class: 'entity' }

/** Fields whose values are all known, so that another one is a mistake and not an empty answer. */
export const CLOSED: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  kind: Object.keys(ENTRY_KINDS),
  decision: ['allow', 'deny', 'approve', 'error'],
  is: ['masked', 'denied', 'error', 'approved', 'truncated', 'erased', 'held', 'shadow'],
  has: ['body', 'approval', 'alert'],
}

export const FIELD_NAMES: readonly FieldName[] = [...VALUE_FIELDS, ...NUMBER_FIELDS, ...TIME_FIELDS, 'text']

/** The field of that name or alias, in any letter case. */
export function fieldNamed(typed: string): FieldName | undefined {
  const name = typed.toLowerCase()
  return FIELD_NAMES.find((one) => one === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined)
}

/** What may be written for a field, for suggestions. */
export const ALL_NAMES: readonly string[] = [...FIELD_NAMES, ...Object.keys(ALIASES)]

export function isValueField(field: FieldName): field is ValueField {
  return VALUE_FIELDS.some((name) => name === field)
}

export function isNumberField(field: FieldName): field is NumberField {
  return NUMBER_FIELDS.some((name) => name === field)
}

export function isTimeField(field: FieldName): field is TimeField {
  return TIME_FIELDS.some((name) => name === field)
}
