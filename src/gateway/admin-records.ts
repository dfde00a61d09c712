import { ownRecord } from './own-record.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { Entry } from '../audit/log.ts'
import type { JsonObject } from '../base/json.ts'
import type { CredentialChanges } from '../credentials/changes.ts'
import type { CredentialListing } from '../credentials/credential.ts'
import type { Policy } from '../policy/policy.ts'
import type { Maker } from './session-records.ts'

/** The user of the operating system as whom the gateway runs: whoever may write its files. */
export interface OsUser {
  /** Undefined where the system has no name for it. */
  readonly name: string | undefined
  readonly uid: number | undefined
}

/** What a gateway starts with: names and dates. */
export interface StartFacts {
  readonly by: OsUser
  readonly policy: string
  readonly connections: readonly string[]
  readonly credentials: readonly CredentialListing[]
}

/** The gateway takes calls from now on, under this policy. */
export function startedOf({ by, policy, connections, credentials }: StartFacts, maker: Maker): Entry<'admin.change'> {
  return changeOf(by, { what: 'start', policy, connections, credentials: credentials.map(dated) }, maker)
}

/** Somebody stored or removed credentials while the gateway ran. */
export function credentialsChangedOf(
  by: OsUser,
  { stored, removed }: CredentialChanges,
  maker: Maker,
): Entry<'admin.change'> {
  return changeOf(by, { what: 'credentials', stored: stored.map(dated), removed: removed.map(dated) }, maker)
}

/** Another policy is in force from now on. */
export function policyChangedOf(by: OsUser, before: Policy, after: Policy, maker: Maker): Entry<'policy.change'> {
  const change = { before: before.version, after: after.version, rules: after.rules.length, mode: after.mode }
  return entryOf('policy.change', by, change, maker)
}

function dated({ connection, name, kind, updatedMs }: CredentialListing): JsonObject {
  return { connection, name, kind, since: isoMicros(updatedMs * 1000) }
}

function changeOf(by: OsUser, change: JsonObject, maker: Maker): Entry<'admin.change'> {
  return entryOf('admin.change', by, change, maker)
}

function entryOf<Kind extends 'admin.change' | 'policy.change'>(
  kind: Kind,
  by: OsUser,
  change: JsonObject,
  maker: Maker,
): Entry<Kind> {
  return ownRecord(
    kind,
    {
      dir: 'gw',
      change: { ...change, os_user: by.name, os_uid: by.uid },
    },
    maker,
  )
}
