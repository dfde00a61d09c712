import type { CredentialListing } from './credential.ts'

/** What somebody did to the stored credentials between two looks. Names, kinds and dates; never a value. */
export interface CredentialChanges {
  /** New, or stored anew. */
  readonly stored: readonly CredentialListing[]
  readonly removed: readonly CredentialListing[]
}

/** Undefined where nothing changed. */
export function changesBetween(
  before: readonly CredentialListing[],
  after: readonly CredentialListing[],
): CredentialChanges | undefined {
  const stored = after.filter((one) => !before.some((other) => isSame(one, other) && one.updatedMs === other.updatedMs))
  const removed = before.filter((one) => !after.some((other) => isSame(one, other)))
  return stored.length === 0 && removed.length === 0 ? undefined : { stored, removed }
}

function isSame(a: CredentialListing, b: CredentialListing): boolean {
  return a.connection === b.connection && a.name === b.name && a.kind === b.kind
}
