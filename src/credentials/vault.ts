import { createSecretKey, generateKeySync, type KeyObject } from 'node:crypto'
import { GatewayError } from '../base/assert.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { type CredentialKind, type CredentialListing, valueFault } from './credential.ts'
import type { MasterKey } from './master-key.ts'
import type { CredentialRows, StoredCredential, WrappedKey } from './rows.ts'
import { seal, unseal } from '../base/sealed-box.ts'
import { Secret } from './secret.ts'

export interface NewCredential {
  readonly name: string
  readonly kind: CredentialKind
  readonly value: string
}

export type SetOutcome = { readonly kind: 'stored' } | { readonly kind: 'refused'; readonly message: string }

/**
 * Keeps credentials encrypted: each connection has a data key, and the master key wraps the data keys. Nothing here gives
 * a value back but `load`, whose values are boxed.
 */
export class Vault {
  readonly #rows: CredentialRows
  readonly #master: MasterKey

  constructor(rows: CredentialRows, master: MasterKey) {
    this.#rows = rows
    this.#master = master
  }

  /** Stores or replaces a credential. Refuses a value that could not be sent or not be masked. */
  set(connection: string, credential: NewCredential, nowMs: number): SetOutcome {
    const { name, kind, value } = credential
    const fault = valueFault(kind, value)
    if (fault !== undefined) return { kind: 'refused', message: fault }
    const wrapped = this.#rows.read(connection)?.key ?? wrap(newDataKey(), connection, this.#master)
    const box = seal(
      unwrap(wrapped, connection, this.#master),
      encodeUtf8(value),
      context(connection, { name, kind, updatedMs: nowMs }),
    )
    this.#rows.write(connection, wrapped, { name, kind, updatedMs: nowMs, ...box })
    return { kind: 'stored' }
  }

  /** Names, kinds and dates; needs no key. */
  list(): readonly CredentialListing[] {
    return this.#rows.list()
  }

  /** False if there was none of that name. */
  remove(connection: string, name: string): boolean {
    return this.#rows.remove(connection, name)
  }

  /** All credentials of a connection. Throws `credential_unreadable` if one of them cannot be read: it is all or none. */
  load(connection: string): ReadonlyMap<string, Secret> {
    const stored = this.#rows.read(connection)
    if (stored === undefined) return new Map()
    const key = unwrap(stored.key, connection, this.#master)
    return new Map(stored.credentials.map((row) => [row.name, open(key, connection, row)]))
  }
}

/**
 * Wraps all data keys with a new master key, all or none; the credentials stay as they are. Safe to repeat after a crash.
 * Returns how many connections there are; throws `credential_unreadable` if the old key is not the one.
 */
export function rewrap(rows: CredentialRows, oldKey: MasterKey, newKey: MasterKey): number {
  return rows.rewrap((connection, wrapped) =>
    wrapped.masterKeyId === newKey.id ? wrapped : wrap(unwrap(wrapped, connection, oldKey), connection, newKey),
  )
}

function newDataKey(): KeyObject {
  return generateKeySync('aes', { length: 256 })
}

function wrap(dataKey: KeyObject, connection: string, master: MasterKey): WrappedKey {
  const bytes = dataKey.export()
  const box = seal(master.key, bytes, ['sallyport data key 1', connection])
  bytes.fill(0)
  return { ...box, masterKeyId: master.id }
}

function unwrap(wrapped: WrappedKey, connection: string, master: MasterKey): KeyObject {
  if (wrapped.masterKeyId !== master.id) {
    throw new GatewayError(
      'credential_unreadable',
      `The credentials of ${connection} are encrypted with the master key ${wrapped.masterKeyId}, and the configured one is ${master.id}; configure that key again, or set the credentials anew.`,
    )
  }
  const bytes = unseal(master.key, wrapped, ['sallyport data key 1', connection])
  if (bytes === undefined) throw altered(connection)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

function open(key: KeyObject, connection: string, row: StoredCredential): Secret {
  const bytes = unseal(key, row, context(connection, row))
  if (bytes === undefined) throw altered(`${row.name} of ${connection}`)
  const secret = new Secret(decodeUtf8(bytes))
  bytes.fill(0)
  return secret
}

/**
 * Everything a row says is under the tag, so rows can be neither swapped nor dated back nor given another use. The
 * connection's own key already tells connections apart; its name is the second lock.
 */
function context(connection: string, row: Pick<StoredCredential, 'name' | 'kind' | 'updatedMs'>): readonly string[] {
  return ['sallyport credential 1', connection, row.name, row.kind, `${row.updatedMs}`]
}

function altered(what: string): GatewayError {
  return new GatewayError(
    'credential_unreadable',
    `What is stored for ${what} was altered or damaged; restore control.db from a backup, or remove the credential and set it anew.`,
  )
}
