import type { CredentialKind, CredentialListing } from './credential.ts'
import type { SealedBox } from '../base/sealed-box.ts'

/** The data key of a connection, wrapped by a master key. */
export interface WrappedKey extends SealedBox {
  readonly masterKeyId: string
}

export interface StoredCredential extends SealedBox {
  readonly name: string
  readonly kind: CredentialKind
  readonly updatedMs: number
}

/** What a store keeps for the vault: ciphertext only. Every method is one transaction, durable when it returns. */
export interface CredentialRows {
  /** Undefined where the connection has no credential. */
  read(connection: string): { readonly key: WrappedKey; readonly credentials: readonly StoredCredential[] } | undefined
  list(): readonly CredentialListing[]
  /** Adds or replaces a credential, and puts the connection's key if it has none. */
  write(connection: string, key: WrappedKey, credential: StoredCredential): void
  /** The connection's key goes with its last credential. False if there was none of that name. */
  remove(connection: string, name: string): boolean
  /** Changes all keys or, if `change` throws, none. How many there are. */
  rewrap(change: (connection: string, key: WrappedKey) => WrappedKey): number
}
