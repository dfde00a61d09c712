import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { type EntryFields, ENTRY_KINDS } from './entry.ts'
import { openPart } from './stored.ts'
import type { RecordFound } from './verify.ts'

/** What a record of the log about itself says, where it opens; undefined for every other kind. */
export function ownSaid({ parts }: RecordFound, entry: EntryFields): JsonObject | undefined {
  const ofItself = ENTRY_KINDS[entry.kind] <= ENTRY_KINDS['node.leave'] || entry.kind === 'retention.run'
  if (!ofItself || parts.envelope === undefined) return undefined
  if (!openPart(entry, 'envelope', parts.envelope).opens) return undefined
  try {
    const said = parseJson(parts.envelope.content)
    return isObject(said) ? said : undefined
  } catch {
    return undefined
  }
}
