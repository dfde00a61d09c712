import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'

/** What one key of a month opens: all of a class in blocks of its days. */
export interface ClassMonth {
  readonly retentionClass: number
  /** `2026-11` */
  readonly month: string
}

/** As a request or a plan keeps it. */
export function classMonthJson({ month, retentionClass }: ClassMonth): JsonObject {
  return { class: retentionClass, month }
}

export function readClassMonth(value: JsonValue | undefined): ClassMonth | undefined {
  if (!isObject(value)) return undefined
  const { class: retentionClass, month } = value
  return typeof retentionClass === 'number' && typeof month === 'string' ? { retentionClass, month } : undefined
}
