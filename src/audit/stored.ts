import { opens, type PartName } from './commitment.ts'
import { type EntryFields, FLAG } from './entry.ts'

/** Content of a part as it was found, and whether it is what the entry committed to. */
export interface StoredPart {
  readonly bytes: Uint8Array
  readonly opens: boolean
  /** What opens the commitment besides; it is handed on with the bytes, and only then (audit.md, 4.5). */
  readonly salt?: Uint8Array | undefined
}

/** `erased`: a tombstone covers it. `locked`: it is encrypted, and no key was given. `missing`: nothing explains it. */
export type Gone = 'erased' | 'locked' | 'missing'

/** A record as a reader finds it. */
export interface StoredRecord {
  readonly origin: string
  readonly seq: number
  readonly entry: EntryFields
  readonly leaf: Uint8Array
  readonly parts: Readonly<Partial<Record<PartName, StoredPart>>>
  /** The root written beside its commit is that of the entries up to there; of a sealed record, its leaf is in the tile. */
  readonly inTree: boolean
  /** Why a part that should be there is not in `parts`; undefined as long as all are. */
  readonly gone?: Gone | undefined
}

/** Those that are committed to and were never kept: longer than their class records. Said, and no finding. */
export function partsNotKept({ flags }: EntryFields): readonly PartName[] {
  if ((flags & FLAG.hashOnly) === 0) return []
  const request: readonly PartName[] = (flags & FLAG.request) === 0 ? [] : ['request']
  return (flags & FLAG.response) === 0 ? request : [...request, 'response']
}

/** Which parts should be there: those committed to, unless policy said that only the hash is kept. */
export function partsExpected({ flags }: EntryFields): readonly PartName[] {
  const hashOnly = (flags & FLAG.hashOnly) !== 0
  const names: PartName[] = ['envelope']
  if ((flags & FLAG.request) !== 0 && !hashOnly) names.push('request')
  if ((flags & FLAG.response) !== 0 && !hashOnly) names.push('response')
  return names
}

export function openPart(
  entry: EntryFields,
  part: PartName,
  of: { salt: Uint8Array; content: Uint8Array },
): StoredPart {
  const commitment = entry[part]
  return { bytes: of.content, opens: commitment !== undefined && opens(commitment, { part, ...of }), salt: of.salt }
}
