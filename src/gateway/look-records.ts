import { ownRecord } from './own-record.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import type { Micros } from '../base/clock.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import type { Maker } from './session-records.ts'

/** Somebody looked at the log, as a command left word. */
export interface SeenLook {
  readonly kind: 'replay.viewed' | 'export' | 'view'
  /** When they looked. */
  readonly at: Micros
  readonly view: JsonObject
}

/** Words that commands choose from, names that people gave, and numbers: nothing here is free text of a stranger. */
const FORMS: Readonly<Record<string, RegExp>> = {
  session: /^ses_[0-9a-f]{1,32}$/,
  what: /^(?:tail|sessions|search)$/,
  /** Names of fields that were asked for, without what was asked of them. */
  fields: /^[a-z,]{1,200}$/,
  format: /^[a-z]{1,20}$/,
  from: /^[\dTZ:.+hdmsw-]{1,40}$/,
  to: /^[\dTZ:.+hdmsw-]{1,40}$/,
  connection: /^[\w.-]{1,100}$/,
  decision: /^[a-z]{1,20}$/,
  kind: /^[a-z.]{1,40}$/,
  who: /^named$/,
  os_user: /^[\w.@\\-]{1,100}$/,
}

/** What does not have its form is left out, so that nobody writes what they like into the log by way of a file. */
export function lookOf({ at, kind, view }: SeenLook, maker: Maker): Entry<SeenLook['kind']> {
  const kept = Object.entries(view).filter(([key, value]) => isOfItsForm(key, value))
  return ownRecord(
    kind,
    {
      dir: 'gw',
      view: { ...Object.fromEntries(kept), looked: isoMicros(at) },
    },
    maker,
  )
}

function isOfItsForm(key: string, value: JsonValue | undefined): boolean {
  if (key === 'os_uid' || key === 'rows') return Number.isSafeInteger(value)
  return typeof value === 'string' && Object.hasOwn(FORMS, key) && FORMS[key]?.test(value) === true
}

export function isEntryTime(value: JsonValue | undefined): value is Micros {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
